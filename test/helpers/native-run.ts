import { expect } from 'vitest'
import { Machine, type Program } from '../../interpreter/index.ts'
import { recompileProgram } from '../../interpreter/native/module.ts'
import { NativeMachine } from '../../interpreter/native/native-machine.ts'
import { type CutRun, runInPieces } from './cut-run.ts'
import type { Random } from './random.ts'
import { storeDifference } from './same-store.ts'

const MOST_STEPS = 1e8

const expectSame = (native: NativeMachine, twin: Machine): void => {
  expect(storeDifference(native.store, twin.store), `step ${twin.steps}`).toBeNull()
  expect(native.stateHash(), `step ${twin.steps}`).toBe(twin.stateHash())
}

/** Steps to which a machine that has stopped is sent back. */
const RETURNS = 2
/** Steps between the states to which it can be brought back, so that there are some of short runs. */
const GAP = 100

/**
 * Runs a program natively, stopping at random steps, and compares each state, and the end, with the interpreter's; then
 * the same at earlier steps.
 */
export const compareAtSteps = (program: Program, input: Uint8Array, random: Random, stops: number) => {
  const whole = new Machine(program, input)
  whole.runTo(MOST_STEPS)
  const steps = Array.from({ length: stops }, () => random.below(whole.steps)).sort((a, b) => a - b)
  const native = new NativeMachine(program, input, { fewSteps: 0, leastGap: GAP })
  const twin = new Machine(program, input)
  for (const step of [...steps, MOST_STEPS]) {
    twin.runTo(step)
    native.runTo(step)
    expectSame(native, twin)
  }
  expect(native.outcome()).toEqual(whole.outcome())
  expect(native.output()).toEqual(whole.output())
  const ended = { ...native.report, outcome: native.outcome() }
  for (let i = 0; i < RETURNS; i++) {
    const earlier = new Machine(program, input)
    earlier.runTo(random.below(whole.steps))
    native.goTo(earlier.steps)
    expectSame(native, earlier)
  }
  return ended
}

/**
 * Runs pieces of a program with little fuel and compares each captured state with the interpreter's; every piece goes
 * on from the state that was captured before. Ends with the program, or at its trap.
 */
export const compareCaptures = (program: Program, input: Uint8Array, random: Random, pieces: number): CutRun => {
  const whole = new Machine(program, input)
  whole.runTo(MOST_STEPS)
  const fuel = () => 1 + random.below(random.pick([20, 60, 200, 1000, whole.steps / 2]))
  const run = runInPieces(program, input, recompileProgram(program), { fuel, pieces }, (piece) => piece % 4 === 0)
  expect(run.difference).toBeNull()
  return run
}
