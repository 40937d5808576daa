import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Abi,
  type Address,
  type ContractEventName,
  type Hex,
  isAddressEqual,
  type Log,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
} from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { gamesAbi, marketAbi, registryAbi, vaultAbi } from '../../protocol/index.ts'
import { dappAbi } from './dapp.ts'
import { present } from './failure.ts'
import type { Market } from './market.ts'

type EventOf<A extends Abi> = ParseEventLogsReturnType<A, ContractEventName<A>, true>[number]

/** An event of a contract on the stage. */
export type ChainEvent =
  | EventOf<typeof marketAbi>
  | EventOf<typeof gamesAbi>
  | EventOf<typeof vaultAbi>
  | EventOf<typeof registryAbi>
  | EventOf<typeof dappAbi>

/** A mined transaction, with what the contracts told in it. */
export interface Transaction {
  readonly hash: Hash
  readonly block: bigint
  /** Time of its block, seconds. */
  readonly time: bigint
  readonly from: Address
  readonly to: Address | null
  readonly data: Hex
  readonly value: bigint
  readonly gas: bigint
  readonly reverted: boolean
  /** The contract that it made. */
  readonly created: Address | null
  readonly events: readonly ChainEvent[]
}

export type EventName = ChainEvent['eventName']
export type Args<Name extends EventName> = Extract<ChainEvent, { eventName: Name }>['args']

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

/** The last transaction. */
export const lastOf = (history: readonly Transaction[]): Transaction => present('events', 'transaction', history.at(-1))

/** The events among logs; of what other contracts tell, the token above all, nothing is kept. */
function eventsOf({ rules: { market, games, vault, registry }, consumer }: Market, logs: Log[]): ChainEvent[] {
  const from = (contract: Address) => logs.filter(({ address }) => isAddressEqual(address, contract))
  return [
    ...parseEventLogs({ abi: marketAbi, logs: from(market), strict: true }),
    ...parseEventLogs({ abi: gamesAbi, logs: from(games), strict: true }),
    ...parseEventLogs({ abi: vaultAbi, logs: from(vault), strict: true }),
    ...parseEventLogs({ abi: registryAbi, logs: from(registry), strict: true }),
    ...parseEventLogs({ abi: dappAbi, logs: from(consumer), strict: true }),
  ].sort((a, b) => a.logIndex - b.logIndex)
}

/** Transactions of a block. */
export async function transactionsOf(
  client: PublicClient,
  market: Market,
  blockNumber: bigint,
): Promise<Transaction[]> {
  const { timestamp, transactions } = await client.getBlock({ blockNumber, includeTransactions: true })
  return Promise.all(
    transactions.map(async ({ hash, from, to, input, value }) => {
      const { gasUsed, status, logs, contractAddress } = await client.getTransactionReceipt({ hash })
      const mined = { hash, block: blockNumber, time: timestamp, from, to, data: input, value, gas: gasUsed }
      const created = contractAddress ?? null
      return { ...mined, created, reverted: status === 'reverted', events: eventsOf(market, logs) }
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
  readonly market: Market
  readonly fromBlock: bigint
  /** Called while waiting; throws to end it. */
  readonly assertAlive: () => void
  /** Longest wait for the next transaction. */
  readonly patienceMs: number
}

const POLL_MS = 25

/** Transactions in chain order, as they are mined. */
export async function* follow(options: FollowOptions): AsyncGenerator<Transaction> {
  const { client, market, fromBlock, assertAlive, patienceMs } = options
  let next = fromBlock
  let last = performance.now()
  for (;;) {
    const head = await client.getBlockNumber({ cacheTime: 0 })
    for (; next <= head; next++) {
      yield* await transactionsOf(client, market, next)
      last = performance.now()
    }
    assertAlive()
    if (performance.now() - last > patienceMs) throw new NothingMined(patienceMs)
    await sleep(POLL_MS)
  }
}
