import type { Command } from 'commander'
import { type Address, encodeFunctionData } from 'viem'
import { vaultAbi } from '../protocol/index.ts'
import { parseDecimal } from './amounts.ts'
import { connectToSign } from './chain/connection.ts'
import { parseAddress, type SignerOptions, signing } from './chain/options.ts'
import { printReport } from './chain/report.ts'
import { send } from './chain/sending.ts'
import { readToken } from './chain/token.ts'
import { UsageRefused } from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'

interface OperatorOptions extends SignerOptions {
  readonly cap?: string
  readonly revoke?: boolean
}

export function addOperator(stake: Command, finish: (code: ExitCode) => void): void {
  signing(stake.command('operator'))
    .summary('let a key act for you, or no longer')
    .description('Lets another account play for the owner of the key; it never takes anything out.')
    .argument('<address>', 'the account', parseAddress)
    .option('--cap <tokens>', 'the most that it may have locked, and lose, from now on', parseDecimal)
    .option('--revoke', 'it may do nothing any more')
    .action(async (address: Address, options: OperatorOptions) => finish(await setOperator(address, options)))
}

async function setOperator(operator: Address, options: OperatorOptions): Promise<ExitCode> {
  const { cap: wanted, revoke, json } = options
  if ((wanted === undefined) === (revoke === undefined))
    throw new UsageRefused('neither or both of --cap and --revoke', 'give one of them')
  const connection = await connectToSign(options)
  const { vault, token: address } = connection.deployment.addresses
  const token = await readToken(connection.client, address)
  const cap = wanted === undefined ? 0n : token.parse(wanted)
  if (cap === 0n && !revoke) throw new UsageRefused('a cap of 0 allows nothing', 'use --revoke for that')
  const data = encodeFunctionData({ abi: vaultAbi, functionName: 'setOperator', args: [operator, cap] })
  const { transactionHash: hash } = await send(connection, 'the operator', { to: vault, data })
  const owner = connection.wallet.account.address
  await printReport(json, { owner, operator, cap, hash }, [
    ['owner', owner],
    ['operator', operator],
    ['cap', revoke ? 'none: it may do nothing any more' : token.text(cap)],
    ['done', hash],
  ])
  return EXIT.OK
}
