import type { Address } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Action, Decision, Skip, SkipReason, Subject } from './actions.ts'
import type { Funds } from './deployed.ts'
import type { Claim } from './game-ids.ts'
import { isAtStake } from './ledger.ts'
import type { PlayedTrace } from './played-trace.ts'
import { Unanswered } from './questions.ts'
import { depositOf, type MarketRules, refundOf } from './rules.ts'
import type { EntryView, TaskView } from './view.ts'

/** For whom one plays, and what can be locked and spent. */
export interface Me extends Funds {
  /** Checksummed, as events name it. */
  readonly owner: Address
  /** Wei of the signer that the stakes may take that are locked already, see `reserveOf`. */
  readonly reserved: bigint
}

/** What is known of a task before it is computed. `now` is the time of the block that the task was read at. */
export interface Glance {
  readonly rules: MarketRules
  readonly task: TaskView
  readonly me: Me
  readonly now: bigint
  /** Wei for a unit of gas at that block. */
  readonly baseFee: bigint
}

/** All that a decision is made from. */
export interface Situation extends Glance {
  readonly trace: PlayedTrace
}

/** A way to play: a pure function of what is on chain and what was computed. It may throw Unanswered. */
export type Strategy = (situation: Situation) => Decision

/** Why nothing is to be done in a task, whatever its truth may be; `undefined` if that depends on it. */
export type Idle = (glance: Glance) => Skip | undefined

export const NOTHING: Decision = { actions: [], skips: [] }

/** To do just this. */
export const act = (...actions: Action[]): Decision => ({ actions, skips: [] })

/** All of several decisions, in their order. */
export function join(decisions: readonly Decision[]): Decision {
  const questions = decisions.flatMap((decision) => decision.questions ?? [])
  return {
    actions: decisions.flatMap(({ actions }) => actions),
    skips: decisions.flatMap(({ skips }) => skips),
    ...(questions.length === 0 ? {} : { questions }),
  }
}

/** A decision, or what it takes to make it: the others of the task do not wait for that. */
export function whenKnown(glance: Glance, subject: Subject, id: Hash | undefined, decide: () => Decision): Decision {
  try {
    return decide()
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    return { ...skip(glance, subject, 'computing', id), questions: error.questions }
  }
}

/** Why something is left. */
export const skipped = ({ task }: Glance, subject: Subject, reason: SkipReason, id?: Hash): Skip => ({
  ...{ task: task.id, subject, reason },
  ...(id === undefined ? {} : { id }),
})

/** To leave something, and why. */
export const skip = (glance: Glance, subject: Subject, reason: SkipReason, id?: Hash): Decision => ({
  actions: [],
  skips: [skipped(glance, subject, reason, id)],
})

/** An entry as contract calls name it. */
export const claimOf = ({ owner, value }: EntryView): Claim => ({ owner, value })

/** Whether an entry can play. */
export const isAlive = (entry: EntryView | undefined): entry is EntryView => entry?.status === 'alive'

/** Whether an entry lived to the verdict, before which this means nothing. */
export const lived = ({ status }: EntryView): boolean => status === 'alive' || status === 'released'

/** What keeps one from locking another stake, if anything does. */
export function cannotStake({ rules, task, me }: Glance): SkipReason | undefined {
  const { gasPrice, origin } = task
  if (me.stake < rules.bond) return 'stakeTooSmall'
  if (me.allowance < rules.bond) return 'capTooSmall'
  if (me.ether < depositOf(rules, gasPrice, origin.maxSteps)) return 'depositTooSmall'
  return me.wallet < reserveWith({ rules, task, me }) ? 'reserveTooSmall' : undefined
}

/**
 * What keeps one from locking a stake on a computation, if anything does: two executions have to agree on it. One that
 * claims and defends what a broken machine computed loses everything it stakes, so where this is not known, it does not.
 */
export function isDoubtful({ trace }: Situation): SkipReason | undefined {
  const agreement = trace.agreement()
  if (agreement === 'agrees') return undefined
  return agreement === 'differs' ? 'executionsDiffer' : 'executionUnconfirmed'
}

/** Wei that the signer must have left once a stake is locked in this task as well. */
export const reserveWith = ({ rules, task, me }: Pick<Glance, 'rules' | 'task' | 'me'>): bigint =>
  me.reserved + refundOf(rules, task.gasPrice, task.origin.maxSteps)

/**
 * Wei that the stakes of `owner` may take to be defended: for each of them one side of the longest dispute, at the gas
 * price that its task is reckoned with. More disputes than one are repaid out of their losers' deposits.
 */
export function reserveOf(rules: MarketRules, tasks: Iterable<TaskView>, owner: Address): bigint {
  let sum = 0n
  for (const task of tasks) {
    if (!isAtStake(task, owner)) continue
    const entries = [...task.entries.values()].filter((entry) => entry.owner === owner && isAlive(entry)).length
    sum += BigInt(Math.max(entries, 1)) * refundOf(rules, task.gasPrice, task.origin.maxSteps)
  }
  return sum
}
