import { describe, expect, it } from 'vitest'
import { lowerTask, Machine, NativeMachine, StepInThePast } from '../../../interpreter/index.ts'
import { wasmOf } from '../../helpers/wat.ts'

const NO_INPUT = new Uint8Array(0)

/** Stores all over two pages, and divides by zero in the end. */
const program = lowerTask(
  wasmOf(`(module (memory 2) (func (export "main") (local i32)
    (loop $l
      (i32.store (i32.and (i32.mul (local.get 0) (i32.const 40503)) (i32.const 0x1fff0)) (local.get 0))
      (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 5000))))
    (drop (i32.div_u (i32.const 1) (i32.const 0)))))`),
  { keepSources: true },
)
const native = () => new NativeMachine(program, NO_INPUT, { fewSteps: 0, leastGap: 1000 })

describe('NativeMachine.trace', () => {
  it('gives what the interpreter gives, and goes to the first step natively', () => {
    const machine = native()
    expect([...machine.trace(20_000, 22_500)]).toEqual([...new Machine(program, NO_INPUT).trace(20_000, 22_500)])
    const { fallback, nativeSteps, interpretedSteps } = machine.report
    expect(fallback).toBeNull()
    expect(nativeSteps).toBeGreaterThan(19_000)
    expect(nativeSteps + interpretedSteps).toBe(machine.steps)
  })

  it('ends with the state that trapped', () => {
    const machine = native()
    const all = new Machine(program, NO_INPUT)
    all.runTo(1e6)
    const states = [...machine.trace(all.steps - 3, 1e6)]
    expect(states.map(({ outcome }) => outcome.outcome)).toEqual(['outOfSteps', 'outOfSteps', 'outOfSteps', 'trapped'])
    expect(states.at(-1)?.stateHash).toBe(all.stateHash())
  })

  it('leaves a machine that can go on, and back', () => {
    const machine = native()
    machine.goTo(10_000)
    for (const state of machine.trace(12_000, 16_000)) expect(state.step).toBeGreaterThanOrEqual(12_000)
    for (const step of [30_000, 11_000, 14_500, 10_000, 0, 25_000]) {
      machine.goTo(step)
      const interpreted = new Machine(program, NO_INPUT)
      interpreted.runTo(step)
      expect(machine.stateHash()).toBe(interpreted.stateHash())
    }
  })

  it('does not go back by itself', () => {
    const machine = native()
    machine.runTo(500)
    expect(() => machine.trace(499, 600).next()).toThrow(StepInThePast)
  })
})
