import { type Address, encodeFunctionData, type Hex, type PublicClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { type BlockRange, gamesAbi, type MarketRules, marketAbi, type Reader } from '../protocol/index.ts'
import type { History, RawLog, Storage, Transaction } from './history.ts'

/** Questions that are asked at a time. */
const BATCH = 8

/** Where a history is read from. */
export interface Source {
  readonly client: PublicClient
  readonly reader: Reader
  readonly rules: MarketRules
  readonly head: History['head']
  readonly range: BlockRange
}

/** What the events of a task speak of. */
export interface Ids {
  readonly values: readonly Hash[]
  readonly entries: readonly Hash[]
  readonly owners: ReadonlyMap<Hash, { readonly owner: Address; readonly value: Hash }>
  readonly games: readonly Hash[]
}

/** Time of each block that has one of the logs. */
export async function timesOf({ client }: Source, logs: readonly RawLog[]): Promise<Map<bigint, bigint>> {
  const blocks = [...new Set(logs.map(({ block }) => block))]
  return new Map(
    await inBatches(blocks, async (blockNumber) => {
      const { timestamp } = await client.getBlock({ blockNumber })
      return [blockNumber, timestamp] as const
    }),
  )
}

/** The transactions of the logs. */
export async function transactionsOf({ client }: Source, logs: readonly RawLog[]): Promise<Map<Hash, Transaction>> {
  const hashes = [...new Set(logs.map(({ transaction }) => transaction))]
  return new Map(
    await inBatches(hashes, async (hash) => {
      const [{ input }, { gasUsed: gas }] = await Promise.all([
        client.getTransaction({ hash }),
        client.getTransactionReceipt({ hash }),
      ])
      return [hash, { input, gas }] as const
    }),
  )
}

/** Asks for some at a time: one after the other takes long, all at once is more than nodes like. */
async function inBatches<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const found: R[] = []
  for (let at = 0; at < items.length; at += BATCH)
    found.push(...(await Promise.all(items.slice(at, at + BATCH).map(ask))))
  return found
}

/** What the contracts keep at the head. */
export async function storageOf({ client, rules, head }: Source, task: Hash, ids: Ids): Promise<Storage> {
  const read = async (to: Address, data: Hex) => {
    const answer = await client.call({ to, data, blockNumber: head.number })
    return answer.data ?? '0x'
  }
  const all = async (keys: readonly Hash[], to: Address, dataOf: (key: Hash) => Hex) =>
    Object.fromEntries(await inBatches(keys, async (key) => [key, await read(to, dataOf(key))] as const))
  const abi = marketAbi
  return {
    task: await read(rules.market, encodeFunctionData({ abi, functionName: 'taskOf', args: [task] })),
    values: await all(ids.values, rules.market, (value) =>
      encodeFunctionData({ abi, functionName: 'valueOf', args: [task, value] }),
    ),
    entries: await all(ids.entries, rules.market, (entry) => {
      const claim = ids.owners.get(entry) as { owner: Address; value: Hash }
      return encodeFunctionData({ abi, functionName: 'entryOf', args: [task, claim] })
    }),
    payouts: await all(ids.entries, rules.market, (entry) =>
      encodeFunctionData({ abi, functionName: 'payoutOf', args: [entry] }),
    ),
    games: await all(ids.games, rules.games, (game) =>
      encodeFunctionData({ abi: gamesAbi, functionName: 'standing', args: [game] }),
    ),
  }
}
