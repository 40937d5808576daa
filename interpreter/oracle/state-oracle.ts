import { SUBSTEPS } from '../../spec/index.ts'
import type { Hash } from '../commit/hash.ts'
import type { Witness } from '../commit/witness.ts'
import type { Program } from '../lower/program.ts'
import type { ExactMachine } from '../machine/exact.ts'
import { Machine } from '../machine/machine.ts'
import type { Outcome } from '../machine/outcome.ts'
import { NativeMachine, type NativeOptions, type NativeReport, type Tier } from '../native/index.ts'
import { copyStore } from './copy-store.ts'
import { type FinalState, finalStateOf, type Trace } from './trace.ts'

export type OracleOptions = Pick<
  NativeOptions,
  'tier' | 'maxBytes' | 'budgetBytes' | 'leastGap' | 'fewSteps' | 'recompiled'
>

/** How the answers came about. */
export interface OracleReport extends NativeReport {
  /** `native` if the engine ran any step. */
  readonly tier: Tier
}

/** No step that a run can have, or no substep of one. */
export class StepOutOfRange extends Error {
  override readonly name = 'StepOutOfRange'
  readonly step: number
  readonly last: number
  constructor(step: number, last: number) {
    super(`${step} is no whole number from 0 to ${last}`)
    this.step = step
    this.last = last
  }
}

const requireBetween = (step: number, last: number): void => {
  if (!Number.isSafeInteger(step) || step < 0 || step > last) throw new StepOutOfRange(step, last)
}

/** The substeps of one step: the hashes around them, and what the judge needs for each. */
interface Walk {
  readonly hashes: readonly Hash[]
  readonly witnesses: readonly Witness[]
}

function walkSubsteps(exact: ExactMachine): Walk {
  const hashes = [exact.stateHash()]
  const witnesses: Witness[] = []
  for (let n = 0; n < SUBSTEPS; n++) {
    witnesses.push(exact.witness())
    exact.substep()
    hashes.push(exact.stateHash())
  }
  return { hashes, witnesses }
}

/**
 * Runs a program on an input and names its exact state at any step. What is asked later costs a run from the last
 * state that is held before it, and questions leave more of them where they were. Answers once given are remembered.
 */
export class StateOracle implements Trace {
  readonly final: FinalState
  readonly outcome: Outcome
  readonly output: Uint8Array
  readonly #start: () => Machine
  readonly #machine: NativeMachine
  readonly #hashes = new Map<number, Hash>()
  readonly #walks = new Map<number, Walk>()

  /**
   * Runs to the end, or to `maxSteps`.
   * @throws MemoryTooLarge if memory or output outgrow `maxBytes`; MemoryExhausted if the engine has no more
   * @throws StepOutOfRange
   */
  constructor(program: Program, input: Uint8Array, maxSteps: number, options: OracleOptions = {}) {
    requireBetween(maxSteps, Number.MAX_SAFE_INTEGER)
    this.#start = () => new Machine(program, input)
    this.#machine = new NativeMachine(program, input, options)
    this.#hashes.set(0, this.#machine.stateHash())
    this.#machine.runTo(maxSteps)
    this.outcome = this.#machine.outcome()
    this.final = finalStateOf(this.#machine)
    this.output = this.final.output
    this.#hashes.set(this.final.steps, this.final.stateHash)
  }

  get report(): OracleReport {
    const report = this.#machine.report
    return { tier: report.nativeSteps > 0 ? 'native' : 'interpreter', ...report }
  }

  /** @throws StepOutOfRange, MemoryExhausted */
  hashAt(step: number): Hash {
    return this.hashesAt([step])[0]!
  }

  /** @throws StepOutOfRange, MemoryExhausted */
  hashesAt(steps: readonly number[]): Hash[] {
    const asked = steps.map((step) => this.#within(step))
    const ordered = [...new Set(asked)].sort((a, b) => a - b)
    if (ordered.some((step) => !this.#hashes.has(step))) this.#passOver(ordered)
    return asked.map((step) => this.#hashes.get(step)!)
  }

  /** @throws StepOutOfRange, MemoryExhausted */
  substepHashes(step: number): Hash[] {
    return [...this.#walk(step).hashes]
  }

  /** @throws StepOutOfRange, MemoryExhausted */
  witnessAt(step: number, substep: number): Witness {
    requireBetween(substep, SUBSTEPS - 1)
    return this.#walk(step).witnesses[substep]!
  }

  /**
   * A machine of the interpreter that stands at a step: a copy, which is hashed anew.
   * @throws StepOutOfRange, MemoryExhausted
   */
  machineAt(step: number): Machine {
    const copy = this.#start()
    copyStore(this.#at(this.#within(step)).store, copy.store)
    return copy
  }

  #within(step: number): number {
    requireBetween(step, Number.MAX_SAFE_INTEGER)
    return Math.min(step, this.final.steps)
  }

  /** Where a range begins its next questions will, too: a checkpoint is left there, whether its hash is known or not. */
  #passOver(ordered: readonly number[]): void {
    const from = ordered[0]!
    this.#machine.expect({ from, to: ordered.at(-1)! })
    this.#machine.goTo(from)
    for (const step of ordered) if (!this.#hashes.has(step)) this.#hashes.set(step, this.#at(step).stateHash())
  }

  #walk(step: number): Walk {
    const at = this.#within(step)
    const walk = this.#walks.get(at) ?? walkSubsteps(this.#at(at).exact())
    this.#walks.set(at, walk)
    return walk
  }

  #at(step: number): NativeMachine {
    this.#machine.goTo(step)
    return this.#machine
  }
}
