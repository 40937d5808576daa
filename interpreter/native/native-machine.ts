import type { Hash } from '../commit/hash.ts'
import type { Core } from '../commit/state-hash.ts'
import { stateHash } from '../commit/state-hash.ts'
import type { StateTree } from '../commit/state-tree.ts'
import type { Program } from '../lower/program.ts'
import { Machine, StepInThePast } from '../machine/machine.ts'
import type { Outcome } from '../machine/outcome.ts'
import type { Registers } from '../machine/registers.ts'
import type { Store } from '../machine/store.ts'
import { Marks } from './marks.ts'
import { Memories } from './memories.ts'
import { type Recompiled, recompileProgram } from './module.ts'
import { MOST_FUEL, Runner } from './runner.ts'
import { Snapshot } from './snapshot.ts'
import { NativeUnsupported } from './unsupported.ts'

/** Early pieces are short: what runs on goes on in code that the engine has optimized meanwhile. */
const FIRST_PIECES = [1e7, 5e7]
const PIECE = 1e9

/** Fewer steps than these, and those between safe points, are not worth a capture. */
const FEW_STEPS = 2000

export interface NativeOptions {
  readonly maxBytes?: number
  /** The program, if it was recompiled before. */
  readonly recompiled?: Recompiled
  /** Runs of fewer steps are left to the interpreter. */
  readonly fewSteps?: number
}

/** How a machine ran. */
export interface NativeReport {
  /** Why the interpreter runs what the engine should: null as long as it does not. */
  readonly fallback: string | null
  readonly nativeSteps: number
  readonly interpretedSteps: number
}

/** What the engine holds of a run. */
interface Native {
  readonly recompiled: Recompiled
  readonly memories: Memories
  readonly runner: Runner
}

/**
 * A machine that runs at the speed of the engine's own compiler and stands at exactly the step that is asked for. The
 * interpreter goes the last steps, and all of them where the engine cannot.
 */
export class NativeMachine {
  readonly #machine: Machine
  readonly #program: Program
  readonly #fewSteps: number
  #recompiled: Recompiled | undefined
  #native: Native | undefined
  #marks: readonly [memory: Marks, output: Marks]
  #snapshot: Snapshot
  #pieces = 0
  #fallback: string | null = null
  #nativeSteps = 0

  /**
   * @throws UnknownForm
   * @throws MemoryTooLarge
   */
  constructor(program: Program, input: Uint8Array, options: NativeOptions = {}) {
    const { maxBytes, recompiled, fewSteps = FEW_STEPS } = options
    this.#machine = new Machine(program, input, maxBytes)
    this.#program = program
    this.#recompiled = recompiled
    this.#fewSteps = fewSteps
    const { store } = this.#machine
    this.#prepare()
    this.#marks = [new Marks(store.memory), new Marks(store.output)]
    this.#snapshot = new Snapshot(store, ...this.#marks)
  }

  get report(): NativeReport {
    const { steps } = this.#machine
    return { fallback: this.#fallback, nativeSteps: this.#nativeSteps, interpretedSteps: steps - this.#nativeSteps }
  }

  /** The machine's data; changing it is corrupting the machine. */
  get store(): Store {
    return this.#machine.store
  }

  get registers(): Registers {
    return this.#machine.registers
  }

  get stopped(): boolean {
    return this.#machine.stopped
  }

  get steps(): number {
    return this.#machine.steps
  }

  outcome(): Outcome {
    return this.#machine.outcome()
  }

  output(): Uint8Array {
    return this.#machine.output()
  }

  core(): Core {
    return this.#machine.core()
  }

  /** The tree of the state as it is now; later runs change it. */
  tree(): StateTree {
    for (const marks of this.#marks) marks.toCommit()
    return this.#machine.tree()
  }

  stateHash(): Hash {
    return stateHash(this.tree().root(), this.core())
  }

  /**
   * Runs until the machine stops or stands at step `step`.
   * @throws StepInThePast
   * @throws MemoryTooLarge
   */
  runTo(step: number): void {
    if (step < this.steps) throw new StepInThePast(step, this.steps)
    while (!this.stopped && this.steps < step) {
      const left = step - this.steps
      const native = this.#native
      if (native === undefined || left <= 2 * native.recompiled.reach + this.#fewSteps) this.#interpret(left)
      else if (!native.runner.ready) this.#interpret(1)
      else this.#runPiece(native, Math.min(left - native.recompiled.reach, FIRST_PIECES[this.#pieces++] ?? PIECE))
    }
  }

  #interpret(steps: number): void {
    this.#machine.runTo(this.steps + steps)
  }

  #runPiece(native: Native, fuel: number): void {
    const before = this.steps
    this.#snapshot.take()
    if (!this.#attempt(native, Math.min(fuel, MOST_FUEL))) this.#findStop(native, fuel)
    else if (this.steps === before) this.#interpret(native.recompiled.reach)
  }

  /** Whether the code ran without a trap; if not, the machine is back at the snapshot. */
  #attempt({ runner }: Native, fuel: number): boolean {
    const before = this.steps
    try {
      runner.run(fuel)
      this.#nativeSteps += this.steps - before
      return true
    } catch (failure) {
      if (!(failure instanceof WebAssembly.RuntimeError || failure instanceof RangeError)) throw failure
      this.#restore()
      if (failure instanceof RangeError && !runner.narrow()) this.#giveUp('the engine has too small a stack')
      return false
    }
  }

  /** The code traps within `fuel` steps and those between two safe points: comes close to it, then interprets. */
  #findStop(native: Native, fuel: number): void {
    const { reach } = native.recompiled
    let piece = fuel / 8
    while (piece > this.#fewSteps + 2 * reach && this.#native !== undefined) {
      this.#snapshot.take()
      if (!this.#native.runner.ready) this.#interpret(1)
      else if (this.#attempt(this.#native, Math.floor(piece))) piece *= 2
      else piece /= 8
    }
    const end = this.steps + 8 * (this.#fewSteps + 2 * reach) + 2 * reach
    this.#interpret(end - this.steps)
    if (!this.stopped && this.#native !== undefined) this.#giveUp('the engine traps where the machine does not')
  }

  #restore(): void {
    const { store } = this.#machine
    const { pages } = this.#snapshot
    this.#native?.memories.afterNative()
    const grown = store.pages !== pages
    this.#snapshot.restore()
    if (grown) this.#prepare()
  }

  /** Gives the engine the machine as it is. */
  #prepare(): void {
    try {
      const recompiled = this.#recompiled ?? recompileProgram(this.#program)
      this.#recompiled = recompiled
      const memories = new Memories(recompiled.layout, this.#machine.store)
      this.#native = { recompiled, memories, runner: new Runner(recompiled, this.#machine.store, memories) }
    } catch (failure) {
      if (!(failure instanceof NativeUnsupported)) throw failure
      this.#giveUp(failure.reason)
    }
  }

  #giveUp(reason: string): void {
    this.#fallback ??= reason
    this.#native = undefined
  }
}
