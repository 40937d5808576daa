import type { Address } from 'viem'
import { clocksOf, isAtStake, type MarketRules, type Pressure, postingEnd, type TaskView } from '../protocol/index.ts'

/**
 * Tasks in two groups: where a stake can be lost, and the others. In each the most urgent come first: running clocks of
 * games, then the time to post what was taken, then the ends of phases, then the rest.
 */
export function byUrgency(
  rules: MarketRules,
  tasks: readonly TaskView[],
  me: Address,
  now: bigint,
): [staked: TaskView[], others: TaskView[]] {
  const urgent = (task: TaskView) => urgencyOf(rules, task, me, now)
  const staked = tasks.filter((task) => isAtStake(task, me))
  const others = tasks.filter((task) => !isAtStake(task, me))
  return [sorted(staked, urgent), sorted(others, urgent)]
}

/** A class, lower first, and in it the second that presses. */
type Urgency = readonly [kind: number, time: bigint]

const GAME = 0
const POSTING = 1
const PHASE = 2
const REST = 3

function urgencyOf(rules: MarketRules, task: TaskView, me: Address, now: bigint): Urgency {
  const clock = firstDeadline(task, me)
  if (clock !== undefined) return [GAME, clock]
  const { status, solver, takenAt, phases, origin, request } = task
  if (status === 'taken' && solver === me && takenAt !== undefined) {
    return [POSTING, postingEnd(rules, takenAt, origin.maxSteps)]
  }
  if (status === 'posted' && phases !== undefined) {
    const next = [phases.challenge, phases.support, phases.opening, phases.end].find((end) => now < end)
    if (next !== undefined) return [PHASE, next]
  }
  return [REST, BigInt(request.order.expires)]
}

/** What hangs on a task, and whether the time for an answer, which is more at first, has come to its last part. */
export function pressureOn(rules: MarketRules, task: TaskView, me: Address, now: bigint): Pressure {
  if (!isAtStake(task, me)) return 'none'
  const { least } = clocksOf(rules, task.origin.maxSteps)
  const clock = firstDeadline(task, me)
  if (clock !== undefined) return clock - now < least / 2n ? 'pressing' : 'staked'
  if (task.status !== 'taken') return 'staked'
  return postingEnd(rules, task.takenAt ?? now, task.origin.maxSteps) - now < least ? 'pressing' : 'staked'
}

/** The last second of the first clock that runs against `me`. */
function firstDeadline({ games }: TaskView, me: Address): bigint | undefined {
  const deadlines = [...games.values()]
    .filter(({ winner, turn }) => winner === undefined && turn.mover.player === me)
    .map(({ deadline }) => deadline)
  return deadlines.reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined)
}

function sorted(tasks: readonly TaskView[], urgent: (task: TaskView) => Urgency): TaskView[] {
  const timed = tasks.map((task) => ({ task, urgency: urgent(task) }))
  return timed.sort((a, b) => compare(a.urgency, b.urgency)).map(({ task }) => task)
}

const compare = ([a, s]: Urgency, [b, t]: Urgency): number => (a !== b ? a - b : s < t ? -1 : s > t ? 1 : 0)
