import type { Address, Hex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { MarketRules, Phases, Request, Seat, Turn, Verdict } from '../protocol/index.ts'
import { verdictAt } from '../protocol/index.ts'
import { type Breach, ForgedHistory } from './errors.ts'
import type { ArgsOf, EventName, History, HistoryEvent } from './history.ts'

/** As in TaskStatus of contracts/interfaces/Task.sol. */
export const STATUS = {
  NONE: 0,
  OPEN: 1,
  TAKEN: 2,
  POSTED: 3,
  FINAL: 4,
  VOID: 5,
  CANCELLED: 6,
  EXPIRED: 7,
  ABANDONED: 8,
} as const
export type TaskStatus = (typeof STATUS)[keyof typeof STATUS]

/** As in EntryStatus. */
export const ENTRY = { NONE: 0, ALIVE: 1, DEAD: 2, RELEASED: 3, DIVIDED: 4 } as const
export type EntryStatus = (typeof ENTRY)[keyof typeof ENTRY]

export interface Entry {
  readonly id: Hash
  readonly owner: Address
  readonly value: Hash
  readonly root: Hash
  readonly regs: bigint
  /** 0 = the first of its value. */
  readonly ordinal: number
  readonly event: HistoryEvent
  status: EntryStatus
  /** Its games, in the order of opening. */
  readonly games: Game[]
  payout: { readonly cursor: number; readonly refunds: number; readonly rewarded: boolean }
}

/** A move: what its maker claims, and what it answered. */
export interface Move {
  readonly event: HistoryEvent
  readonly by: Address
  readonly seat: Seat
  /** The segment of the sequence before that it disputes; undefined for an opening. */
  readonly segment: number | undefined
  /** The turn after it. */
  readonly turn: Turn
  readonly sequence: readonly Hash[]
}

export interface Proof {
  readonly event: HistoryEvent
  readonly step: bigint
  readonly substep: number
  readonly pre: Hash
  readonly post: Hash
  readonly claimed: Hash
  readonly witness: readonly Hash[]
}

export interface Game {
  readonly id: Hash
  readonly opener: Entry
  readonly target: Entry
  /** By seat. */
  readonly entries: readonly [Entry, Entry]
  readonly ordinals: readonly [number, number]
  readonly moves: Move[]
  winner: Seat | undefined
  end: HistoryEvent | undefined
  proof: Proof | undefined
}

export interface Result {
  readonly event: HistoryEvent
  readonly value: Hash
  readonly outcome: ArgsOf<'Finalised'>['outcome']
  readonly output: Hex
}

/** An event that the one before makes its contract emit next. */
interface Expected {
  readonly name: EventName
  readonly args: Readonly<Record<string, unknown>>
  readonly transaction: Hash
}

/** A task as far as its events have told it. Each event is checked against this before it changes it. */
export interface Audit {
  readonly history: History
  readonly rules: MarketRules
  readonly task: Hash
  /** The event that is looked at. */
  event: HistoryEvent | undefined
  status: TaskStatus
  request: Request | undefined
  input: Hex | undefined
  gasPrice: bigint
  requestedAt: bigint
  takenAt: bigint
  solver: Address | undefined
  noShows: number
  postedAt: bigint
  phases: Phases | undefined
  readonly entries: Map<Hash, Entry>
  /** Entries of each value, in order. */
  readonly values: Map<Hash, Entry[]>
  readonly games: Map<Hash, Game>
  /** The game that was opened by the event before: its first move must follow. */
  opening: Game | undefined
  result: Result | undefined
  readonly flags: { priceDue: boolean; tipPaid: boolean; delivered: boolean }
  /** Entries of the final value that payPrice has passed. */
  readonly expected: Expected[]
  /** Events of the vault that come before the one that explains them. */
  readonly loose: HistoryEvent[]
}

export const newAudit = (history: History): Audit => ({
  ...{ history, rules: history.rules, task: history.task, event: undefined, status: STATUS.NONE },
  ...{ request: undefined, input: undefined, gasPrice: 0n, requestedAt: 0n, takenAt: 0n, solver: undefined },
  ...{ noShows: 0, postedAt: 0n, phases: undefined, entries: new Map(), values: new Map(), games: new Map() },
  ...{ opening: undefined, result: undefined, expected: [], loose: [] },
  flags: { priceDue: false, tipPaid: false, delivered: false },
})

/** Ends the audit at the event that is looked at. */
export function refuse({ event }: Audit, breach: Breach, what: string): never {
  throw new ForgedHistory(breach, event, what)
}

/** Two things that must be the same, whatever they are made of. */
export function same(audit: Audit, breach: Breach, what: string, actual: unknown, expected: unknown): void {
  const [said, made] = [textOf(actual), textOf(expected)]
  if (said !== made) refuse(audit, breach, `${what} is ${said}, and must be ${made}`)
}

/** Something that must hold. */
export function holds(audit: Audit, breach: Breach, condition: boolean, what: string): void {
  if (!condition) refuse(audit, breach, what)
}

/** The one text of a value of an event or a call. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint' || typeof item === 'number') return item.toString()
    if (typeof item === 'string') return item.toLowerCase()
    const isRecord = typeof item === 'object' && item !== null && !Array.isArray(item)
    return isRecord ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item
  })
}

/** What is known where it must be. */
export function present<T>(audit: Audit, breach: Breach, what: string, value: T | undefined): T {
  return value === undefined ? refuse(audit, breach, `there is no ${what}`) : value
}

export const timeOf = ({ event }: Audit): bigint => event?.time ?? 0n

export const requestOf = (audit: Audit): Request => present(audit, 'status', 'request before it', audit.request)

/** Living entries of a value: those that did not die. */
export const aliveOf = (entries: readonly Entry[] = []): Entry[] => entries.filter(lived)

/** Whether an entry lived to the verdict, before which this means nothing. */
export const lived = ({ status }: Entry): boolean => status === ENTRY.ALIVE || status === ENTRY.RELEASED

/** How the arena stands at a time. */
export function verdictIn({ phases, values }: Audit, time: bigint): Verdict {
  if (phases === undefined) return 'pending'
  const alive = [...values.values()].filter((entries) => aliveOf(entries).length > 0).length
  return verdictAt(phases, values.size, alive, time)
}

/** The next event must be this one. */
export function expect<Name extends EventName>(audit: Audit, name: Name, args: ArgsOf<Name>): void {
  const transaction = audit.event?.transaction ?? '0x'
  audit.expected.push({ name, args: args as Readonly<Record<string, unknown>>, transaction })
}

/** The events before must end with these, which are explained by the one that is looked at. */
export function explain(audit: Audit, before: readonly { readonly name: EventName; readonly args: object }[]): void {
  if (before.length === 0) return
  const told = audit.loose.splice(-before.length).map(({ name, args }) => ({ name, args }))
  same(audit, 'payment', 'what was paid just before', told, before)
}
