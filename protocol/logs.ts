import {
  type Abi,
  BaseError,
  type ContractEventName,
  getAbiItem,
  HttpRequestError,
  type Log,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
  RpcError,
} from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { gamesAbi, marketAbi } from './generated/abi.ts'
import type { MarketRules } from './rules.ts'

type EventsOf<A extends Abi> = ParseEventLogsReturnType<A, ContractEventName<A>, true>[number]

/** An event of a market or of its games, but for the places of inputs: those change nothing, and are read on demand. */
export type MarketEvent = Exclude<EventsOf<typeof marketAbi>, { eventName: 'InputLocated' }> | EventsOf<typeof gamesAbi>

/** A range of blocks, and how many of them one query spans at most. */
export interface BlockRange {
  readonly from: bigint
  readonly to: bigint
  readonly perQuery: bigint
}

const isEvent = <Item extends { type: string }>(item: Item): item is Extract<Item, { type: 'event' }> =>
  item.type === 'event'

const MARKET_EVENTS = marketAbi.filter(isEvent).filter((event) => event.name !== 'InputLocated')
const GAMES_EVENTS = gamesAbi.filter(isEvent)
const EVENTS = [...MARKET_EVENTS, ...GAMES_EVENTS]

/** The events of a range of blocks, in chain order. */
export async function readEvents(
  client: PublicClient,
  { market, games }: Pick<MarketRules, 'market' | 'games'>,
  range: BlockRange,
): Promise<MarketEvent[]> {
  const address = [market, games]
  const ofBlock = async (block: bigint): Promise<Log[]> => {
    const at = { fromBlock: block, toBlock: block }
    const kinds = [
      ...MARKET_EVENTS.map((event) => client.getLogs({ address: market, event, ...at })),
      ...GAMES_EVENTS.map((event) => client.getLogs({ address: games, event, ...at })),
    ]
    const logs: Log<bigint, number, false>[] = (await Promise.all(kinds)).flat()
    return logs.sort((a, b) => a.logIndex - b.logIndex)
  }
  const logs = await inPieces<Log>(
    range,
    (fromBlock, toBlock) => client.getLogs({ address, events: EVENTS, fromBlock, toBlock }),
    ofBlock,
  )
  return parseEventLogs({ abi: EVENTS, logs, strict: true })
}

/** A market takes no more with one request. */
const MAX_URIS = 8

/** Where a request says that its input can be had; told in the block of the request. */
export async function readUris(
  client: PublicClient,
  { market }: Pick<MarketRules, 'market'>,
  task: Hash,
  block: bigint,
): Promise<string[]> {
  const event = getAbiItem({ abi: marketAbi, name: 'InputLocated' })
  const at = { fromBlock: block, toBlock: block }
  const logs = await client.getLogs({ address: market, event, args: { task }, strict: true, ...at })
  return logs.slice(0, MAX_URIS).map(({ args }) => args.uri)
}

/**
 * What the queries for parts of a range give, in order. A query that the node refuses is asked again for half the blocks;
 * one for a single block is left to `ofBlock`, which asks for less of it.
 */
export async function inPieces<T>(
  { from: first, to, perQuery }: BlockRange,
  query: (from: bigint, to: bigint) => Promise<readonly T[]>,
  ofBlock?: (block: bigint) => Promise<readonly T[]>,
): Promise<T[]> {
  const found: T[] = []
  let blocks = perQuery
  for (let from = first; from <= to; ) {
    const last = from + blocks - 1n < to ? from + blocks - 1n : to
    const isOne = last === from
    try {
      const items = await query(from, last).catch((error: unknown) => {
        if (isOne && ofBlock !== undefined && isRefusal(error)) return ofBlock(from)
        throw error
      })
      for (const item of items) found.push(item)
      from = last + 1n
      blocks = blocks * 2n < perQuery ? blocks * 2n : perQuery
    } catch (error) {
      if (isOne || !isRefusal(error)) throw error
      blocks = (last - from + 1n) / 2n
    }
  }
  return found
}

/** Nodes have no common words for too many blocks or logs; but a refusal, unlike a lost connection, is an answer. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk((cause) => cause instanceof RpcError || (cause instanceof HttpRequestError && isTooMuch(cause))) !== null

/** 400 and 413; not 429, which asks for fewer queries. */
const isTooMuch = ({ status }: HttpRequestError): boolean => status === 400 || status === 413
