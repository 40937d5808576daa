import { originOf, taskId } from './game-ids.ts'
import { MAX_PLAYED_STEPS } from './played-trace.ts'
import { clocksOf, type MarketRules } from './rules.ts'
import type { TaskView } from './view.ts'

/** Why a task is not played. */
export type Refusal =
  /** No program of this id was given to the player. */
  | 'unknownProgram'
  /** The input is named by its root only, and was not found. */
  | 'unknownInput'
  /** More steps than the player is willing to run, or than the machine's plain numbers can count. */
  | 'tooManySteps'
  /** A dispute could take so much computing that a clock of a game runs out meanwhile. */
  | 'tooManyStepsForTheClock'
  /** The run wants more memory, or writes more output, than the player gives it. */
  | 'memoryTooLarge'
  /** The node's words do not make the task's id: they are not the task's. */
  | 'notTheTask'
  /** The player's machine starts in another state than the contract's. */
  | 'initialStateDiffers'
  /** The run threw, or whatever made it was lost too often. */
  | 'computationFailed'
  /** Two executions disagree, or one alone could be made, and the interpreter would take too long to decide. */
  | 'executionsDiffer'
  | 'executionUnconfirmed'

/** Steps a second that a player counts on. */
export const SPEED = {
  /** A fifth of the slowest kernel of the benchmarks: for slower machines, shared cores, and the hashing in between. */
  NATIVE: 1_000_000_000n,
  /** What any machine in use does; most do several times as much. */
  INTERPRETER: 50_000_000n,
} as const

/**
 * The run itself, the states for the first sequence, and all later ones, which lie ever closer together: a dispute takes
 * about as much, and one move, after a restart in the middle of it, never more.
 */
const RUNS_PER_MOVE = 3n

/** Whether a move takes no longer than a player has for it at least, if its runs are made at `speed`. */
export const fitsTheClock = (rules: MarketRules, steps: bigint, speed: bigint): boolean =>
  steps * RUNS_PER_MOVE <= clocksOf(rules, steps).least * speed

/** Seconds that a run may take for the same. */
export const secondsFor = (rules: MarketRules, steps: bigint): number =>
  Number(clocksOf(rules, steps).least) / Number(RUNS_PER_MOVE)

/**
 * Why a player does not compute a task, as far as its request says it. Where a bond is at stake no limit of one's own
 * choice refuses it: a slow answer is better than none.
 * @param limit steps that the player is willing to run
 */
export function reasonToLeave(
  rules: MarketRules,
  { id, request }: TaskView,
  isStaked: boolean,
  limit: bigint,
  speed: bigint,
): Refusal | undefined {
  const { maxSteps } = request.order
  if (taskId(rules, originOf(request)) !== id) return 'notTheTask'
  if (maxSteps > MAX_PLAYED_STEPS || (!isStaked && maxSteps > limit)) return 'tooManySteps'
  return isStaked || fitsTheClock(rules, maxSteps, speed) ? undefined : 'tooManyStepsForTheClock'
}
