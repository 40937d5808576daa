import {
  type Address,
  BaseError,
  type ContractEventName,
  HttpRequestError,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
  RpcError,
} from 'viem'
import { arenaAbi } from './generated/abi.ts'

type ArenaAbi = typeof arenaAbi

/** An event of an arena, its games or its escrow. */
export type ArenaEvent = ParseEventLogsReturnType<ArenaAbi, ContractEventName<ArenaAbi>, true>[number]

/** The events of a range of blocks, in chain order. A query that the node refuses is asked again for half the blocks. */
export async function readEvents(
  client: PublicClient,
  address: Address,
  fromBlock: bigint,
  toBlock: bigint,
  blocksPerQuery: bigint,
): Promise<ArenaEvent[]> {
  const events: ArenaEvent[] = []
  let blocks = blocksPerQuery
  for (let from = fromBlock; from <= toBlock; ) {
    const last = from + blocks - 1n < toBlock ? from + blocks - 1n : toBlock
    try {
      const logs = await client.getLogs({ address, fromBlock: from, toBlock: last })
      for (const event of parseEventLogs({ abi: arenaAbi, logs, strict: true })) events.push(event)
      from = last + 1n
      blocks = blocks * 2n < blocksPerQuery ? blocks * 2n : blocksPerQuery
    } catch (error) {
      if (last === from || !isRefusal(error)) throw error
      blocks = (last - from + 1n) / 2n
    }
  }
  return events
}

/** Nodes have no common words for too many blocks or logs; but a refusal, unlike a lost connection, is an answer. */
const isRefusal = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk((cause) => cause instanceof RpcError || (cause instanceof HttpRequestError && isTooMuch(cause))) !== null

/** 400 and 413; not 429, which asks for fewer queries. */
const isTooMuch = ({ status }: HttpRequestError): boolean => status === 400 || status === 413
