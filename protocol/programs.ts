import {
  byteTreeRoot,
  type Hash,
  MemoryTooLarge,
  type Program,
  StateOracle,
  type Trace,
  toHex,
} from '../interpreter/index.ts'
import { originOf, taskId } from './game-ids.ts'
import { createLibrary, type Library } from './library.ts'
import { MAX_PLAYED_STEPS, type PlayedTrace, playedTrace } from './played-trace.ts'
import { type RestingTrace, restingTrace } from './resting-trace.ts'
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
  /** The run wants more memory, or writes more output, than the player gives it. */
  | 'memoryTooLarge'
  /** The node's words do not make the task's id: they are not the task's. */
  | 'notTheTask'
  /** The player's machine starts in another state than the contract's. */
  | 'initialStateDiffers'
  /** The run threw. */
  | 'computationFailed'

export type Computed =
  | { readonly trace: PlayedTrace }
  /** `message` is what was thrown, if anything was. */
  | { readonly refused: Refusal; readonly message?: string }

/** How a program becomes a trace; throws MemoryTooLarge where its memory or its output outgrow `maxBytes`. */
export type Compute = (program: Program, input: Uint8Array, maxSteps: number, maxBytes?: number) => Trace

export interface ProgramOptions {
  /** How a program becomes a trace; by default by running it. */
  readonly compute?: Compute | undefined
  /** Tasks that may take more steps are refused: anybody can make one that never ends. */
  readonly maxSteps?: bigint
  /** Tasks whose memory or output outgrow so many bytes are refused; by default those of the machine are the limit. */
  readonly maxMemory?: number | undefined
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
   * stake no limit of one's own choice refuses it: a slow answer is better than none. Elsewhere only its end and the
   * hashes given are kept once another task is computed; what is asked beyond them is another run.
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

const execute: Compute = (program, input, maxSteps, maxBytes) => new StateOracle(program, input, maxSteps, { maxBytes })

/**
 * The programs that a player can run, lowered here from their WebAssembly modules.
 * @throws what `lowerTask` throws
 */
export function createPrograms(modules: readonly Uint8Array[], options: ProgramOptions = {}): Programs {
  const { maxSteps = MAX_PLAYED_STEPS } = options
  const limit = maxSteps < MAX_PLAYED_STEPS ? maxSteps : MAX_PLAYED_STEPS
  const library = createLibrary()
  for (const wasm of modules) library.add(wasm)
  const { made, computationOf } = createMemory(createRun(library, options))

  function refusalOf(rules: MarketRules, { id, request }: TaskView, isStaked: boolean): Refusal | undefined {
    const { program, maxSteps } = request.order
    if (taskId(rules, originOf(request)) !== id) return 'notTheTask'
    if (!library.has(program)) return 'unknownProgram'
    if (maxSteps > (isStaked ? MAX_PLAYED_STEPS : limit)) return 'tooManySteps'
    return isStaked || fitsTheClock(rules, maxSteps) ? undefined : 'tooManyStepsForTheClock'
  }

  return {
    get ids() {
      return library.ids
    },
    add: (module) => library.add(module),
    knows: (task) => made.has(task),
    drop(tasks) {
      for (const task of tasks) made.delete(task)
    },
    compute(rules, task, isStaked = false) {
      const refused = refusalOf(rules, task, isStaked)
      if (refused !== undefined) return { refused }
      const computed = computationOf(task, isStaked)
      if ('refused' in computed) return computed
      const { trace } = computed
      return trace.hashAt(0n) === task.request.initial ? { trace } : { refused: 'initialStateDiffers' }
    },
  }
}

/** What became of a run. */
type Made = RestingTrace | Extract<Computed, { readonly refused: Refusal }>

/** Runs a task; where a stake is in, no limit on the memory holds. */
type Run = (task: TaskView, isStaked: boolean) => Made

function createRun(library: Library, { compute = execute, inputOf = () => undefined, maxMemory }: ProgramOptions): Run {
  return ({ request, input: told }, isStaked) => {
    const { order, inputRoot } = request
    const input = told ?? inputOf(inputRoot)
    if (input === undefined) return { refused: 'unknownInput' }
    if (toHex(byteTreeRoot(input)) !== inputRoot) return { refused: 'notTheTask' }
    const make = (maxBytes?: number): PlayedTrace =>
      playedTrace(compute(library.program(order.program), input, Number(order.maxSteps), maxBytes))
    try {
      return restingTrace(make(isStaked ? undefined : maxMemory), make)
    } catch (error) {
      const refused = error instanceof MemoryTooLarge ? 'memoryTooLarge' : 'computationFailed'
      return { refused, message: String(error) }
    }
  }
}

/** Remembers what runs came to; of those without a stake, only the last one keeps its machine. */
function createMemory(run: Run): { made: Map<Hash, Made>; computationOf: Run } {
  const made = new Map<Hash, Made>()
  let loose: Made | undefined

  function settle(next: Made | undefined): void {
    if (loose !== undefined && loose !== next && 'trace' in loose) loose.rest()
    loose = undefined
  }

  function again(task: TaskView, isStaked: boolean): Made {
    made.delete(task.id)
    const now = run(task, isStaked)
    if (isLasting(now, isStaked)) made.set(task.id, now)
    return now
  }

  return {
    made,
    computationOf(task, isStaked) {
      const before = made.get(task.id)
      settle(before)
      const isKnown = before !== undefined && (!isStaked || 'trace' in before)
      const computed = isKnown ? before : again(task, isStaked)
      if (!isStaked) loose = computed
      return computed
    },
  }
}

/**
 * Whether it would be the same again: an input may be found, or a better node asked. Where a stake is in, a failure is
 * never the last word: another time there may be memory for it.
 */
const isLasting = (made: Made, isStaked: boolean): boolean =>
  'trace' in made || (!isStaked && (made.refused === 'computationFailed' || made.refused === 'memoryTooLarge'))
