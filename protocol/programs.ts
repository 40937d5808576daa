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
import { type Place, taskId } from './game-ids.ts'
import { MAX_PLAYED_STEPS, type PlayedTrace, playedTrace } from './played-trace.ts'
import type { TaskView } from './view.ts'

/** Why a task is not played. */
export type Refusal =
  /** No program of this id was given to the player. */
  | 'unknownProgram'
  /** More steps than the player is willing to run, or than the machine's plain numbers can count. */
  | 'tooManySteps'
  /** The node's words do not make the task's id: they are not the task's. */
  | 'notTheTask'
  /** The player's machine starts in another state than the contract's. */
  | 'initialStateDiffers'

export type Computed = { readonly trace: PlayedTrace } | { readonly refused: Refusal }

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
  /** The computation of a task: made once, then remembered, as its id names all that goes into it. */
  compute(place: Place, task: TaskView): Computed
}

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
  const traces = new Map<Hash, PlayedTrace>()

  function computed(place: Place, task: TaskView): Computed {
    const program = known.get(task.program)
    if (program === undefined) return { refused: 'unknownProgram' }
    if (task.maxSteps > limit) return { refused: 'tooManySteps' }
    const inputRoot = toHex(byteTreeRoot(task.input))
    if (taskId(place, { ...task, inputRoot }) !== task.id) return { refused: 'notTheTask' }
    const trace = playedTrace(compute(program, task.input, Number(task.maxSteps)))
    if (trace.hashAt(0n) !== task.initial) return { refused: 'initialStateDiffers' }
    traces.set(task.id, trace)
    return { trace }
  }

  return {
    ids: [...known.keys()],
    compute: (place, task) => {
      const trace = traces.get(task.id)
      return trace === undefined ? computed(place, task) : { trace }
    },
  }
}

const lowered = (program: Program): [Hash, Program] => [programHeader(program).programId, program]
