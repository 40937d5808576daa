import type { Decision, SkipReason } from './actions.ts'
import { OUTPUT_BYTE_GAS, SOLVING_GAS } from './costs.ts'
import { idle, nextActions } from './next-actions.ts'
import { both } from './questions.ts'
import { clocksOf, postingEnd, priceAt } from './rules.ts'
import {
  act,
  cannotStake,
  type Glance,
  type Idle,
  isDoubtful,
  reserveWith,
  type Situation,
  type Strategy,
  skip,
  skipped,
} from './situation.ts'

/** What a solver wants for its work. */
export interface SolverOptions {
  /** The least that a price must leave after the gas of solving, in wei. */
  readonly minProfit: bigint
  /** Gas of solving an undisputed task with an empty output. */
  readonly gas?: bigint
}

/** With the third solver that does not show up a task is over. */
const MAX_NO_SHOWS = 3

/**
 * Takes what it has computed when the price pays, posts, and from then on plays as everybody honest does. Taking and
 * posting are two transactions, in two looks at the chain: an answer in the open could be posted by another who takes
 * the task first.
 */
export function solverStrategy(options: SolverOptions): Strategy {
  return (situation) => {
    const { task, me } = situation
    if (task.status === 'open') return take(situation, options)
    if (task.status !== 'taken') return nextActions(situation)
    return task.solver === me.owner ? post(situation) : noShow(situation, options)
  }
}

/** Why a solver need not compute a task: it could not take it, or the price would never pay. */
export function solverIdle(options: SolverOptions): Idle {
  return (glance) => {
    const { task, me, now } = glance
    if (task.status === 'taken' && task.solver === me.owner) return undefined
    if (task.status !== 'open' && task.status !== 'taken') return idle(glance)
    const subject = task.status === 'open' ? 'take' : 'noShow'
    const reason = unwanted(glance, options, now + BigInt(task.request.order.ramp))
    return reason === undefined ? undefined : skipped(glance, subject, reason)
  }
}

/**
 * Why a task is not to be taken at `time`, as far as that does not depend on its truth.
 * @param outputGas what telling the output takes, where that is known
 */
function unwanted(glance: Glance, options: SolverOptions, time: bigint, outputGas = 0n): SkipReason | undefined {
  const { task, now, rules } = glance
  const { origin, status, takenAt, noShows, request } = task
  if (now > BigInt(request.order.expires)) return 'orderExpired'
  if (status === 'taken') {
    if (now <= postingEnd(rules, takenAt ?? now, origin.maxSteps)) return 'takenByOther'
    if (noShows + 1 >= MAX_NO_SHOWS) return 'lastNoShow'
  }
  return pays(glance, options, time, outputGas) ? cannotStake(glance) : 'priceTooLow'
}

function pays(
  { task: { request, requestedAt }, baseFee }: Glance,
  { minProfit, gas = SOLVING_GAS }: SolverOptions,
  time: bigint,
  outputGas: bigint,
): boolean {
  return priceAt(request, requestedAt, time) >= minProfit + (gas + outputGas) * baseFee
}

/** An output above the market's cap is not told. */
function outputGasOf({ rules, trace }: Situation): bigint {
  const length = BigInt(trace.result().length)
  return length <= rules.maxOutput ? length * OUTPUT_BYTE_GAS : 0n
}

function take(situation: Situation, options: SolverOptions): Decision {
  const { task, me, now } = situation
  const early = unwanted(situation, options, now)
  if (early !== undefined) return skip(situation, 'take', early)
  const [outputGas, doubt] = both(
    () => outputGasOf(situation),
    () => isDoubtful(situation),
  )
  const reason = unwanted(situation, options, now, outputGas) ?? doubt
  if (reason !== undefined) return skip(situation, 'take', reason)
  const { id, request } = task
  return act({
    ...{ kind: 'take', reason: 'pricePays', task: id, request },
    ...{ owner: me.owner, reserve: reserveWith(situation) },
  })
}

/**
 * Posts what two executions agree on. The bond was locked when the task was taken, and is lost without an answer: in the
 * last time for one, and where the second execution cannot be made, the one answer that there is will do.
 */
function post(situation: Situation): Decision {
  const { rules, task, trace, now } = situation
  const { id, origin, takenAt } = task
  const end = postingEnd(rules, takenAt ?? now, origin.maxSteps)
  if (now > end) return skip(situation, 'post', 'postingClosed')
  const isLate = now + clocksOf(rules, origin.maxSteps).least > end
  if (!isLate && trace.agreement() === 'differs') return skip(situation, 'post', 'executionsDiffer')
  const { root, regs, value } = trace.final
  return act({ kind: 'post', reason: 'taskTaken', task: id, origin, root, regs, value })
}

/** Opens a task again that one wants to take. */
function noShow(situation: Situation, options: SolverOptions): Decision {
  const { task, now } = situation
  const reason = unwanted(situation, options, now, outputGasOf(situation))
  if (reason !== undefined) return skip(situation, 'noShow', reason)
  return act({ kind: 'noShow', reason: 'solverLate', task: task.id, request: task.request })
}
