import type { Address, Hex, TransactionReceipt } from 'viem'
import { failureOf, NodeFailed, NotEnoughEther } from '../../protocol/index.ts'
import type { SigningConnection } from './connection.ts'
import { Reverted, Unconfirmed } from './errors.ts'
import { untilMined } from './waiting.ts'

export interface Transaction {
  readonly to: Address
  readonly data: Hex
  /** Wei. */
  readonly value?: bigint
}

/** What to do before sending a transaction again that may be mined. */
export const LOOK = 'see what became of it before you send another one'

/** Estimates hold for the state they are made on; storage that warms or cools by then moves them by less. */
const GAS_MARGIN_PERCENT = 25n

/**
 * Simulates a call, sends it and waits until it is mined.
 * @param what it does, for people
 * @throws SimulationRefused, NotEnoughEther, NodeFailed, Reverted, Unconfirmed
 */
export async function send(
  { client, wallet }: Pick<SigningConnection, 'client' | 'wallet'>,
  what: string,
  { value = 0n, ...call }: Transaction,
): Promise<TransactionReceipt> {
  const { account } = wallet
  const ether = await client.getBalance({ address: account.address })
  // Nodes refuse the simulation too, but each in its own words.
  if (ether < value) throw new NotEnoughEther(ether, value)
  const asked = { account, ...call, value }
  await client.call(asked).catch(fail)
  const estimate = await client.estimateGas(asked).catch(fail)
  const gas = estimate + (estimate * GAS_MARGIN_PERCENT) / 100n
  const fees = await client.estimateFeesPerGas()
  const cost = gas * fees.maxFeePerGas + value
  if (ether < cost) throw new NotEnoughEther(ether, cost)
  const hash = await wallet.sendTransaction({ ...asked, ...fees, gas, chain: null }).catch((error: unknown) => {
    const failure = failureOf(error)
    throw failure instanceof NodeFailed ? new Unconfirmed({ what, hash: undefined, next: LOOK }, failure) : failure
  })
  const receipt = await untilMined({ what, hash, next: LOOK }, () => client.waitForTransactionReceipt({ hash }))
  if (receipt.status !== 'success') throw new Reverted(what, hash)
  return receipt
}

function fail(error: unknown): never {
  throw failureOf(error)
}
