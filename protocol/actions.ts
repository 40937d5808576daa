import type { Address } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Claim, Final, Origin, Request } from './game-ids.ts'
import type { Question } from './questions.ts'
import type { Turn } from './turns.ts'

interface Of<Kind extends string, Reason extends string> {
  readonly kind: Kind
  readonly reason: Reason
  readonly task: Hash
}

/** Leads others in one transaction, if the contract takes them there; else it goes alone, and they come later. */
interface Leading<Follower> {
  readonly followedBy: readonly Follower[]
}

interface ByOrigin {
  readonly origin: Origin
}

interface ByRequest {
  readonly request: Request
}

/** Locks a stake, which is lost without the ether to defend it. */
interface Staking {
  readonly owner: Address
  /** Wei that the signer must have left for the moves of this and all other stakes. */
  readonly reserve: bigint
}

/** A final state that is claimed, and its hash. */
interface Claimed extends Final {
  readonly value: Hash
}

/** An entry to play against, by its final state. */
export interface Target extends Claim, Final {}

interface FirstSequence {
  readonly target: Target
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

/** Siblings of the OUTPUT region's root, lowest first. */
export type OutputPath = readonly [Hash, Hash, Hash]

export interface Take extends Of<'take', 'pricePays'>, ByRequest, Staking {}
export interface Post extends Of<'post', 'taskTaken'>, ByOrigin, Claimed {}
export interface NoShow extends Of<'noShow', 'solverLate'>, ByRequest {}
export interface Enter extends Of<'enter', EnterReason>, ByOrigin, Staking, Claimed {}
export interface Open extends Of<'open', 'rivalAlive'>, ByOrigin, Claimed, FirstSequence {
  readonly owner: Address
}
export interface EnterAndOpen extends Of<'enterAndOpen', EnterReason>, ByOrigin, Staking, Claimed, FirstSequence {}
export interface Bisect extends Of<'bisect', 'segmentDisputed'>, Answer {
  readonly segment: number
  readonly start: Hash
  /** The new sequence after `start`. */
  readonly mine: readonly Hash[]
}
export interface Prove extends Of<'prove', 'substepDisputed'>, Answer, Leading<Bury> {
  readonly substep: number
  readonly witness: readonly Hash[]
}
export interface Timeout extends Of<'timeout', 'rivalClockRanOut'>, Leading<Bury> {
  readonly game: Hash
  readonly turn: Turn
  readonly root: Hash
}
export interface Bury extends Of<'bury', 'gameWon'>, ByOrigin {
  readonly winner: Claim
  readonly loser: Claim
}
/** What can be done once a result is open. */
export type Collecting = Release | PayDead | Deliver

export interface Finalise extends Of<'finalise', FinaliseReason>, ByRequest, Leading<Collecting> {
  readonly regs: bigint
  readonly path: OutputPath
  readonly output: Uint8Array
}
export interface FinaliseLarge extends Of<'finaliseLarge', FinaliseReason>, ByRequest, Leading<Collecting> {
  readonly regs: bigint
  readonly path: OutputPath
  readonly outputRoot: Hash
  /** Bytes of the output, and the siblings of the leaf that holds this number. */
  readonly length: bigint
  readonly lengthPath: readonly Hash[]
}
export interface Deliver extends Of<'deliver', 'tipPays'>, ByRequest {
  /** Empty where it was omitted. */
  readonly output: Uint8Array
}
export interface PayPrice extends Of<'payPrice', 'priceDue'>, ByRequest {
  readonly value: Hash
  /** Owners of the value's entries in order, the first left out, up to the earliest that lives. */
  readonly owners: readonly Address[]
}
export interface VoidTask extends Of<'voidTask', 'endedWithoutUnanimity'>, ByRequest {}
export interface Release extends Of<'release', 'stakeDue'>, ByOrigin {
  readonly claim: Claim
}
export interface PayDead extends Of<'payDead', 'rewardDue' | 'refundDue'>, ByRequest {
  readonly dead: Claim
  /** From where the last payment ended. */
  readonly opponents: readonly Claim[]
}

/** Why an entry is made: the truth is missing among the answers, or it may need support. */
export type EnterReason = 'truthMissing' | 'supportTruth'

/** Why a result is opened: it pays the price, or those whom it pays let it lie. */
export type FinaliseReason = 'priceDue' | 'nobodyFinalised'

/** A transaction to be sent, and why. */
export type Action =
  | Take
  | Post
  | NoShow
  | Enter
  | Open
  | EnterAndOpen
  | Bisect
  | Prove
  | Timeout
  | Bury
  | Finalise
  | FinaliseLarge
  | Deliver
  | PayPrice
  | VoidTask
  | Release
  | PayDead

/** What an action could have been about. */
export type Subject =
  /** All that the strategy would do. */
  'task' | 'take' | 'post' | 'noShow' | 'enter' | 'open' | 'answer' | 'timeout' | 'bury' | 'finalise' | 'deliver'

export type SkipReason =
  /** Any: what it takes is being computed. */
  | 'computing'
  /** Take, noShow. */
  | 'orderExpired'
  | 'priceTooLow'
  | 'takenByOther'
  | 'lastNoShow'
  /** Post. */
  | 'postingClosed'
  /** Take, enter. */
  | 'stakeTooSmall'
  | 'capTooSmall'
  | 'depositTooSmall'
  | 'reserveTooSmall'
  /** A second execution disagrees with the first, or could not be made: no stake is locked on what is in doubt. */
  | 'executionsDiffer'
  | 'executionUnconfirmed'
  /** Enter. */
  | 'noFalseAnswer'
  | 'truthStands'
  | 'enteringClosed'
  | 'onlyOneValueSeen'
  | 'truthNotSeenInTime'
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
  /** Finalise. */
  | 'challengeOpen'
  | 'openingOpen'
  | 'valuesCompete'
  | 'nothingAtStake'
  | 'othersTurn'
  | 'notComputed'
  | 'falsehoodSettled'
  /** Deliver. */
  | 'noTip'
  | 'tipTooSmall'

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
  /** What has to be known of the computation to decide the rest; absent: nothing. */
  readonly questions?: readonly Question[]
}
