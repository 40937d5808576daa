import { Machine, type Program } from '../../interpreter/index.ts'
import type { Site } from '../../interpreter/native/environment.ts'
import { Memories } from '../../interpreter/native/memories.ts'
import { type Recompiled, recompileProgram } from '../../interpreter/native/module.ts'
import { Runner } from '../../interpreter/native/runner.ts'
import { unhurried } from './cut-run.ts'
import { createRandom } from './random.ts'
import { storeDifference } from './same-store.ts'

/** What became of mistakes that were planted one at a time. */
export interface Mistakes {
  readonly planted: number
  /** Those by which a state came out wrong. */
  readonly found: number
  /** The others, by their number. */
  readonly missed: readonly number[]
  /** Constants of code that no run gets to: whatever they are, it makes no difference. */
  readonly unused: number
}

const SEED = 20260505
const MOST_STEPS = 1e7
/** More steps than any run has left: who gets to a constant that is off by so much cannot overlook it. */
const GROSS = 2 ** 24

/** A run from the state at a step with so much fuel. */
interface Attempt {
  readonly from: number
  readonly fuel: number
}

/** Recompiles with one mistake, in the program or in what goes on from safe points. */
type Plant = (wanted: number, error: number) => Recompiled

/** A program, and runs of it that between them stop at each place at which any run stops. */
class Field {
  readonly #program: Program
  readonly #input: Uint8Array

  constructor(program: Program, input: Uint8Array) {
    this.#program = program
    this.#input = input
  }

  get steps(): number {
    const machine = this.#at(0)
    machine.runTo(MOST_STEPS)
    return machine.steps
  }

  /** The steps at which a run first stands at each safe point inside a function. */
  sitesOnTheWay(recompiled: Recompiled, most: number): number[] {
    const machine = this.#at(0)
    const steps = new Map<number, number>()
    while (!machine.stopped && machine.steps < most) {
      const { pc } = machine.store
      const site = recompiled.sites.get(pc)
      if (site !== undefined && site.kind !== 'entry' && !steps.has(pc)) steps.set(pc, machine.steps)
      machine.step()
    }
    return [...steps.values()]
  }

  siteAt(recompiled: Recompiled, step: number): Site {
    return recompiled.sites.get(this.#at(step).store.pc)!
  }

  /** Of many fuels, one for each place where the run stops with it, and one for the end. */
  attempts(recompiled: Recompiled, from: number, tries: number): Attempt[] {
    const random = createRandom(SEED)
    const left = this.steps - from
    const attempts = new Map<number, Attempt>()
    for (let i = 0; i < tries; i++) {
      const fuel = 1 + random.below(i % 2 === 0 ? left : Math.min(left, 300))
      const stop = this.#stop(recompiled, { from, fuel })
      if (typeof stop !== 'string') attempts.set(stop.store.pc, { from, fuel })
    }
    return [...attempts.values(), { from, fuel: MOST_STEPS }]
  }

  /** Whether one of the runs ends in a state that the machine has not at that step, or does not end as it should. */
  notices(recompiled: Recompiled, attempts: readonly Attempt[]): boolean {
    return attempts.some((attempt) => {
      const stop = this.#stop(recompiled, attempt)
      if (typeof stop === 'string' || stop.steps < attempt.from) return true
      const twin = this.#at(0)
      twin.runTo(stop.steps)
      return storeDifference(stop.store, twin.store) !== null
    })
  }

  #stop(recompiled: Recompiled, { from, fuel }: Attempt): Machine | string {
    const machine = this.#at(from)
    const runner = new Runner(recompiled, machine.store, new Memories(recompiled.layout, machine.store))
    try {
      runner.run(fuel)
      return machine
    } catch (failure) {
      if (failure instanceof WebAssembly.RuntimeError || failure instanceof RangeError) return String(failure)
      throw failure
    }
  }

  #at(step: number): Machine {
    const machine = new Machine(this.#program, this.#input)
    machine.runTo(step)
    return machine
  }

  /** Plants one mistake after another; `constants` is the number of places. */
  plantAll(plant: Plant, constants: number, attempts: readonly Attempt[]): Mistakes {
    let [planted, found, unused] = [0, 0, 0]
    const missed: number[] = []
    for (let wanted = 0; wanted < constants; wanted += 2) {
      if (!this.notices(plant(wanted, GROSS), attempts)) {
        unused++
        continue
      }
      for (const place of [wanted, wanted + 1]) {
        planted++
        if (this.notices(plant(place, 1), attempts)) found++
        else missed.push(place)
      }
    }
    return { planted, found, missed, unused }
  }
}

/** Counts the places where a mistake may be, and makes one of them wrong. */
class Hook {
  places = 0
  readonly #wanted: number
  readonly #error: number

  constructor(wanted = -1, error = 0) {
    this.#wanted = wanted
    this.#error = error
  }

  readonly next = (): number => (this.places++ === this.#wanted ? this.#error : 0)
}

/** Plants each mistake of the code that runs a program from its start. */
export const plantInProgram = (program: Program, input: Uint8Array, tries: number): Mistakes => {
  const counting = new Hook()
  const right = unhurried(recompileProgram(program, counting.next))
  const field = new Field(program, input)
  const plant: Plant = (wanted, error) => unhurried(recompileProgram(program, new Hook(wanted, error).next))
  return field.plantAll(plant, counting.places, field.attempts(right, 1, tries))
}

/** The same in the code that goes on from the safe point where the machine stands at a step. */
const plantInResumption = (field: Field, program: Program, from: number, tries: number): Mistakes => {
  const counting = new Hook()
  const right = unhurried(recompileProgram(program, counting.next))
  const before = counting.places
  right.resume(field.siteAt(right, from))
  const plant: Plant = (wanted, error) => unhurried(recompileProgram(program, new Hook(before + wanted, error).next))
  return field.plantAll(plant, counting.places - before, field.attempts(right, from, tries))
}

/** Plants each mistake of the code that goes on from safe points in functions. */
export const plantInResumptions = (program: Program, input: Uint8Array, tries: number): Mistakes => {
  const field = new Field(program, input)
  const places = field.sitesOnTheWay(recompileProgram(program), field.steps)
  return places.map((from) => plantInResumption(field, program, from, tries)).reduce(addMistakes, NO_MISTAKES)
}

const NO_MISTAKES: Mistakes = { planted: 0, found: 0, missed: [], unused: 0 }

export const addMistakes = (one: Mistakes, other: Mistakes): Mistakes => ({
  planted: one.planted + other.planted,
  found: one.found + other.found,
  missed: [...one.missed, ...other.missed],
  unused: one.unused + other.unused,
})
