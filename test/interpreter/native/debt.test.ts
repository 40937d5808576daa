import { describe, expect, it } from 'vitest'
import { lowerTask, Machine, type Program } from '../../../interpreter/index.ts'
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

/** Calls a function whose frame is wider than the window, for some thousand steps. */
const wideFrames = () => {
  const wide = `(local ${'i64 '.repeat(9000)}) (local $i i32)`
  return lowerTask(
    wasmOf(`(module (memory 1)
      (func $work ${wide} (local.set $i (i32.const 250))
        (loop $l (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
      (func (export "main") ${wide} (loop $l (call $work) (br $l))))`),
    { keepSources: true },
  )
}

const interpretedShare = (program: Program): number => {
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
    expect(interpretedShare(recursion(19_000))).toBeGreaterThan(0.5)
  })

  it('are left to the interpreter where they have few steps for what they hold', () => {
    expect(interpretedShare(wideFrames())).toBeGreaterThan(0.9)
  })

  it('are not there where the stack of the engine holds all of them', () => {
    expect(interpretedShare(recursion(1000))).toBeLessThan(0.1)
  })
})

describe('Debt', () => {
  it('is paid back by steps, and not paid ahead', () => {
    const debt = new Debt()
    debt.ranFrame(1e9, 0)
    for (let i = 0; i < 5000; i++) debt.ranFrame(10, 0)
    expect(debt.isTooHigh).toBe(true)
    debt.ranFrame(1e6, 0)
    expect(debt.isTooHigh).toBe(false)
    expect(debt.settle()).toBe(0)
  })

  it('grows with what a frame holds', () => {
    const debt = new Debt()
    for (let i = 0; i < 50; i++) debt.ranFrame(1000, 50_000)
    expect(debt.isTooHigh).toBe(true)
  })

  it('grows with what is compiled, and is let go once it is to be interpreted', () => {
    const debt = new Debt()
    debt.compiled(10_000)
    expect(debt.settle()).toBe(2_250_000)
    expect(debt.isTooHigh).toBe(false)
  })
})
