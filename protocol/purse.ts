import type { Address, Hex, PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { type Fees, limitedFees, marketFees, raisedFees } from './fees.ts'

/** What is left to the actions after the ones sent. */
export interface Purse {
  nonce: number
  ether: bigint
  readonly fees: Fees
  /** Whether its nonces are those of transactions that wait in vain. */
  readonly replaces: boolean
}

/** A transaction that was sent and is not mined. */
interface Flight {
  readonly hash: Hash
  readonly nonce: number
  /** What it offers for a unit of gas, at most. */
  readonly maxFeePerGas: bigint
}

/** Knows what an account has sent and not seen mined, and what the next transaction needs. */
export interface Purser {
  open(): Promise<Purse>
  /** The transaction by which this call waits already, if any. */
  waiting(data: Hex): Hash | undefined
  /** Whether that offers all that the account may offer, so that nothing can replace it. */
  isAtLimit(data: Hex): boolean
  sent(data: Hex, hash: Hash, purse: Purse): void
  mined(data: Hex): void
}

/** A transaction that was passed over by so many blocks offers too little. */
const PATIENT_BLOCKS = 3n

/** No transaction of the account ever offers more than `limit` for a unit of gas. */
export function createPurser(client: PublicClient, address: Address, limit: bigint): Purser {
  const flights = new Map<Hex, Flight>()
  /** Since which block the oldest transaction under way has been this one. */
  let oldest = { nonce: -1, since: 0n }
  let paid: Fees | undefined

  async function open(): Promise<Purse> {
    const [mined, pending, ether, { baseFeePerGas, number }, tip] = await Promise.all([
      client.getTransactionCount({ address, blockTag: 'latest' }),
      client.getTransactionCount({ address, blockTag: 'pending' }),
      client.getBalance({ address }),
      client.getBlock(),
      client.estimateMaxPriorityFeePerGas(),
    ])
    const market = limitedFees(marketFees(baseFeePerGas ?? 0n, tip), limit)
    for (const [data, { nonce }] of flights) if (nonce < mined) flights.delete(data)
    // A node may leave out of its count what it does not expect in the next block.
    const next = Math.max(pending, ...[...flights.values()].map(({ nonce }) => nonce + 1))
    if (next <= mined) paid = undefined
    if (next <= mined || oldest.nonce !== mined) oldest = { nonce: mined, since: number }
    const cannotRaise = paid !== undefined && paid.maxFeePerGas >= limit
    if (cannotRaise || number - oldest.since < PATIENT_BLOCKS) {
      return { nonce: next, ether, fees: market, replaces: false }
    }
    // All that is decided now was decided without those that wait: what is still wanted is among it.
    flights.clear()
    oldest = { nonce: mined, since: number }
    paid = limitedFees(raisedFees(paid ?? market, market), limit)
    return { nonce: mined, ether, fees: paid, replaces: true }
  }

  return {
    open,
    mined: (data) => void flights.delete(data),
    isAtLimit: (data) => (flights.get(data)?.maxFeePerGas ?? 0n) >= limit,
    waiting: (data) => flights.get(data)?.hash,
    sent(data, hash, { nonce, fees }) {
      flights.set(data, { hash, nonce, maxFeePerGas: fees.maxFeePerGas })
      if (paid === undefined || paid.maxFeePerGas < fees.maxFeePerGas) paid = fees
    },
  }
}
