import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../../interpreter/index.ts'
import { Debt } from '../../../interpreter/native/debt.ts'
import { NativeMachine } from '../../../interpreter/native/native-machine.ts'
import { wasmOf } from '../../helpers/wat.ts'

/** Goes down and comes back again and again. */
const recursion = (depth: number) =>
  lowerTask(
    wasmOf(`(module (memory 1)
      (func $down (param i32) (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))
      (func (export "main") (loop $l (call $down (i32.const ${depth})) (br $l))))`),
    { keepSources: true, stackLimit: 60_000 },
  )

const interpretedShare = (depth: number): number => {
  const program = recursion(depth)
  const native = new NativeMachine(program, new Uint8Array(0), { fewSteps: 100 })
  const machine = new Machine(program, new Uint8Array(0))
  for (const each of [native, machine]) each.runTo(6e6)
  expect(native.stateHash()).toEqual(machine.stateHash())
  const { fallback, interpretedSteps } = native.report
  expect(fallback).toBeNull()
  return interpretedSteps / native.steps
}

describe('frames that go on one by one', () => {
  it('are left to the interpreter where they have few steps', () => {
    expect(interpretedShare(19_000)).toBeGreaterThan(0.5)
  })

  it('are not there where the stack of the engine holds all of them', () => {
    expect(interpretedShare(1000)).toBeLessThan(0.1)
  })
})

describe('Debt', () => {
  it('is paid back by steps, and not paid ahead', () => {
    const debt = new Debt()
    debt.ranFrame(1e9)
    for (let i = 0; i < 5000; i++) debt.ranFrame(10)
    expect(debt.isTooHigh).toBe(true)
    debt.ranFrame(1e6)
    expect(debt.isTooHigh).toBe(false)
    expect(debt.settle()).toBe(0)
  })

  it('grows with what is compiled, and is let go once it is to be interpreted', () => {
    const debt = new Debt()
    debt.compiled(10_000)
    expect(debt.settle()).toBe(2_250_000)
    expect(debt.isTooHigh).toBe(false)
  })
})
