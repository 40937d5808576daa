import {
  type Abi,
  BaseError,
  type ContractEventName,
  HttpRequestError,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
  RpcError,
} from 'viem'
import { gamesAbi, marketAbi } from './generated/abi.ts'
import type { MarketRules } from './rules.ts'

type EventsOf<A extends Abi> = ParseEventLogsReturnType<A, ContractEventName<A>, true>[number]

/** An event of a market or of its games. */
export type MarketEvent = EventsOf<typeof marketAbi> | EventsOf<typeof gamesAbi>

/** A range of blocks, and how many of them one query spans at most. */
export interface BlockRange {
  readonly from: bigint
  readonly to: bigint
  readonly perQuery: bigint
}

const EVENTS = [...marketAbi, ...gamesAbi].filter(({ type }) => type === 'event')

/** The events of a range of blocks, in chain order. */
export async function readEvents(
  client: PublicClient,
  { market, games }: Pick<MarketRules, 'market' | 'games'>,
  range: BlockRange,
): Promise<MarketEvent[]> {
  const logs = await inPieces(range, (fromBlock, toBlock) =>
    client.getLogs({ address: [market, games], fromBlock, toBlock }),
  )
  return parseEventLogs({ abi: EVENTS, logs, strict: true })
}

/** What the queries for parts of a range give, in order. A query that the node refuses is asked again for half the blocks. */
export async function inPieces<T>(
  { from: first, to, perQuery }: BlockRange,
  query: (from: bigint, to: bigint) => Promise<readonly T[]>,
): Promise<T[]> {
  const found: T[] = []
  let blocks = perQuery
  for (let from = first; from <= to; ) {
    const last = from + blocks - 1n < to ? from + blocks - 1n : to
    try {
      for (const item of await query(from, last)) found.push(item)
      from = last + 1n
      blocks = blocks * 2n < perQuery ? blocks * 2n : perQuery
    } catch (error) {
      if (last === from || !isRefusal(error)) throw error
      blocks = (last - from + 1n) / 2n
    }
  }
  return found
}

/** Nodes have no common words for too many blocks or logs; but a refusal, unlike a lost connection, is an answer. */
const isRefusal = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk((cause) => cause instanceof RpcError || (cause instanceof HttpRequestError && isTooMuch(cause))) !== null

/** 400 and 413; not 429, which asks for fewer queries. */
const isTooMuch = ({ status }: HttpRequestError): boolean => status === 400 || status === 413
