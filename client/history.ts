import { type ContractEventName, numberToHex, type ParseEventLogsReturnType, parseEventLogs, type RpcLog } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { inPieces, marketAbi } from '../protocol/index.ts'
import type { Context } from './context.ts'

type MarketAbi = typeof marketAbi

/** An event of the market about one task. */
export type TaskEvent = ParseEventLogsReturnType<MarketAbi, ContractEventName<MarketAbi>, true>[number]

type Named<Name extends TaskEvent['eventName']> = Extract<TaskEvent, { eventName: Name }>

/** All that the market told of a task in a range of blocks, in chain order. Other tasks' events are not read. */
export async function taskEvents(context: Context, task: Hash, from: bigint, to: bigint): Promise<TaskEvent[]> {
  const { publicClient, market: address, blocksPerQuery: perQuery } = context
  const logs = await inPieces({ from, to, perQuery }, (first, last): Promise<RpcLog[]> => {
    const range = { fromBlock: numberToHex(first), toBlock: numberToHex(last) }
    return publicClient.request({ method: 'eth_getLogs', params: [{ address, topics: [null, task], ...range }] })
  })
  const events = parseEventLogs({ abi: marketAbi, logs, strict: true })
  return events
}

/** The events of one name. */
export const named = <Name extends TaskEvent['eventName']>(events: readonly TaskEvent[], name: Name): Named<Name>[] =>
  events.filter((event): event is Named<Name> => event.eventName === name)
