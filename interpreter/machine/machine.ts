import { BYTES_DATA_OFFSET, STATUS } from '../../spec/index.ts'
import type { Hash } from '../commit/hash.ts'
import { type Core, stateHash } from '../commit/state-hash.ts'
import type { StateTree } from '../commit/state-tree.ts'
import type { Program } from '../lower/program.ts'
import { boundaryCore } from './boundary.ts'
import { Commitment } from './commitment.ts'
import { ExactMachine } from './exact.ts'
import { type FastCode, fastCode } from './forms.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import type { Registers } from './registers.ts'
import { run } from './run.ts'
import { createStore, type Store } from './store.ts'
import { type TracedState, Wave } from './wave.ts'

/** Steps between two looks at the limit; the loop counts in 32 bits. */
const SLICE = 2 ** 30

/** A machine cannot go back. */
export class StepInThePast extends Error {
  override readonly name = 'StepInThePast'
  readonly step: number
  readonly now: number
  constructor(step: number, now: number) {
    super(`step ${step} is past; the machine stands at step ${now}`)
    this.step = step
    this.now = now
  }
}

/**
 * A lowered program running on an input, fast, with the state hash to be had at any step. Steps are
 * plain numbers, exact below 2^53.
 */
export class Machine {
  /** The machine's data; changing it is corrupting the machine. */
  readonly store: Store
  readonly #code: FastCode
  readonly #commit: () => Commitment
  readonly #wave: () => Wave
  /** Made when a hash is first asked for: many runs ask for none. */
  #commitment: Commitment | undefined

  /**
   * For programs from the lowering only, which keep sp, slots and targets in range by construction.
   * Where its memory or its output outgrows `maxBytes`, the run throws MemoryTooLarge and is of no more use.
   * @throws UnknownForm for a word that the lowering never emits
   * @throws MemoryTooLarge
   */
  constructor(program: Program, input: Uint8Array, maxBytes?: number) {
    this.#code = fastCode(program.code)
    this.store = createStore(program, input, maxBytes, this.#code.startSlots)
    this.#commit = () => new Commitment(program, input)
    this.#wave = () => new Wave(this.#code, program.code, this.store, this.#committed())
  }

  get registers(): Registers {
    const { steps, pc, sp, pages, status, exit } = this.store
    return { steps: BigInt(steps), pc, sp, pages, status, exit }
  }

  get stopped(): boolean {
    return this.store.status !== STATUS.RUNNING
  }

  get steps(): number {
    return this.store.steps
  }

  /**
   * Runs until the machine stops or stands at step `step`.
   * @throws StepInThePast
   * @throws MemoryTooLarge
   */
  runTo(step: number): void {
    if (step < this.steps) throw new StepInThePast(step, this.steps)
    while (!this.stopped && this.steps < step) run(this.#code, this.store, Math.min(SLICE, step - this.steps))
  }

  /** One step. */
  step(): void {
    this.runTo(this.steps + 1)
  }

  /** How the run ended, read at `maxSteps` or once stopped. */
  outcome(): Outcome {
    return outcomeOf(this.store.status, this.store.exit)
  }

  /** The bytes written as output so far. */
  output(): Uint8Array {
    const { view, bytes } = this.store.output
    const length = Number(view.getBigUint64(0, true))
    return bytes.slice(BYTES_DATA_OFFSET, BYTES_DATA_OFFSET + length)
  }

  /** The part of the state that is not in the tree. */
  core(): Core {
    return boundaryCore(this.registers)
  }

  /** The tree of the state as it is now; later runs change it. */
  tree(): StateTree {
    return this.#committed().update(this.store)
  }

  #committed(): Commitment {
    this.#commitment ??= this.#commit()
    return this.#commitment
  }

  stateHash(): Hash {
    return stateHash(this.tree().root(), this.core())
  }

  /** A machine that goes through the next step's substeps; valid until this machine runs on. */
  exact(): ExactMachine {
    return new ExactMachine(this.core(), this.tree())
  }

  /**
   * The state at every step from `from` to `to`, both included, or up to where the machine stops. Many states are
   * hashed together, so that the machine may stand a thousand steps further than the one that is given.
   */
  *trace(from: number, to: number): Generator<TracedState> {
    this.runTo(from)
    yield { step: this.steps, pc: this.store.pc, outcome: this.outcome(), stateHash: this.stateHash() }
    const wave = this.#wave()
    while (!this.stopped && this.steps < to) yield* wave.run(to - this.steps)
  }
}
