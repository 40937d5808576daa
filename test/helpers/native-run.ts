import { expect } from 'vitest'
import { Machine, type Program } from '../../interpreter/index.ts'
import { Marks } from '../../interpreter/native/marks.ts'
import { Memories } from '../../interpreter/native/memories.ts'
import { type Recompiled, recompileProgram } from '../../interpreter/native/module.ts'
import { NativeMachine } from '../../interpreter/native/native-machine.ts'
import { Runner } from '../../interpreter/native/runner.ts'
import type { Random } from './random.ts'

const MOST_STEPS = 1e8
const NO_INPUT = new Uint8Array(0)

/** What two machines that stand at the same step must have in common. */
const standing = (machine: Pick<Machine, 'registers' | 'stateHash'>) => ({
  ...machine.registers,
  stateHash: Buffer.from(machine.stateHash()).toString('hex'),
})

/** Runs a program natively, stopping at random steps, and compares each state, and the end, with the interpreter's. */
export const compareAtSteps = (program: Program, input: Uint8Array, random: Random, stops: number) => {
  const whole = new Machine(program, input)
  whole.runTo(MOST_STEPS)
  const steps = Array.from({ length: stops }, () => random.below(whole.steps)).sort((a, b) => a - b)
  const [twin, native] = [new Machine(program, input), new NativeMachine(program, input, { fewSteps: 0 })]
  for (const step of [...steps, MOST_STEPS]) {
    twin.runTo(step)
    native.runTo(step)
    expect(standing(native), `step ${step}`).toEqual(standing(twin))
  }
  expect(native.outcome()).toEqual(whole.outcome())
  expect(native.output()).toEqual(whole.output())
  return { ...native.report, outcome: native.outcome() }
}

/** How many captures were compared, and how many runs the engine trapped. */
export interface Captures {
  captures: number
  traps: number
}

/**
 * Runs pieces of a program with little fuel and compares each captured state with the interpreter's; every piece goes
 * on from the state that was captured before. Ends with the program, or at its trap.
 */
export const compareCaptures = (program: Program, input: Uint8Array, random: Random, pieces: number): Captures => {
  const [twin, machine] = [new Machine(program, input), new Machine(program, input)]
  const recompiled = { ...recompileProgram(program), reach: 0 }
  const runner = new Runner(recompiled, machine.store, new Memories(recompiled.layout, machine.store))
  const marks = [new Marks(machine.store.memory), new Marks(machine.store.output)]
  const seen: Captures = { captures: 0, traps: 0 }
  for (let piece = 0; piece < pieces && !machine.stopped; piece++) {
    const before = machine.steps
    const fuel = 1 + random.below(random.pick([20, 60, 200, 1000]))
    if (runner.ready) {
      try {
        runner.run(fuel)
      } catch (failure) {
        if (!(failure instanceof WebAssembly.RuntimeError)) throw failure
        twin.runTo(before + fuel + 2 * recompileProgram(program).reach)
        expect(twin.outcome().outcome, `from step ${before}`).not.toBe('outOfSteps')
        return { ...seen, traps: 1 }
      }
      seen.captures++
    }
    if (machine.steps === before) machine.runTo(before + 1)
    twin.runTo(machine.steps)
    for (const both of marks) both.toCommit()
    expect(standing(machine), `piece ${piece} from step ${before}`).toEqual(standing(twin))
  }
  return seen
}

/** Runs a program from its start with each of the fuels, and compares where the interpreter stands after as many steps. */
export const compareStops = (program: Program, recompiled: Recompiled, fuels: readonly number[]): void => {
  for (const fuel of fuels) {
    const [twin, machine] = [new Machine(program, NO_INPUT), new Machine(program, NO_INPUT)]
    const runner = new Runner(
      { ...recompiled, reach: 0 },
      machine.store,
      new Memories(recompiled.layout, machine.store),
    )
    machine.step()
    runner.run(fuel)
    twin.runTo(machine.steps)
    expect(machine.registers, `fuel ${fuel}`).toEqual(twin.registers)
  }
}
