import {
  type Abi,
  type AbiParameter,
  type Address,
  type ContractEventName,
  decodeEventLog,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  type ParseEventLogsReturnType,
} from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { gamesAbi, type MarketRules, marketAbi, vaultAbi } from '../protocol/index.ts'
import { ForgedHistory, type Where } from './errors.ts'

/** A log as a chain keeps it. */
export interface RawLog {
  readonly address: Address
  readonly topics: readonly Hash[]
  readonly data: Hex
  readonly block: bigint
  readonly index: number
  readonly transaction: Hash
}

/** What is kept of a transaction. */
export interface Transaction {
  readonly input: Hex
  readonly gas: bigint
}

/** What the contracts keep at the head, as they return it: by task, value, entry and game. */
export interface Storage {
  readonly task: Hex
  readonly values: Readonly<Record<Hash, Hex>>
  readonly entries: Readonly<Record<Hash, Hex>>
  readonly payouts: Readonly<Record<Hash, Hex>>
  readonly games: Readonly<Record<Hash, Hex>>
}

/** All that a chain knows of a task. Nothing of it is checked. */
export interface History {
  readonly rules: MarketRules
  readonly task: Hash
  /** The block up to which it was read. */
  readonly head: { readonly number: bigint; readonly hash: Hash; readonly timestamp: bigint }
  /** Time of each block that has a log. */
  readonly times: ReadonlyMap<bigint, bigint>
  /** Of the market about the task, of its games, and of the vault about its stakes, in chain order. */
  readonly logs: readonly RawLog[]
  readonly transactions: ReadonlyMap<Hash, Transaction>
  readonly storage: Storage
  /** The module of its program, if somebody told it on chain. */
  readonly module: Uint8Array | undefined
}

type LogOf<A extends Abi> = ParseEventLogsReturnType<A, ContractEventName<A>, true>[number]
type Told<Log> = Log extends { eventName: infer Name; args: infer Args }
  ? { readonly name: Name; readonly args: Args }
  : never

type MarketEvent = Told<LogOf<typeof marketAbi>> & { readonly source: 'market' }
type GamesEvent = Told<LogOf<typeof gamesAbi>> & { readonly source: 'games' }
type VaultEvent = Told<LogOf<typeof vaultAbi>> & { readonly source: 'vault' }

/** An event, and where it stands in the chain. */
export type HistoryEvent = (MarketEvent | GamesEvent | VaultEvent) &
  Where & { readonly time: bigint; readonly transaction: Hash }

export type EventName = HistoryEvent['name']
export type Named<Name extends EventName> = Extract<HistoryEvent, { name: Name }>
export type ArgsOf<Name extends EventName> = Named<Name>['args']

/**
 * The events of a history, in the order of a chain and in the form in which the contracts emit them.
 * @throws ForgedHistory
 */
export function eventsOf(history: History): HistoryEvent[] {
  const events = history.logs.map((log) => decoded(history, log))
  const transactions = new Set<Hash>()
  for (const [i, event] of events.entries()) requireAfter(events[i - 1], event, transactions)
  const last = events.at(-1)
  const { number, timestamp } = history.head
  if (last !== undefined && (last.block > number || last.time > timestamp)) {
    throw new ForgedHistory('order', last, `the head is block ${number} of second ${timestamp}`)
  }
  return events
}

/** Events of a block have rising indices; those of a transaction stand together, in one block. */
function requireAfter(before: HistoryEvent | undefined, event: HistoryEvent, transactions: Set<Hash>): void {
  const isNew = before?.transaction !== event.transaction
  if (isNew && transactions.has(event.transaction)) {
    throw new ForgedHistory('order', event, `transaction ${event.transaction} was over`)
  }
  transactions.add(event.transaction)
  if (before === undefined) return
  const { block, index, time } = before
  const follows = event.block > block ? event.time >= time && isNew : event.block === block && event.index > index
  if (!follows)
    throw new ForgedHistory('order', event, `it cannot follow ${before.name} in block ${block}, log ${index}`)
}

function decoded({ rules, times, transactions }: History, log: RawLog): HistoryEvent {
  const { block, index, transaction } = log
  const where = { name: 'a log', block, index }
  const time = times.get(block)
  if (time === undefined) throw new ForgedHistory('order', where, `block ${block} has no time`)
  if (!transactions.has(transaction)) throw new ForgedHistory('order', where, `there is no transaction ${transaction}`)
  const [source, abi] = contractOf(rules, log.address) ?? []
  if (abi === undefined) throw new ForgedHistory('encoding', where, `${log.address} is no contract of the market`)
  const { name, args } = decodedBy(abi, log, where)
  return { source, name, args, block, index, time, transaction } as unknown as HistoryEvent
}

const contractOf = ({ market, games, vault }: MarketRules, address: Address) =>
  [
    ['market', marketAbi, market] as const,
    ['games', gamesAbi, games] as const,
    ['vault', vaultAbi, vault] as const,
  ].find(([, , contract]) => contract.toLowerCase() === address.toLowerCase())

/** What a log says, if it says it in the one form that a contract gives it. */
export function decodedBy(abi: Abi, { topics, data }: RawLog, where: Where) {
  try {
    const [signature, ...rest] = topics
    if (signature === undefined) throw new Error('it has no topics')
    const told = decodeEventLog({ abi, topics: [signature, ...rest], data, strict: true }) as unknown as Decoded
    const again = encoded(abi, told.eventName, told.args)
    if (again.data !== data || again.topics.join() !== topics.join()) throw new Error('it is encoded in another form')
    return { name: told.eventName, args: told.args }
  } catch (error) {
    throw new ForgedHistory('encoding', where, error instanceof Error ? error.message : String(error))
  }
}

/** Topics and data of an event. */
export function encoded(abi: Abi, eventName: string, args: Readonly<Record<string, unknown>>) {
  const event = abi.find((item) => item.type === 'event' && item.name === eventName)
  const inputs = event !== undefined && 'inputs' in event ? (event.inputs as readonly EventInput[]) : []
  const plain = inputs.filter(({ indexed }) => indexed !== true)
  return {
    topics: encodeEventTopics({ abi, eventName, args }) as Hash[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name ?? '']),
    ),
  }
}

interface Decoded {
  readonly eventName: string
  readonly args: Readonly<Record<string, unknown>>
}

type EventInput = AbiParameter & { readonly indexed?: boolean }
