import {
  byteTreeRoot,
  type Hash,
  MemoryTooLarge,
  type Program,
  StateOracle,
  type Trace,
  toHex,
} from '../interpreter/index.ts'
import { createLibrary, type Library } from './library.ts'
import { type Refusal, reasonToLeave, SPEED } from './limits.ts'
import { MAX_PLAYED_STEPS, type PlayedTrace, playedTrace } from './played-trace.ts'
import type { Question } from './questions.ts'
import { type RestingTrace, restingTrace } from './resting-trace.ts'
import type { MarketRules } from './rules.ts'
import type { TaskView } from './view.ts'

export type Computed =
  | { readonly trace: PlayedTrace }
  /** It is being computed elsewhere; how it ends is not known yet. */
  | { readonly waits: true }
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

/** What a player knows of the tasks that it plays. */
export interface Programs {
  /** Ids of the programs known. */
  readonly ids: readonly Hash[]
  /** Takes the module of a program, which was lowered to see that it is. */
  learn(program: Hash, module: Uint8Array): void
  /**
   * The computation of a task: made once, then remembered, as its id names all that goes into it. Where a bond is at
   * stake no limit of one's own choice refuses it: a slow answer is better than none.
   */
  compute(rules: MarketRules, task: TaskView, how?: Pressure): Computed
  /** Has questions answered that a trace threw as Unanswered. */
  ask(task: Hash, questions: readonly Question[]): void
  /** Drops what is remembered of these tasks. */
  drop(tasks: readonly Hash[]): void
}

/** What hangs on the computation of a task. */
export type Pressure =
  /** No stake of one's own. */
  | 'none'
  | 'staked'
  /** The same, and little time is left: the best answer that there is will do. */
  | 'pressing'

/** Programs that are run where they are asked for: each answer is there when it is asked for, and blocks until then. */
export interface LocalPrograms extends Programs {
  /**
   * Takes another module; returns the id of its program.
   * @throws what `lowerTask` throws
   */
  add(module: Uint8Array): Hash
}

const execute: Compute = (program, input, maxSteps, maxBytes) => new StateOracle(program, input, maxSteps, { maxBytes })

/**
 * The programs that a player can run, lowered here from their WebAssembly modules. Of the tasks without a stake only the
 * last one keeps its machine; of the others the ends and the hashes given, and what is asked beyond them is another run.
 * @throws what `lowerTask` throws
 */
export function createPrograms(modules: readonly Uint8Array[], options: ProgramOptions = {}): LocalPrograms {
  const { maxSteps = MAX_PLAYED_STEPS } = options
  const library = createLibrary()
  for (const wasm of modules) library.add(wasm)
  const { made, computationOf } = createMemory(createRun(library, options))
  return {
    get ids() {
      return library.ids
    },
    add: (module) => library.add(module),
    learn: (_, module) => void library.add(module),
    ask: () => undefined,
    drop(tasks) {
      for (const task of tasks) made.delete(task)
    },
    compute(rules, task, how = 'none') {
      const isStaked = how !== 'none'
      if (!library.has(task.request.order.program)) return { refused: 'unknownProgram' }
      const refused = reasonToLeave(rules, task, isStaked, maxSteps, SPEED.INTERPRETER)
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
