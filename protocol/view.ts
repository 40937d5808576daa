import type { Address } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from './errors.ts'
import type { Origin, Request } from './game-ids.ts'
import type { Head } from './reader.ts'
import { type MarketRules, type Phases, type Verdict, verdictAt } from './rules.ts'
import type { Turn } from './turns.ts'

/** A market as its events tell it. */
export interface MarketView {
  readonly rules: MarketRules
  readonly head: Head
  readonly tasks: ReadonlyMap<Hash, TaskView>
  /** What is not among the tasks as its events have holes, by task; where that is not known, by what is missing. */
  readonly incomplete: ReadonlyMap<Hash, IncompleteHistory>
}

/** How a task stands, as in contracts/interfaces/Task.sol. */
export type TaskStatus = 'open' | 'taken' | 'posted' | 'final' | 'void' | 'cancelled' | 'expired' | 'abandoned'

export interface TaskView {
  readonly id: Hash
  readonly origin: Origin
  readonly request: Request
  /** What deposits and refunds are reckoned with, in wei. */
  readonly gasPrice: bigint
  /** Nothing where the request names it by reference. */
  readonly input: Uint8Array | undefined
  readonly status: TaskStatus
  readonly requestedAt: bigint
  readonly noShows: number
  /** Who took it last, when and for how much; nothing while it is open. */
  readonly solver: Address | undefined
  readonly takenAt: bigint | undefined
  readonly price: bigint | undefined
  readonly postedAt: bigint | undefined
  readonly phases: Phases | undefined
  /** As it stands at the head. */
  readonly verdict: Verdict
  /** In the order in which they were made. */
  readonly entries: ReadonlyMap<Hash, EntryView>
  /** For every value ever entered, in order, its entries that did not die. */
  readonly values: ReadonlyMap<Hash, number>
  readonly games: ReadonlyMap<Hash, GameView>
  /** Once it is final. */
  readonly result: ResultView | undefined
  /** Whether the price waits for payPrice. */
  readonly priceDue: boolean
  readonly tipPaid: boolean
  /** Whether a callback succeeded. */
  readonly delivered: boolean
}

/** How a computation ended. */
export interface TaskOutcome {
  readonly kind: 'halted' | 'trapped' | 'outOfSteps'
  /** The exit code or the trap code. */
  readonly code: number
  readonly inputByReference: boolean
  readonly outputOmitted: boolean
  readonly outputRoot: Hash
}

export interface ResultView {
  readonly value: Hash
  readonly outcome: TaskOutcome
  /** Empty where it was omitted. */
  readonly output: Uint8Array
}

/** ALIVE and DEAD until the verdict; then RELEASED (has its stake back) or DIVIDED (its stake was shared out). */
export type EntryStatus = 'alive' | 'dead' | 'released' | 'divided'

export interface EntryView {
  readonly id: Hash
  readonly owner: Address
  readonly value: Hash
  readonly root: Hash
  readonly regs: bigint
  readonly status: EntryStatus
  /** 0 = the first of its value, 1 = the second, ... */
  readonly ordinal: number
  /** The entry that won the game by which it died. */
  readonly buriedBy: Hash | undefined
  /** Entries that it played, in the order of opening: the n-th has the ordinal n. */
  readonly opponents: readonly Hash[]
  /** How far its stake was shared out, if it is dead. */
  readonly payout: PayoutView
}

export interface PayoutView {
  /** Opponents looked at. */
  readonly cursor: number
  readonly refunds: number
  /** Whether half of the bond was given away. */
  readonly rewarded: boolean
}

export interface GameView {
  readonly id: Hash
  readonly opener: Hash
  readonly target: Hash
  /** Entries by seat, and the ordinal of the game among those of each. */
  readonly seats: readonly [Hash, Hash]
  readonly ordinals: readonly [number, number]
  /** The turn to be answered, and the assertion that stands: n+1 hashes. */
  readonly turn: Turn
  readonly sequence: readonly Hash[]
  /** The last second in which the player on move may move. */
  readonly deadline: bigint
  /** The entry that won, once the game is over. */
  readonly winner: Hash | undefined
}

/** An event speaks of something that no earlier event made: the node's answer has holes, or begins too late. */
export class IncompleteHistory extends ProtocolError {
  override readonly name = 'IncompleteHistory'
  readonly event: string
  readonly missing: Hash
  constructor(event: string, missing: Hash) {
    super(`${event} speaks of ${missing}, which no earlier event made`)
    this.event = event
    this.missing = missing
  }
}

/** How the arena of a task stands at `time`. */
export function verdictOf({ phases, values }: Pick<TaskView, 'phases' | 'values'>, time: bigint): Verdict {
  if (phases === undefined) return 'pending'
  return verdictAt(phases, values.size, [...values.values()].filter((alive) => alive > 0).length, time)
}
