import { leafIndex } from '../../interpreter/commit/merkle.ts'
import {
  type ExactMachine,
  type FinalState,
  finalStateOf,
  type Hash,
  Machine,
  type Program,
  type Trace,
  type Witness,
} from '../../interpreter/index.ts'
import { BLOCK_BITS } from '../../interpreter/machine/bytes.ts'
import { REGION, SUBSTEP, SUBSTEPS } from '../../spec/index.ts'

/** One bit of linear memory that changes by itself while a machine runs. */
export interface Flip {
  /** The step during which it changes: the one that begins at `step`. */
  readonly step: number
  /** The substep right after which it changes; by default the one that stores. */
  readonly substep: number
  readonly address: number
  readonly bit: number
}

export const FLIP_SUBSTEP = SUBSTEP.STORE_LOW

/** The machine ends before the step of the flip, or its memory before the address. */
export class FlipOutOfReach extends Error {
  override readonly name = 'FlipOutOfReach'
}

/** The same step reads or overwrites the byte after the flip, so that it would not be a flip alone. */
export class FlipNotAlone extends Error {
  override readonly name = 'FlipNotAlone'
}

/** The computation of a machine in which one bit flips: honest before, wrong in all that follows from it. */
export class FlippedTrace implements Trace {
  readonly final: FinalState
  readonly #flip: Flip
  readonly #start: () => Machine
  readonly #maxSteps: number
  readonly #hashes = new Map<number, Hash>()
  readonly #walks = new Map<number, readonly Hash[]>()
  #clean: Machine
  #broken: Machine

  constructor(program: Program, input: Uint8Array, maxSteps: number, flip: Flip) {
    this.#flip = flip
    this.#start = () => new Machine(program, input)
    this.#maxSteps = maxSteps
    this.#clean = this.#start()
    this.#broken = this.#breakMachine()
    if (this.substepHashes(flip.step).at(-1) !== this.#broken.stateHash()) throw new FlipNotAlone(JSON.stringify(flip))
    this.#broken.runTo(maxSteps)
    this.final = finalStateOf(this.#broken)
  }

  hashAt(step: number): Hash {
    const hash = this.#hashes.get(step) ?? this.#at(step).stateHash()
    this.#hashes.set(step, hash)
    return hash
  }

  hashesAt(steps: readonly number[]): Hash[] {
    return steps.map((step) => this.hashAt(step))
  }

  substepHashes(step: number): Hash[] {
    const hashes = this.#walks.get(step) ?? this.#walk(step)
    this.#walks.set(step, hashes)
    return [...hashes]
  }

  witnessAt(step: number, substep: number): Witness {
    const exact = this.#at(step).exact()
    for (let n = 0; n < substep; n++) this.#substep(exact, step, n)
    return exact.witness()
  }

  #walk(step: number): Hash[] {
    const exact = this.#at(step).exact()
    const hashes = [exact.stateHash()]
    for (let n = 0; n < SUBSTEPS; n++) {
      this.#substep(exact, step, n)
      hashes.push(exact.stateHash())
    }
    return hashes
  }

  #substep(exact: ExactMachine, step: number, n: number): void {
    exact.substep()
    if (step !== this.#flip.step || n !== this.#flip.substep) return
    const g = leafIndex(REGION.MEMORY, this.#flip.address >>> 5)
    const leaf = exact.tree.node(g).slice()
    flipBit(leaf, this.#flip.address & 31, this.#flip.bit)
    exact.tree.set(g, leaf)
  }

  #at(step: number): Machine {
    if (step <= this.#flip.step) {
      if (step < this.#clean.steps) this.#clean = this.#start()
      this.#clean.runTo(step)
      return this.#clean
    }
    if (step < this.#broken.steps) this.#broken = this.#breakMachine()
    this.#broken.runTo(Math.min(step, this.#maxSteps))
    return this.#broken
  }

  #breakMachine(): Machine {
    const { step, address, bit } = this.#flip
    const machine = this.#start()
    machine.runTo(step + 1)
    const { memory, pages } = machine.store
    if (machine.steps <= step || address >= pages * 2 ** 16) throw new FlipOutOfReach(JSON.stringify(this.#flip))
    flipBit(memory.bytes, address, bit)
    memory.dirty[address >>> BLOCK_BITS] = 1
    return machine
  }
}

function flipBit(bytes: Uint8Array, at: number, bit: number): void {
  bytes[at] = (bytes[at] as number) ^ (1 << bit)
}
