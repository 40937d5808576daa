import { Machine, NativeMachine } from '../../interpreter/index.ts'
import type { Program } from '../../interpreter/lower/program.ts'
import { type Recompiled, recompileProgram } from '../../interpreter/native/module.ts'
import { STACK_LIMIT } from '../../spec/index.ts'
import { runInPieces } from '../helpers/cut-run.ts'
import { addNativeWork, type NativeWork, NO_NATIVE_WORK, workOf } from '../helpers/native-work.ts'
import { createRandom, type Random, TEST_SEED } from '../helpers/random.ts'
import { storeDifference } from '../helpers/same-store.ts'
import type { Disagreement, Engine } from './engine.ts'
import { NO_INPUT } from './interpreter.ts'
import { type Group, type LinkedInstance, LinkedSession, type Runner } from './linked-session.ts'

/** Of a run that is cut, the first pieces are short, and each is longer than the one before: all runs come to their end. */
const FIRST_FUEL = 10
const LONGER = 1.3

/** Pieces of a run after which hashes are compared, besides that at its end: they take long to make. */
const HASHED_PIECE = 3

/** A short run is interpreted to its end then, as if it trapped. */
const REFUSED = { 'the engine traps where the machine does not': 1 }

const growingFuel = (random: Random) => {
  let most = FIRST_FUEL
  return () => {
    most = Math.ceil(most * LONGER)
    return 1 + random.below(most)
  }
}

/** Runs programs in the host's engine, whole and in pieces, and beside it in the interpreter. */
class NativeRunner implements Runner {
  readonly #random = createRandom(TEST_SEED)
  /** What a group's functions became, until modules are added to it. */
  readonly #recompiled = new WeakMap<Group, Recompiled>()
  #command = 0
  #work = NO_NATIVE_WORK
  #disagreements: Disagreement[] = []

  begin(command: number): void {
    this.#command = command
  }

  async run(program: Program, group: Group, grown: boolean): Promise<NativeMachine> {
    const known = grown ? undefined : this.#recompiled.get(group)
    const recompiled = known ?? recompileProgram(program)
    this.#recompiled.set(group, recompiled)
    const native = new NativeMachine(program, NO_INPUT, { recompiled, fewSteps: 0 })
    native.runTo(Number.MAX_SAFE_INTEGER)
    this.#compare(native, program)
    this.#add(workOf(native))
    if (native.report.fallback === null) this.#cut(program, recompiled)
    return native
  }

  async finish() {
    const native = this.#work
    this.#work = NO_NATIVE_WORK
    return { disagreements: this.#disagreements.splice(0), work: { native } }
  }

  #compare(native: NativeMachine, program: Program): void {
    const machine = new Machine(program, NO_INPUT)
    machine.runTo(Number.MAX_SAFE_INTEGER)
    this.#disagree(storeDifference(native.store, machine.store))
    if (native.stateHash() !== machine.stateHash()) this.#disagree('the hashes differ')
  }

  /** Again, from one state to the next: what is captured in the middle of functions is compared as well. */
  #cut(program: Program, recompiled: Recompiled): void {
    const cuts = { fuel: growingFuel(this.#random), pieces: Number.POSITIVE_INFINITY }
    const hashed = (piece: number) => piece === HASHED_PIECE
    const { captures, resumes, end, difference } = runInPieces(program, NO_INPUT, recompiled, cuts, hashed)
    this.#add({ captures, resumes, fallbacks: end === 'refusal' ? REFUSED : {} })
    this.#disagree(difference)
  }

  #add(work: Partial<NativeWork>): void {
    this.#work = addNativeWork(this.#work, work)
  }

  #disagree(reason: string | null): void {
    if (reason === null) return
    this.#disagreements.push({ command: this.#command, reason: `native run against the interpreter's: ${reason}` })
  }
}

/** The host's engine on recompiled code; what it cannot run, the interpreter does. */
export const nativeEngine: Engine<LinkedInstance> = {
  name: 'native',
  open: (group) => new LinkedSession(group, new NativeRunner(), { stackLimit: STACK_LIMIT, keepSources: true }),
  close: async () => {},
}
