import { Machine, type Program } from '../../interpreter/index.ts'
import { Marks } from '../../interpreter/native/marks.ts'
import { Memories } from '../../interpreter/native/memories.ts'
import type { Recompiled } from '../../interpreter/native/module.ts'
import { Runner } from '../../interpreter/native/runner.ts'
import { storeDifference } from './same-store.ts'

/** What came of a run that was cut in pieces. */
export interface CutRun {
  /** States that the engine's code left, each of them compared with the interpreter's. */
  readonly captures: number
  /** Times that the engine's code went on in the middle of a function, the caller of the one that it began with included. */
  readonly resumes: number
  /** How the engine's code ended, if not as the machine does before its last step: it traps where the machine does, or where it does not. */
  readonly end: 'trap' | 'refusal' | null
  /** Where the two first parted, and in what. */
  readonly difference: string | null
}

export interface Cuts {
  /** Steps of the next piece, about. */
  readonly fuel: () => number
  /** How many pieces at most. */
  readonly pieces: number
}

const quick = new WeakMap<Recompiled, Recompiled>()

/** The same, run with fuel as well that is less than what lies between two safe points. Compiled once. */
export const unhurried = (recompiled: Recompiled): Recompiled => {
  const known = quick.get(recompiled) ?? { ...recompiled, reach: 0 }
  quick.set(recompiled, known)
  return known
}

/** A program that is run by the engine's code, and the interpreter beside it. */
class Pair {
  readonly #machine: Machine
  readonly #twin: Machine
  readonly #runner: Runner
  readonly #marks: readonly Marks[]
  readonly #recompiled: Recompiled
  #captures = 0
  #resumes = 0
  end: CutRun['end'] = null

  constructor(program: Program, input: Uint8Array, recompiled: Recompiled) {
    this.#recompiled = recompiled
    this.#machine = new Machine(program, input)
    this.#twin = new Machine(program, input)
    const { store } = this.#machine
    this.#runner = new Runner(unhurried(recompiled), store, new Memories(recompiled.layout, store))
    this.#marks = [new Marks(store.memory), new Marks(store.output)]
  }

  get ended(): boolean {
    return this.end !== null || this.#machine.stopped
  }

  /** Interprets up to where the engine's code can go on, and goes on by about so many steps; gives what differs then. */
  advance(fuel: number): string | null {
    while (!this.#runner.ready && !this.ended) this.#machine.step()
    if (this.ended) return this.#difference()
    const { steps } = this.#machine.store
    const within = this.#isWithin()
    try {
      this.#runner.run(fuel)
    } catch (failure) {
      if (!(failure instanceof WebAssembly.RuntimeError)) throw failure
      this.#trap(steps + fuel)
      return null
    }
    this.#captures++
    if (within) this.#resumes++
    const difference = this.#difference()
    // The fuel was too little for the way to the next safe point.
    if (this.#machine.steps === steps) this.#machine.step()
    return difference && `from step ${steps} to ${this.#machine.steps}: ${difference}`
  }

  /** The machine stands in a function, or at the entry of one that another function called. */
  #isWithin(): boolean {
    const { pc, sp, slots64 } = this.#machine.store
    const { sites } = this.#recompiled
    return sites.get(pc)?.kind !== 'entry' || sites.has(Number(slots64[sp - 1]))
  }

  #difference(): string | null {
    this.#twin.runTo(this.#machine.steps)
    return storeDifference(this.#machine.store, this.#twin.store)
  }

  /** The machine traps in this piece or before the next safe point, if it does. */
  #trap(end: number): void {
    this.#twin.runTo(end + this.#recompiled.reach)
    this.end = this.#twin.outcome().outcome === 'trapped' ? 'trap' : 'refusal'
  }

  /** What the hash says that is kept up by marks of what was stored to. */
  sameHash(): boolean {
    this.#twin.runTo(this.#machine.steps)
    for (const marks of this.#marks) marks.toCommit()
    return this.#machine.stateHash() === this.#twin.stateHash()
  }

  result(difference: string | null): CutRun {
    return { captures: this.#captures, resumes: this.#resumes, end: this.end, difference }
  }
}

/**
 * Runs a program by the engine's code in pieces, each from the state that the one before left, up to its end, its trap
 * or the last piece. All of the state is compared with the interpreter's after each piece, hashes after `hashed` of
 * them and at the end.
 */
export function runInPieces(
  program: Program,
  input: Uint8Array,
  recompiled: Recompiled,
  { fuel, pieces }: Cuts,
  hashed: (piece: number) => boolean = () => false,
): CutRun {
  const pair = new Pair(program, input, recompiled)
  for (let piece = 0; piece < pieces && !pair.ended; piece++) {
    const difference = pair.advance(fuel())
    if (difference !== null) return pair.result(difference)
    const hash = pair.end === null && (hashed(piece) || pair.ended)
    if (hash && !pair.sameHash()) return pair.result(`piece ${piece}: the hashes differ`)
  }
  return pair.result(null)
}
