import { SUBSTEPS } from '../spec/index.ts'
import type { Hash, Node } from './commit/hash.ts'
import type { Witness } from './commit/witness.ts'
import type { Program } from './lower/program.ts'
import type { ExactMachine } from './machine/exact.ts'
import { Machine } from './machine/machine.ts'
import type { Outcome } from './machine/outcome.ts'

/** A final state as it is entered on chain: the two words whose hash it is; and what opens its result. */
export interface FinalState {
  readonly root: Node
  readonly regs: bigint
  readonly steps: number
  readonly stateHash: Hash
  /** In region order. */
  readonly regionRoots: readonly Node[]
  readonly output: Uint8Array
}

/** The state in which a machine stands, as one to be entered. */
export function finalStateOf(machine: Machine): FinalState {
  const stateHash = machine.stateHash()
  const tree = machine.tree()
  return {
    root: tree.root(),
    regs: machine.core().regs,
    steps: machine.steps,
    stateHash,
    regionRoots: tree.regionRoots(),
    output: machine.output(),
  }
}

/**
 * What a player of a dispute asks of a computation. Steps may be asked for in any order; at and
 * after the last one the state is the final state.
 */
export interface Trace {
  readonly final: FinalState
  /** State hash after `step` steps. */
  hashAt(step: number): Hash
  /** The thirteen hashes around the twelve substeps of the step that begins at `step`. */
  substepHashes(step: number): Hash[]
  /** What the judge needs for substep `substep` (0 to 11) of that step. */
  witness(step: number, substep: number): Witness
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
 * A trace that runs the program as far as it is asked, and again from the start when asked for an
 * earlier step. Answers once given are remembered.
 */
export class ExecutionTrace implements Trace {
  readonly final: FinalState
  readonly outcome: Outcome
  readonly output: Uint8Array
  readonly #start: () => Machine
  readonly #hashes = new Map<number, Hash>()
  readonly #walks = new Map<number, Walk>()
  #machine: Machine

  /**
   * Runs to the end, or to `maxSteps`.
   * @throws MemoryTooLarge if memory or output outgrow `maxBytes`
   */
  constructor(program: Program, input: Uint8Array, maxSteps: number, maxBytes?: number) {
    this.#start = () => new Machine(program, input, maxBytes)
    this.#machine = this.#start()
    this.#machine.runTo(maxSteps)
    this.outcome = this.#machine.outcome()
    this.final = finalStateOf(this.#machine)
    this.output = this.final.output
    this.#hashes.set(this.final.steps, this.final.stateHash)
  }

  hashAt(step: number): Hash {
    const at = Math.min(step, this.final.steps)
    const known = this.#hashes.get(at)
    if (known !== undefined) return known
    const hash = this.#at(at).stateHash()
    this.#hashes.set(at, hash)
    return hash
  }

  substepHashes(step: number): Hash[] {
    return [...this.#walk(step).hashes]
  }

  witness(step: number, substep: number): Witness {
    return this.#walk(step).witnesses[substep] as Witness
  }

  #walk(step: number): Walk {
    const at = Math.min(step, this.final.steps)
    const known = this.#walks.get(at)
    if (known !== undefined) return known
    const walk = walkSubsteps(this.#at(at).exact())
    this.#walks.set(at, walk)
    return walk
  }

  #at(step: number): Machine {
    if (step < this.#machine.steps) this.#machine = this.#start()
    this.#machine.runTo(step)
    return this.#machine
  }
}
