import { lowerTask, NativeMachine, type Program } from '../../interpreter/index.ts'
import { type RawRun, rawRun } from './raw.ts'

/** Runs in Node and in a browser. */

const NO_INPUT = new Uint8Array(0)
const ALL_STEPS = Number.MAX_SAFE_INTEGER
/** Calls after which the engine has optimized what it means to, where nobody tells it to do so at once. */
const WARMING_RUNS = 3

/** Seconds that `act` takes. */
export type Clock = (act: () => void) => number

export interface Sampling {
  readonly clock: Clock
  /** Samples of each, in turn; what counts is their median. */
  readonly samples: number
  /** A sample repeats a run until it is so long, as clocks tick. */
  readonly sampleSeconds: number
}

/** Seconds of one run. */
export interface Pair {
  readonly raw: number
  readonly native: number
}

export interface FirstRuns {
  /** Compiled, but never run before. */
  readonly first: Pair
  readonly steps: number
  readonly fallback: string | null
}

export interface Comparison extends FirstRuns {
  /** Warm. */
  readonly pairs: readonly Pair[]
}

/** A run answered something else, or did not end. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer'
  constructor(who: string) {
    super(`${who} does not answer what it should`)
  }
}

const require = (who: string, output: Uint8Array, answer: Uint8Array): void => {
  if (output.length !== answer.length || output.some((byte, i) => byte !== answer[i])) throw new WrongAnswer(who)
}

/** A module as it is, and on the native tier with everything on; both have answered once. */
class Engines {
  readonly first: Pair
  readonly #clock: Clock
  readonly #module: WebAssembly.Module
  readonly #program: Program
  machine: NativeMachine
  run: RawRun

  constructor(wasm: Uint8Array<ArrayBuffer>, answer: Uint8Array, clock: Clock) {
    this.#clock = clock
    this.#module = new WebAssembly.Module(wasm)
    this.run = rawRun(this.#module)
    this.#program = lowerTask(wasm, { keepSources: true })
    this.machine = new NativeMachine(this.#program, NO_INPUT)
    this.first = { raw: this.raw(), native: this.native() }
    require('the engine', this.run.output(), answer)
    require('the native tier', this.machine.output(), answer)
  }

  raw(): number {
    this.run = rawRun(this.#module)
    return this.#clock(() => this.run.main())
  }

  native(): number {
    this.machine = new NativeMachine(this.#program, NO_INPUT)
    return this.#clock(() => this.machine.runTo(ALL_STEPS))
  }
}

/** Runs a module once as it is and once on the native tier. */
export function firstRuns(wasm: Uint8Array<ArrayBuffer>, answer: Uint8Array, clock: Clock): FirstRuns {
  const { first, machine } = new Engines(wasm, answer, clock)
  return { first, steps: machine.steps, fallback: machine.report.fallback }
}

/** Runs them in turn, in one process. */
export function compareEngines(wasm: Uint8Array<ArrayBuffer>, answer: Uint8Array, sampling: Sampling): Comparison {
  const { clock, samples, sampleSeconds } = sampling
  const engines = new Engines(wasm, answer, clock)
  const warm = Array.from({ length: WARMING_RUNS }, () => [engines.raw(), engines.native()] as const)
  const repeats = Math.ceil(sampleSeconds / Math.min(...warm.map(([raw]) => raw)))
  const average = (run: () => number) =>
    Array.from({ length: repeats }, run).reduce((sum, time) => sum + time) / repeats
  const pairs = Array.from({ length: samples }, () => ({
    raw: average(() => engines.raw()),
    native: average(() => engines.native()),
  }))
  const { first, machine } = engines
  return { first, steps: machine.steps, fallback: machine.report.fallback, pairs }
}
