import {
  byteTreeRoot,
  ExecutionTrace,
  type Hash,
  lowerTask,
  type Program,
  programHeader,
  type Trace,
  toHex,
} from '../interpreter/index.ts'
import { taskId } from './game-ids.ts'
import { MAX_PLAYED_STEPS, type PlayedTrace, playedTrace } from './played-trace.ts'
import type { ArenaRules } from './rules.ts'
import type { TaskView } from './view.ts'

/** Why a task is not played. */
export type Refusal =
  /** No program of this id was given to the player. */
  | 'unknownProgram'
  /** More steps than the player is willing to run, or than the machine's plain numbers can count. */
  | 'tooManySteps'
  /** A run could take so long that a clock of a game runs out meanwhile. */
  | 'tooManyStepsForTheClock'
  /** The node's words do not make the task's id: they are not the task's. */
  | 'notTheTask'
  /** The player's machine starts in another state than the contract's. */
  | 'initialStateDiffers'
  /** The run threw, and would again. */
  | 'computationFailed'

export type Computed =
  | { readonly trace: PlayedTrace }
  /** `message` is what was thrown, if anything was. */
  | { readonly refused: Refusal; readonly message?: string }

/** How a program becomes a trace. */
export type Compute = (program: Program, input: Uint8Array, maxSteps: number) => Trace

export interface ProgramOptions {
  /** How a program becomes a trace; by default by running it. */
  readonly compute?: Compute | undefined
  /** Tasks that may take more steps are refused: anybody can make one that never ends. */
  readonly maxSteps?: bigint
}

export interface Programs {
  /** Ids of the programs known. */
  readonly ids: readonly Hash[]
  /** Whether the computation of a task was made; else `compute` may block for as long as the run takes. */
  knows(task: Hash): boolean
  /**
   * The computation of a task: made once, then remembered, as its id names all that goes into it. Where a bond is at
   * stake no limit of one's own choice refuses it: a slow answer is better than none.
   */
  compute(rules: ArenaRules, task: TaskView, isStaked?: boolean): Computed
  /** Drops what is remembered of these tasks. */
  drop(tasks: readonly Hash[]): void
}

/** What any machine in use does; most do several times as much. */
const STEPS_PER_SECOND = 50_000_000n

/**
 * A run blocks the player, and each look at an earlier step may be another run: this many of them fit into the
 * least time that a player has for a move.
 */
const RUNS_PER_MOVE = 8n

const execute: Compute = (program, input, maxSteps) => new ExecutionTrace(program, input, maxSteps)

/**
 * The programs that a player can run, lowered here from their WebAssembly modules.
 * @throws what `lowerTask` throws
 */
export function createPrograms(
  modules: readonly Uint8Array[],
  { compute = execute, maxSteps = MAX_PLAYED_STEPS }: ProgramOptions = {},
): Programs {
  const limit = maxSteps < MAX_PLAYED_STEPS ? maxSteps : MAX_PLAYED_STEPS
  const known = new Map(modules.map((wasm) => lowered(lowerTask(wasm))))
  const made = new Map<Hash, Computed>()

  function refusalOf(rules: ArenaRules, task: TaskView, isStaked: boolean): Refusal | undefined {
    if (!known.has(task.program)) return 'unknownProgram'
    if (task.maxSteps > (isStaked ? MAX_PLAYED_STEPS : limit)) return 'tooManySteps'
    if (!isStaked && task.maxSteps > (rules.minimum * STEPS_PER_SECOND) / RUNS_PER_MOVE)
      return 'tooManyStepsForTheClock'
    const inputRoot = toHex(byteTreeRoot(task.input))
    return taskId(rules, { ...task, inputRoot }) === task.id ? undefined : 'notTheTask'
  }

  function run({ program, input, maxSteps }: TaskView): Computed {
    try {
      return { trace: playedTrace(compute(known.get(program) as Program, input, Number(maxSteps))) }
    } catch (error) {
      return { refused: 'computationFailed', message: String(error) }
    }
  }

  return {
    ids: [...known.keys()],
    knows: (task) => made.has(task),
    drop(tasks) {
      for (const task of tasks) made.delete(task)
    },
    compute(rules, task, isStaked = false) {
      const refused = refusalOf(rules, task, isStaked)
      if (refused !== undefined) return { refused }
      const computed = made.get(task.id) ?? run(task)
      made.set(task.id, computed)
      const isOther = 'trace' in computed && computed.trace.hashAt(0n) !== task.initial
      return isOther ? { refused: 'initialStateDiffers' } : computed
    },
  }
}

const lowered = (program: Program): [Hash, Program] => [programHeader(program).programId, program]
