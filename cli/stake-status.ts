import type { Command } from 'commander'
import type { Address } from 'viem'
import { parseAbiItem } from 'viem'
import { vaultAbi } from '../protocol/index.ts'
import { accountOf, accountRows } from './chain/account.ts'
import { type Connection, connect } from './chain/connection.ts'
import { readAccount } from './chain/key.ts'
import { sinceDeployment } from './chain/logs.ts'
import { parseAddress, type SignerOptions, signing } from './chain/options.ts'
import { printReport } from './chain/report.ts'
import { readToken } from './chain/token.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** A key that acts for an owner. Amounts in units of the token. */
interface Operator {
  readonly operator: Address
  readonly cap: bigint
  /** Locked now, or lost since the cap was set. */
  readonly used: bigint
}

const OPERATOR_SET = parseAbiItem('event OperatorSet(address indexed owner, address indexed operator, uint256 cap)')

export function addStatus(stake: Command, finish: (code: ExitCode) => void): void {
  signing(stake.command('status'))
    .summary('what an owner has in the vault')
    .description('Free, locked and unbonding stake, ether, and the operators of an owner.')
    .argument('[owner]', 'the owner (default: the account of the key)', parseAddress)
    .action(async (owner: Address | undefined, options: SignerOptions) => finish(await status(owner, options)))
}

async function status(given: Address | undefined, options: SignerOptions): Promise<ExitCode> {
  const owner = given ?? readAccount(options.keyFile).address
  const connection = await connect(options)
  const [account, operators, token] = await Promise.all([
    accountOf(connection, owner),
    operatorsOf(connection, owner),
    readToken(connection.client, connection.deployment.addresses.token),
  ])
  await printReport(options.json, { ...account, operators }, [
    ...accountRows(account, token),
    ...operators.map(
      ({ operator, cap, used }) => ['operator', `${operator}, ${token.text(used)} of ${token.text(cap)} used`] as const,
    ),
  ])
  return EXIT.OK
}

/** All that may act for an owner now, in the order in which they were first set. */
async function operatorsOf(connection: Connection, owner: Address): Promise<readonly Operator[]> {
  const { client, deployment } = connection
  const { vault } = deployment.addresses
  const query = { address: vault, event: OPERATOR_SET, args: { owner }, strict: true } as const
  const logs = await sinceDeployment(connection, (fromBlock, toBlock) =>
    client.getLogs({ ...query, fromBlock, toBlock }),
  )
  const known = [...new Set(logs.map(({ args }) => args.operator))]
  const grants = await Promise.all(
    known.map(async (operator) => {
      const call = { address: vault, abi: vaultAbi, functionName: 'operatorOf', args: [owner, operator] } as const
      const [cap, used] = await client.readContract(call)
      return { operator, cap, used }
    }),
  )
  return grants.filter(({ cap }) => cap > 0n)
}
