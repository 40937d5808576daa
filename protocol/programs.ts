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
import { originOf, taskId } from './game-ids.ts'
import { MAX_PLAYED_STEPS, type PlayedTrace, playedTrace } from './played-trace.ts'
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
  /** Inputs that tasks name by their roots; it is checked that they have them. */
  readonly inputOf?: ((root: Hash) => Uint8Array | undefined) | undefined
}

export interface Programs {
  /** Ids of the programs known. */
  readonly ids: readonly Hash[]
  /**
   * Takes another module; returns the id of its program.
   * @throws what `lowerTask` throws
   */
  add(module: Uint8Array): Hash
  /** Whether the computation of a task was made; else `compute` may block for as long as the run takes. */
  knows(task: Hash): boolean
  /**
   * The computation of a task: made once, then remembered, as its id names all that goes into it. Where a bond is at
   * stake no limit of one's own choice refuses it: a slow answer is better than none.
   */
  compute(rules: MarketRules, task: TaskView, isStaked?: boolean): Computed
  /** Drops what is remembered of these tasks. */
  drop(tasks: readonly Hash[]): void
}

/** What any machine in use does; most do several times as much. */
const STEPS_PER_SECOND = 50_000_000n

/**
 * A run blocks the player, and each look at an earlier step may be another run: this many of them fit into the
 * least time that a player has for a move, which grows with the steps of the task.
 */
const RUNS_PER_MOVE = 8n

const fitsTheClock = (rules: MarketRules, steps: bigint): boolean =>
  steps * RUNS_PER_MOVE <= clocksOf(rules, steps).least * STEPS_PER_SECOND

const execute: Compute = (program, input, maxSteps) => new ExecutionTrace(program, input, maxSteps)

/**
 * The programs that a player can run, lowered here from their WebAssembly modules.
 * @throws what `lowerTask` throws
 */
export function createPrograms(
  modules: readonly Uint8Array[],
  { compute = execute, maxSteps = MAX_PLAYED_STEPS, inputOf = () => undefined }: ProgramOptions = {},
): Programs {
  const limit = maxSteps < MAX_PLAYED_STEPS ? maxSteps : MAX_PLAYED_STEPS
  const known = new Map(modules.map((wasm) => lowered(lowerTask(wasm))))
  const made = new Map<Hash, Computed>()

  function refusalOf(rules: MarketRules, { id, request }: TaskView, isStaked: boolean): Refusal | undefined {
    const { program, maxSteps } = request.order
    if (taskId(rules, originOf(request)) !== id) return 'notTheTask'
    if (!known.has(program)) return 'unknownProgram'
    if (maxSteps > (isStaked ? MAX_PLAYED_STEPS : limit)) return 'tooManySteps'
    return isStaked || fitsTheClock(rules, maxSteps) ? undefined : 'tooManyStepsForTheClock'
  }

  function run({ request, input: told }: TaskView): Computed {
    const { order, inputRoot } = request
    const input = told ?? inputOf(inputRoot)
    if (input === undefined) return { refused: 'unknownInput' }
    if (toHex(byteTreeRoot(input)) !== inputRoot) return { refused: 'notTheTask' }
    try {
      return { trace: playedTrace(compute(known.get(order.program) as Program, input, Number(order.maxSteps))) }
    } catch (error) {
      return { refused: 'computationFailed', message: String(error) }
    }
  }

  return {
    get ids() {
      return [...known.keys()]
    },
    add(module) {
      const [id, program] = lowered(lowerTask(module))
      known.set(id, program)
      return id
    },
    knows: (task) => made.has(task),
    drop(tasks) {
      for (const task of tasks) made.delete(task)
    },
    compute(rules, task, isStaked = false) {
      const refused = refusalOf(rules, task, isStaked)
      if (refused !== undefined) return { refused }
      const computed = made.get(task.id) ?? run(task)
      if (isLasting(computed)) made.set(task.id, computed)
      const isOther = 'trace' in computed && computed.trace.hashAt(0n) !== task.request.initial
      return isOther ? { refused: 'initialStateDiffers' } : computed
    },
  }
}

const lowered = (program: Program): [Hash, Program] => [programHeader(program).programId, program]

/** Whether it would be the same again: an input may be found, or a better node asked. */
const isLasting = (computed: Computed): boolean => 'trace' in computed || computed.refused === 'computationFailed'
