import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, type Hex, type PublicClient, parseEventLogs } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { type ArenaEvent, arenaAbi } from '../../protocol/index.ts'
import { present } from './failure.ts'

/** A mined transaction, with what the arena told in it. */
export interface Transaction {
  readonly hash: Hash
  readonly block: bigint
  /** Time of its block, seconds. */
  readonly time: bigint
  readonly from: Address
  readonly to: Address | null
  readonly data: Hex
  readonly gas: bigint
  readonly reverted: boolean
  readonly events: readonly ArenaEvent[]
}

type EventName = ArenaEvent['eventName']
export type Args<Name extends EventName> = Extract<ArenaEvent, { eventName: Name }>['args']

/** An event, and the transaction it came from. */
export interface Told<Name extends EventName> {
  readonly args: Args<Name>
  readonly transaction: Transaction
}

/** All events of one name, in chain order. */
export const told = <Name extends EventName>(history: readonly Transaction[], name: Name): Told<Name>[] =>
  history.flatMap((transaction) =>
    transaction.events
      .filter(({ eventName }) => eventName === name)
      .map(({ args }) => ({ args: args as Args<Name>, transaction })),
  )

/** The first event of a name. */
export const toldFirst = <Name extends EventName>(history: readonly Transaction[], name: Name): Told<Name> =>
  present('events', `event ${name}`, told(history, name)[0])

/** Transactions of a block. */
async function transactionsOf(client: PublicClient, arena: Address, blockNumber: bigint): Promise<Transaction[]> {
  const { timestamp, transactions } = await client.getBlock({ blockNumber, includeTransactions: true })
  return Promise.all(
    transactions.map(async ({ hash, from, to, input }) => {
      const { gasUsed, status, logs } = await client.getTransactionReceipt({ hash })
      const own = logs.filter(({ address }) => address.toLowerCase() === arena.toLowerCase())
      const events = parseEventLogs({ abi: arenaAbi, logs: own, strict: true })
      const mined = { hash, block: blockNumber, time: timestamp, from, to, data: input, gas: gasUsed }
      return { ...mined, reverted: status === 'reverted', events }
    }),
  )
}

/** The players are alive, but none of them sends anything. */
export class NothingMined extends Error {
  override readonly name = 'NothingMined'
  readonly patienceMs: number
  constructor(patienceMs: number) {
    super(`nothing was mined for ${patienceMs / 1000} s`)
    this.patienceMs = patienceMs
  }
}

export interface FollowOptions {
  readonly client: PublicClient
  readonly arena: Address
  readonly fromBlock: bigint
  /** Called while waiting; throws to end it. */
  readonly assertAlive: () => void
  /** Longest wait for the next transaction. */
  readonly patienceMs: number
}

const POLL_MS = 25

/** Transactions in chain order, as they are mined. */
export async function* follow(options: FollowOptions): AsyncGenerator<Transaction> {
  const { client, arena, fromBlock, assertAlive, patienceMs } = options
  let next = fromBlock
  let last = performance.now()
  for (;;) {
    const head = await client.getBlockNumber({ cacheTime: 0 })
    for (; next <= head; next++) {
      yield* await transactionsOf(client, arena, next)
      last = performance.now()
    }
    assertAlive()
    if (performance.now() - last > patienceMs) {
      throw new NothingMined(patienceMs)
    }
    await sleep(POLL_MS)
  }
}
