import type { Command } from 'commander'
import { type Address, encodeFunctionData, erc20Abi, type Hex } from 'viem'
import { tokenAbi, vaultAbi } from '../protocol/index.ts'
import { etherText, parseDecimal, parseWei, timeText } from './amounts.ts'
import { type Account, accountOf, accountRows } from './chain/account.ts'
import { connectToSign, type SigningConnection } from './chain/connection.ts'
import { NotEnough, NothingToDo } from './chain/errors.ts'
import { parseAddress, type SignerOptions, signing } from './chain/options.ts'
import { permit } from './chain/permit.ts'
import { printReport } from './chain/report.ts'
import { send } from './chain/sending.ts'
import { readToken, type Token } from './chain/token.ts'
import { UsageRefused } from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { addOperator } from './operator.ts'
import { addStatus } from './stake-status.ts'

interface DepositOptions extends SignerOptions {
  readonly ether?: bigint
  readonly owner?: Address
}

interface WithdrawOptions extends SignerOptions {
  readonly ether?: bigint
  readonly to?: Address
  readonly cancel?: boolean
}

export function addStake(program: Command, finish: (code: ExitCode) => void): void {
  const stake = program
    .command('stake')
    .summary('tokens and ether in the vault')
    .description('Puts tokens and ether into the vault, takes them out, and shows what is there.')
  signing(stake.command('deposit'))
    .summary('put tokens and ether in')
    .description('Makes tokens free stake, in one transaction where the token has permits, and adds ether.')
    .argument('[tokens]', 'how many tokens', parseDecimal)
    .option('--ether <amount>', 'ether to put in as well, such as 0.1eth', parseWei)
    .option('--owner <address>', 'whose it shall be (default: the account’s own)', parseAddress)
    .action(async (tokens: string | undefined, options: DepositOptions) => finish(await deposit(tokens, options)))
  signing(stake.command('withdraw'))
    .summary('unbond tokens; take tokens and ether out')
    .description('Begins to unbond tokens, pays out those that have unbonded, and pays out ether.')
    .argument('[tokens]', 'how many more tokens shall unbond; all that unbonds waits anew', parseDecimal)
    .option('--ether <amount>', 'ether to pay out, such as 0.1eth', parseWei)
    .option('--to <address>', 'who is paid (default: the account itself)', parseAddress)
    .option('--cancel', 'make all that unbonds free stake again')
    .action(async (tokens: string | undefined, options: WithdrawOptions) => finish(await withdraw(tokens, options)))
  addStatus(stake, finish)
  addOperator(stake, finish)
}

/** What a command did, in the order of its transactions. */
class Deeds {
  readonly transactions: { readonly what: string; readonly hash: Hex }[] = []
  readonly #connection: SigningConnection

  constructor(connection: SigningConnection) {
    this.#connection = connection
  }

  async call(what: string, to: Address, data: Hex, value = 0n): Promise<void> {
    const { transactionHash } = await send(this.#connection, what, { to, data, value })
    this.transactions.push({ what, hash: transactionHash })
  }
}

async function deposit(amount: string | undefined, options: DepositOptions): Promise<ExitCode> {
  const { ether, json } = options
  if (amount === undefined && ether === undefined) throw nothingNamed('deposit')
  const connection = await connectToSign(options)
  const { client, wallet, deployment } = connection
  const { token: tokenAddress, vault } = deployment.addresses
  const owner = options.owner ?? wallet.account.address
  const token = await readToken(client, tokenAddress)
  const deeds = new Deeds(connection)
  if (amount !== undefined) await depositTokens(connection, token, owner, token.parse(amount), deeds)
  if (ether !== undefined) {
    const data = encodeFunctionData({ abi: vaultAbi, functionName: 'depositEther', args: [owner] })
    await deeds.call(`${etherText(ether)} put in`, vault, data, ether)
  }
  await report(json, token, deeds, await accountOf(connection, owner))
  return EXIT.OK
}

async function depositTokens(
  { client, wallet, deployment }: SigningConnection,
  token: Token,
  owner: Address,
  amount: bigint,
  deeds: Deeds,
): Promise<void> {
  const { vault } = deployment.addresses
  const args = [wallet.account.address] as const
  const has = await client.readContract({ address: token.address, abi: tokenAbi, functionName: 'balanceOf', args })
  if (has < amount)
    throw new NotEnough(
      `${wallet.account.address} has ${token.text(has)}, ${token.text(amount)} are asked for`,
      `send it some: the token is ${token.address}`,
    )
  const what = `${token.text(amount)} made free stake`
  const permitted = await permit(client, wallet, token.address, vault, amount)
  if (permitted === undefined) {
    const approval = { abi: erc20Abi, functionName: 'approve', args: [vault, amount] } as const
    await deeds.call(`${token.text(amount)} approved`, token.address, encodeFunctionData(approval))
    await deeds.call(what, vault, encodeFunctionData({ abi: vaultAbi, functionName: 'deposit', args: [owner, amount] }))
  } else {
    const { deadline, v, r, s } = permitted
    const call = { functionName: 'depositWithPermit', args: [owner, amount, deadline, v, r, s] } as const
    await deeds.call(what, vault, encodeFunctionData({ abi: vaultAbi, ...call }))
  }
}

async function withdraw(amount: string | undefined, options: WithdrawOptions): Promise<ExitCode> {
  const { ether, cancel, json } = options
  if (cancel && amount !== undefined)
    throw new UsageRefused('--cancel with an amount', 'unbond tokens, or stop unbonding: not both at once')
  const connection = await connectToSign(options)
  const { wallet, deployment } = connection
  const { vault } = deployment.addresses
  const owner = wallet.account.address
  const to = options.to ?? owner
  const token = await readToken(connection.client, deployment.addresses.token)
  const deeds = new Deeds(connection)
  if (cancel)
    await deeds.call('unbonding cancelled', vault, encodeFunctionData({ abi: vaultAbi, functionName: 'rebond' }))
  else await withdrawTokens(connection, token, to, amount, ether !== undefined, deeds)
  if (ether !== undefined) await withdrawEther(connection, to, ether, deeds)
  await report(json, token, deeds, await accountOf(connection, owner))
  return EXIT.OK
}

/** Pays out what has unbonded; then begins to unbond, if an amount is given. */
async function withdrawTokens(
  connection: SigningConnection,
  token: Token,
  to: Address,
  amount: string | undefined,
  isForEther: boolean,
  deeds: Deeds,
): Promise<void> {
  const { vault } = connection.deployment.addresses
  const account = await accountOf(connection, connection.wallet.account.address)
  const { free, unbonding, time } = account
  const wanted = amount === undefined ? 0n : token.parse(amount)
  if (wanted > free)
    throw new NotEnough(
      `${token.text(free)} are free stake, ${token.text(wanted)} are asked for`,
      'locked stake is freed when its tasks are over: substep stake status',
    )
  if (unbonding.amount > 0n && unbonding.readyAt <= time) {
    const data = encodeFunctionData({ abi: vaultAbi, functionName: 'withdraw', args: [to] })
    await deeds.call(`${token.text(unbonding.amount)} paid out to ${to}`, vault, data)
  } else if (wanted === 0n && !isForEther) throw tooEarly(token, account)
  if (wanted === 0n) return
  const data = encodeFunctionData({ abi: vaultAbi, functionName: 'unbond', args: [wanted] })
  await deeds.call(`${token.text(wanted)} began to unbond`, vault, data)
}

async function withdrawEther(connection: SigningConnection, to: Address, ether: bigint, deeds: Deeds): Promise<void> {
  const { ether: has } = await accountOf(connection, connection.wallet.account.address)
  if (has < ether)
    throw new NotEnough(`${etherText(has)} are in the vault, ${etherText(ether)} are asked for`, 'ask for less')
  const data = encodeFunctionData({ abi: vaultAbi, functionName: 'withdrawEther', args: [to, ether] })
  await deeds.call(`${etherText(ether)} paid out to ${to}`, connection.deployment.addresses.vault, data)
}

function tooEarly(token: Token, { unbonding, free }: Account): Error {
  if (unbonding.amount === 0n)
    return new NothingToDo('nothing unbonds', `say how many tokens shall: ${token.text(free)} are free stake`)
  return new NothingToDo(
    `${token.text(unbonding.amount)} unbond until ${timeText(unbonding.readyAt)}`,
    'withdraw again from then on',
  )
}

const nothingNamed = (command: string) =>
  new UsageRefused(`nothing to ${command}`, `give a number of tokens, --ether, or both`)

function report(json: boolean | undefined, token: Token, { transactions }: Deeds, account: Account): Promise<void> {
  return printReport(json, { transactions, account }, [
    ...transactions.map(({ what, hash }) => ['done', `${what}: ${hash}`] as const),
    ...accountRows(account, token),
  ])
}
