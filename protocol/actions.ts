import type { Address } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Turn } from './turns.ts'

/** An entry by its content, as contract calls name it. */
export interface Claim {
  readonly owner: Address
  readonly value: Hash
}

interface Of<Kind extends string, Reason extends string> {
  readonly kind: Kind
  readonly reason: Reason
  readonly task: Hash
}

interface FinalState {
  readonly root: Hash
  readonly regs: bigint
  readonly value: Hash
}

interface FirstSequence {
  readonly target: Claim
  /** The hashes between the initial state and the claimed final one. */
  readonly inner: readonly Hash[]
}

interface Answer {
  readonly game: Hash
  /** The turn answered. */
  readonly turn: Turn
  /** The disputed pair ends in this state. */
  readonly end: Hash
  readonly path: readonly Hash[]
}

export interface Approve extends Of<'approve', 'allowanceTooSmall'> {
  readonly amount: bigint
}
export interface Enter extends Of<'enter', EnterReason>, FinalState {}
export interface Open extends Of<'open', 'rivalAlive'>, FirstSequence {
  readonly value: Hash
}
export interface EnterAndOpen extends Of<'enterAndOpen', EnterReason>, FinalState, FirstSequence {}
export interface Bisect extends Of<'bisect', 'segmentDisputed'>, Answer {
  readonly segment: number
  readonly start: Hash
  /** The new sequence after `start`. */
  readonly mine: readonly Hash[]
}
export interface Prove extends Of<'prove', 'substepDisputed'>, Answer {
  readonly substep: number
  readonly witness: readonly Hash[]
}
export interface Timeout extends Of<'timeout', 'rivalClockRanOut'> {
  readonly game: Hash
  readonly turn: Turn
  readonly root: Hash
}
export interface Bury extends Of<'bury', 'gameWon'> {
  readonly winner: Claim
  readonly loser: Claim
}
export interface Settle extends Of<'settle', 'unanimous'> {
  readonly claim: Claim
}
export type VoidTask = Of<'voidTask', 'endedWithoutUnanimity'>
export interface Withdraw extends Of<'withdraw', 'taskOver'> {
  readonly claim: Claim
}
export interface Divide extends Of<'divide', 'rewardDue'> {
  readonly dead: Claim
  readonly winner: Claim
}

/** Why an entry is made: nobody answered yet, the truth is missing among the answers, or it may need support. */
export type EnterReason = 'noAnswer' | 'truthMissing' | 'supportTruth'

/** A transaction to be sent, and why. */
export type Action =
  | Approve
  | Enter
  | Open
  | EnterAndOpen
  | Bisect
  | Prove
  | Timeout
  | Bury
  | Settle
  | VoidTask
  | Withdraw
  | Divide

/** What an action could have been about. */
export type Subject = 'enter' | 'open' | 'answer' | 'timeout' | 'bury' | 'settle' | 'withdraw' | 'divide'

export type SkipReason =
  /** Enter. */
  | 'noFalseAnswer'
  | 'truthStands'
  | 'enteringClosed'
  | 'onlyOneValueSeen'
  | 'truthNotSeenInTime'
  | 'balanceTooSmall'
  /** Open. */
  | 'openingClosed'
  /** Answer, timeout, bury. */
  | 'rivalDead'
  | 'ownEntryDead'
  | 'ownClockRanOut'
  | 'standingStartForeign'
  | 'nothingToDispute'
  | 'rivalOnMove'
  | 'gameLost'
  | 'buryingClosed'
  /** Settle. */
  | 'challengeOpen'
  | 'openingOpen'
  | 'valuesCompete'
  | 'nothingAtStake'

/** What is not done now, and why. `id` names the entry or the game that it is about, if any. */
export interface Skip {
  readonly task: Hash
  readonly subject: Subject
  readonly reason: SkipReason
  readonly id?: Hash
}

/** What to do now, most urgent first, and what not. */
export interface Decision {
  readonly actions: readonly Action[]
  readonly skips: readonly Skip[]
}
