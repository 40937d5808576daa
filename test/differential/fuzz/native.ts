import { Machine, NativeMachine, type Program } from '../../../interpreter/index.ts'
import { type Recompiled, recompileProgram } from '../../../interpreter/native/module.ts'
import { runInPieces } from '../../helpers/cut-run.ts'
import { freshHash } from '../../helpers/fresh-hash.ts'
import { addNativeWork, type NativeWork, NO_NATIVE_WORK, workOf } from '../../helpers/native-work.ts'
import { MAX_STEPS } from '../../helpers/programs.ts'
import type { Random } from '../../helpers/random.ts'
import { storeDifference } from '../../helpers/same-store.ts'

/** Steps of a run at which the native tier is asked to stand on its way, and then in any order. */
const STOPS = 3
const RETURNS = 3
/** With none the engine begins at once, with more the interpreter does, for some hundreds of steps. */
const FEW_STEPS = [0, 0, 1, 3]
/** Bytes for copies of earlier states, and steps between them, so that some are held of short runs as well. */
const BUDGETS = [0, 2 ** 16, 2 ** 24]
const GAPS = [1, 40, 1000]
/** Pieces into which a run is cut, and how long they are, about: drawn anew for each. */
const PIECES = 20
const FUELS = [5, 30, 100, 400, 2000]

interface Run {
  readonly program: Program
  readonly input: Uint8Array
  readonly recompiled: Recompiled
  /** Of the whole run. */
  readonly steps: number
  readonly random: Random
}

/** Runs programs natively, to random steps and in random pieces, and compares all of their states with the interpreter's. */
export class NativeTwin {
  #work = NO_NATIVE_WORK
  #hashes = 0

  get work(): NativeWork {
    return this.#work
  }

  /** State hashes that were compared with one made anew. */
  get hashes(): number {
    return this.#hashes
  }

  /** What differs; `steps` are those of the whole run. */
  compare(program: Program, input: Uint8Array, steps: number, random: Random): readonly string[] {
    const recompiled = recompileProgram(program)
    const differences = this.#stop({ program, input, recompiled, steps, random })
    if (differences.length > 0) return differences
    const cuts = { fuel: () => 1 + random.below(random.pick(FUELS)), pieces: PIECES }
    const { captures, resumes, end, difference } = runInPieces(program, input, recompiled, cuts, () => true)
    this.#work = addNativeWork(this.#work, { captures, resumes })
    if (difference !== null) return [`native, in pieces: ${difference}`]
    return end === 'refusal' ? ['native, in pieces: the engine traps, the machine does not'] : []
  }

  #stop(run: Run): readonly string[] {
    const { program, input, recompiled, steps, random } = run
    const twin = new Machine(program, input)
    const options = { budgetBytes: random.pick(BUDGETS), leastGap: random.pick(GAPS), fewSteps: random.pick(FEW_STEPS) }
    const native = new NativeMachine(program, input, { recompiled, ...options })
    const stops = Array.from({ length: STOPS }, () => random.below(steps)).sort((a, b) => a - b)
    for (const step of [...stops, MAX_STEPS]) {
      twin.runTo(step)
      native.runTo(step)
      const difference = storeDifference(native.store, twin.store) ?? this.#hashDifference(native, program, input)
      if (difference !== null) return [`native, run to step ${step}: ${difference}`]
    }
    this.#work = addNativeWork(this.#work, workOf(native))
    return this.#return(native, run)
  }

  /** To earlier steps and later ones, from whatever states are held. */
  #return(native: NativeMachine, { program, input, steps, random }: Run): readonly string[] {
    for (let i = 0; i < RETURNS; i++) {
      const [step, twin] = [random.below(steps), new Machine(program, input)]
      twin.runTo(step)
      native.goTo(step)
      const difference = storeDifference(native.store, twin.store) ?? this.#hashDifference(native, program, input)
      if (difference !== null) return [`native, gone to step ${step}: ${difference}`]
    }
    return []
  }

  #hashDifference(native: NativeMachine, program: Program, input: Uint8Array): string | null {
    this.#hashes++
    const [kept, fresh] = [native.stateHash(), freshHash(native, program, input)]
    return kept === fresh ? null : `the hash that was kept up is ${kept}, made anew ${fresh}`
  }
}
