import type { Hash } from '../commit/hash.ts'
import type { Core } from '../commit/state-hash.ts'
import { stateHash } from '../commit/state-hash.ts'
import type { StateTree } from '../commit/state-tree.ts'
import type { Program } from '../lower/program.ts'
import { ExactMachine } from '../machine/exact.ts'
import { Machine, StepInThePast } from '../machine/machine.ts'
import type { Outcome } from '../machine/outcome.ts'
import type { Registers } from '../machine/registers.ts'
import type { Store } from '../machine/store.ts'
import type { TracedState } from '../machine/wave.ts'
import { Memories } from './memories.ts'
import { type Recompiled, recompileProgram } from './module.ts'
import { MOST_FUEL, Runner } from './runner.ts'
import { type Checkpoint, type Focus, Trail } from './trail.ts'
import { NativeUnsupported } from './unsupported.ts'

/**
 * The engine optimizes code meanwhile, but only what is entered again is run in it: so each piece is a third of what has
 * been run, and little of a run goes by in code that is not.
 */
const PIECE_OF_STEPS = 1 / 3
const FIRST_PIECE = 2e7
const PIECE = 1e9

const pieceAfter = (steps: number): number => Math.min(PIECE, Math.max(FIRST_PIECE, Math.floor(PIECE_OF_STEPS * steps)))

/** Steps that the interpreter does at a time: not more than about a fifth of a second. */
const INTERPRETED_PIECE = 5e7

/** Fewer steps than these, and those between safe points, are not worth a capture. */
const FEW_STEPS = 2000

/** The engine is given the program after so many times as many steps: most runs are over sooner than it has compiled it. */
const PATIENCE = 500
/** The same of a program that it has. */
const KNOWN_PATIENCE = 50

/** Copies of earlier states take up to 384 MiB: with a machine of 64 MiB and its tree that makes less than 1 GB. */
const BUDGET_BYTES = 3 * 2 ** 27

/** Steps that are sooner done than a checkpoint is gone back to. */
const LEAST_GAP = 1e6

/** What runs a program: the engine as far as it can, or the interpreter alone. */
export type Tier = 'native' | 'interpreter'

export interface NativeOptions {
  readonly tier?: Tier | undefined
  readonly maxBytes?: number | undefined
  /** The program, if it was recompiled before. */
  readonly recompiled?: Recompiled | undefined
  /** Runs of fewer steps are left to the interpreter. */
  readonly fewSteps?: number | undefined
  /** Bytes that copies of earlier states may take, besides that of the start. */
  readonly budgetBytes?: number | undefined
  /** Copies where it was asked to stand are at least so many steps from each other. */
  readonly leastGap?: number | undefined
}

/** How a machine ran: steps that were done again count again. */
export interface NativeReport {
  /** Why the interpreter runs what the engine should: null as long as it does not. */
  readonly fallback: string | null
  readonly nativeSteps: number
  readonly interpretedSteps: number
  /** Earlier states that are held, and the bytes of what is held of them. */
  readonly checkpoints: number
  readonly checkpointBytes: number
}

/** What the engine holds of a run. */
interface Native {
  readonly recompiled: Recompiled
  readonly memories: Memories
  readonly runner: Runner
}

const recompiledPrograms = new WeakMap<Program, Recompiled>()

const recompiledOf = (program: Program): Recompiled => {
  const recompiled = recompiledPrograms.get(program) ?? recompileProgram(program)
  recompiledPrograms.set(program, recompiled)
  return recompiled
}

/**
 * A machine that runs at the speed of the engine's own compiler and stands at exactly the step that is asked for, also
 * at an earlier one. The interpreter goes the last steps, and all of them where the engine cannot.
 */
export class NativeMachine {
  readonly #machine: Machine
  readonly #program: Program
  readonly #tier: Tier
  readonly #fewSteps: number
  readonly #recompiled: Recompiled | undefined
  readonly #trail: Trail
  #native: Native | undefined
  #fallback: string | null = null
  #nativeSteps = 0
  #interpretedSteps = 0

  /**
   * @throws UnknownForm
   * @throws MemoryTooLarge, MemoryExhausted
   */
  constructor(program: Program, input: Uint8Array, options: NativeOptions = {}) {
    const { tier = 'native', fewSteps = FEW_STEPS, budgetBytes = BUDGET_BYTES, leastGap = LEAST_GAP } = options
    this.#machine = new Machine(program, input, options.maxBytes)
    this.#program = program
    this.#tier = tier
    this.#recompiled = options.recompiled
    this.#fewSteps = fewSteps
    this.#trail = new Trail(this.#machine.store, { budgetBytes, leastGap })
  }

  get report(): NativeReport {
    return {
      fallback: this.#fallback,
      nativeSteps: this.#nativeSteps,
      interpretedSteps: this.#interpretedSteps,
      checkpoints: this.#trail.count,
      checkpointBytes: this.#trail.bytes,
    }
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
    this.#trail.toCommit()
    return this.#machine.tree()
  }

  stateHash(): Hash {
    return stateHash(this.tree().root(), this.core())
  }

  /** A machine that goes through the next step's substeps; valid until this machine runs on. */
  exact(): ExactMachine {
    return new ExactMachine(this.core(), this.tree())
  }

  /**
   * The state at every step of a range, as `Machine.trace` gives it: the way to the first one is the engine's.
   * @throws StepInThePast
   * @throws MemoryTooLarge, MemoryExhausted
   */
  *trace(from: number, to: number): Generator<TracedState> {
    this.runTo(from)
    // Commitments use the marks up, which the trail needs too.
    this.#trail.toCommit()
    let committed = this.steps
    for (const state of this.#machine.trace(from, to)) {
      if (this.steps !== committed) {
        this.#trail.toCommit()
        this.#interpretedSteps += this.steps - committed
        committed = this.steps
      }
      yield state
    }
  }

  /** Tells where it will be asked to stand: earlier states there are held first. */
  expect(focus: Focus): void {
    this.#trail.focus = focus
  }

  /**
   * Stands at a step, or where the machine stops before it: goes on, or back to an earlier state and on from there.
   * @throws MemoryTooLarge, MemoryExhausted
   */
  goTo(step: number): void {
    const nearest = this.#trail.nearest(step)
    const { steps } = nearest.registers
    if (step < this.steps || steps > this.steps) this.#restore(nearest)
    this.runTo(step)
    this.#trail.visit()
  }

  /**
   * Runs until the machine stops or stands at step `step`.
   * @throws StepInThePast
   * @throws MemoryTooLarge, MemoryExhausted
   */
  runTo(step: number): void {
    if (step < this.steps) throw new StepInThePast(step, this.steps)
    while (!this.stopped && this.steps < step) this.#runPiece(step - this.steps)
  }

  #runPiece(left: number): void {
    const native = this.#ready()
    if (native === undefined) {
      this.#trail.visit(INTERPRETED_PIECE)
      this.#interpret(Math.min(left, this.#impatience ?? INTERPRETED_PIECE))
    } else if (left <= this.#shortest(native)) this.#interpret(left)
    else if (!native.runner.ready) this.#interpret(1)
    else {
      this.#trail.visit(PIECE)
      const fuel = Math.min(left - native.recompiled.reach, pieceAfter(this.steps))
      this.#runNative(native, fuel)
    }
  }

  /** Steps until the engine is given the program; undefined if that will not be, or was. */
  get #impatience(): number | undefined {
    const isKnown = this.#recompiled !== undefined || recompiledPrograms.has(this.#program)
    const left = (isKnown ? KNOWN_PATIENCE : PATIENCE) * this.#fewSteps - this.steps
    return left > 0 && this.#tier === 'native' && this.#fallback === null ? left : undefined
  }

  #ready(): Native | undefined {
    const isWaiting = this.#native === undefined && this.#tier === 'native' && this.#fallback === null
    if (isWaiting && this.#impatience === undefined) this.#prepare()
    return this.#native
  }

  /** Not worth the engine's while. */
  #shortest({ recompiled }: Native): number {
    return this.#fewSteps + 2 * recompiled.reach
  }

  #interpret(steps: number): void {
    const before = this.steps
    this.#machine.runTo(before + steps)
    this.#interpretedSteps += this.steps - before
  }

  #runNative(native: Native, fuel: number): void {
    const from = this.steps
    const end = this.#attempt(native, from + fuel)
    if (end === 'trap') this.#findStop(from, from + fuel)
    else if (end === 'ran' && this.steps === from) this.#interpret(native.recompiled.reach)
  }

  /** Runs the code about as far as step `to`. If it does not end well, the machine stands at the last checkpoint. */
  #attempt(native: Native, to: number): 'ran' | 'trap' | 'failed' {
    while (!native.runner.ready && !this.stopped) this.#interpret(1)
    const before = this.steps
    if (this.stopped || before >= to) return 'ran'
    try {
      native.runner.run(Math.min(to - before, MOST_FUEL))
      this.#nativeSteps += this.steps - before
      this.#interpret(Math.max(0, Math.min(native.runner.settleDebt(), to - this.steps)))
      return 'ran'
    } catch (failure) {
      return this.#recover(native, failure)
    }
  }

  #recover(native: Native, failure: unknown): 'trap' | 'failed' {
    const isTrap = failure instanceof WebAssembly.RuntimeError
    if (failure instanceof NativeUnsupported) this.#giveUp(failure.reason)
    else if (isTrap || failure instanceof RangeError) native.memories.afterNative()
    else throw failure
    if (failure instanceof RangeError && !native.runner.narrow()) this.#giveUp('the engine has too small a stack')
    this.#restore(this.#trail.base)
    return isTrap ? 'trap' : 'failed'
  }

  /** The code runs well up to step `safe`, and traps at `end` at the latest: comes close to it, then interprets. */
  #findStop(from: number, end: number): void {
    let [safe, piece] = [from, (end - from) / 8]
    this.#approach(safe)
    this.#trail.visit(0)
    for (let native = this.#native; native !== undefined && piece > this.#shortest(native); native = this.#native) {
      const how = this.#attempt(native, Math.floor(safe + piece))
      if (how === 'trap') piece /= 8
      if (how !== 'ran') continue
      if (this.stopped || this.steps >= end) return
      safe = Math.max(safe, this.steps)
      this.#trail.visit(0)
      piece = Math.min(2 * piece, end - safe)
    }
    this.#interpretStop(safe, end)
  }

  /** Runs to shortly before a step that the code is known to come to. */
  #approach(safe: number): void {
    const native = this.#native
    if (native === undefined || safe - this.steps <= this.#shortest(native)) return
    this.#attempt(native, safe - native.recompiled.reach)
  }

  /** As `#findStop`, from close to it. */
  #interpretStop(safe: number, end: number): void {
    const native = this.#native
    if (native === undefined) return
    this.#approach(safe)
    const last = Math.min(safe + 9 * this.#shortest(native), end + native.recompiled.reach)
    this.#interpret(Math.max(0, last - this.steps))
    if (!this.stopped && this.#native === native) this.#giveUp('the engine traps where the machine does not')
  }

  #restore(checkpoint: Checkpoint): void {
    this.#trail.restore(checkpoint)
    const { store } = this.#machine
    if (this.#native !== undefined && this.#native.memories.pages > store.pages) this.#prepare()
  }

  /** Gives the engine the machine as it is. */
  #prepare(): void {
    try {
      const recompiled = this.#recompiled ?? recompiledOf(this.#program)
      const memories = new Memories(recompiled.layout, this.#machine.store, this.#native?.memories)
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
