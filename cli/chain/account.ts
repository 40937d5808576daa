import type { Address } from 'viem'
import { vaultAbi } from '../../protocol/index.ts'
import { etherText, timeText } from '../amounts.ts'
import { count } from '../text.ts'
import type { Connection } from './connection.ts'
import type { Rows } from './report.ts'
import type { Token } from './token.ts'

const GWEI = 10n ** 9n

/** What an owner has in the vault. */
export interface Account {
  readonly owner: Address
  /** Units of the token. */
  readonly free: bigint
  readonly locked: bigint
  /** `readyAt` in seconds; 0 where nothing unbonds. */
  readonly unbonding: { readonly amount: bigint; readonly readyAt: number }
  /** Wei. */
  readonly ether: bigint
  /** Units behind one entry. */
  readonly bond: bigint
  /** Of the latest block, in seconds. */
  readonly time: number
}

export async function accountOf({ client, deployment }: Connection, owner: Address): Promise<Account> {
  const vault = { address: deployment.addresses.vault, abi: vaultAbi, args: [owner] } as const
  const [{ free, locked, gweiFree }, unbonding, { timestamp }] = await Promise.all([
    client.readContract({ ...vault, functionName: 'accountOf' }),
    client.readContract({ ...vault, functionName: 'unbondingOf' }),
    client.getBlock(),
  ])
  const { bond } = deployment.rules
  return { owner, free, locked, unbonding, ether: gweiFree * GWEI, bond, time: Number(timestamp) }
}

export function accountRows(account: Account, token: Token): Rows {
  const { owner, free, locked, ether, bond } = account
  return [
    ['owner', owner],
    ['free', `${token.text(free)}, enough for ${entries(free / bond)}`],
    ['locked', token.text(locked)],
    ['unbonding', unbondingText(account, token)],
    ['ether', etherText(ether)],
  ]
}

const entries = (number: bigint): string => (number === 1n ? '1 entry' : `${count(number)} entries`)

function unbondingText({ unbonding: { amount, readyAt }, time }: Account, token: Token): string {
  if (amount === 0n) return 'nothing'
  return `${token.text(amount)}, ${readyAt <= time ? 'ready to be paid out' : `ready at ${timeText(readyAt)}`}`
}
