import { describe, expect, it } from 'vitest'
import { lowerTask, Machine, MemoryTooLarge } from '../../../interpreter/index.ts'
import { lower } from '../../../interpreter/lower/index.ts'
import { NativeMachine } from '../../../interpreter/native/native-machine.ts'
import { moduleOf } from '../../helpers/lowered.ts'
import { wasmOf } from '../../helpers/wat.ts'

const NO_INPUT = new Uint8Array(0)
const MOST_STEPS = 1e6

const sameEnd = (native: NativeMachine, machine: Machine): void => {
  native.runTo(MOST_STEPS)
  machine.runTo(MOST_STEPS)
  expect(native.registers).toEqual(machine.registers)
  expect(native.stateHash()).toEqual(machine.stateHash())
}

describe('the interpreter runs what the engine cannot', () => {
  it('a program whose sources were not kept', () => {
    const program = lowerTask(wasmOf('(module (func (export "main") (local i32) (local.set 0 (i32.const 7))))'))
    const native = new NativeMachine(program, NO_INPUT, { fewSteps: 0 })
    sameEnd(native, new Machine(program, NO_INPUT))
    expect(native.report.fallback).toBe('its sources were not kept')
  })

  it('a second memory', () => {
    const library = wasmOf(`(module (memory 1) (func (export "keep") (param i32)
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))))`)
    const task = wasmOf(`(module (import "lib" "keep" (func $k (param i32))) (memory 1)
      (func (export "main") (local i32)
        (loop $l (i32.store (i32.const 8) (local.get 0)) (call $k (i32.and (local.get 0) (i32.const 63)))
          (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 500))))))`)
    const program = lowerTask(task, { libraries: [{ name: 'lib', wasm: library }], keepSources: true })
    const native = new NativeMachine(program, NO_INPUT, { fewSteps: 0 })
    sameEnd(native, new Machine(program, NO_INPUT))
    expect(native.report.fallback).toBe('the engine traps where the machine does not')
  })

  it('the last steps before a function of the runtime halts the machine', () => {
    const runtime = moduleOf(`(module (import "machine" "halt" (func $halt (param i32)))
      (func (export "output_write") (param i32 i32)
        (if (i32.eq (local.get 0) (i32.const 300)) (then (call $halt (local.get 1))))))`)
    const task = moduleOf(`(module (import "substep" "output_write" (func $w (param i32 i32))) (memory 1)
      (func (export "main") (local i32)
        (loop $l (i32.store (i32.const 8) (local.get 0)) (call $w (local.get 0) (i32.const 77))
          (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br $l))))`)
    const program = lower(task, runtime, { keepSources: true })
    const native = new NativeMachine(program, NO_INPUT, { fewSteps: 0 })
    sameEnd(native, new Machine(program, NO_INPUT))
    expect(native.outcome()).toEqual({ outcome: 'halted', exitCode: 77, trap: null })
    expect(native.report.fallback).toBeNull()
    expect(native.report.nativeSteps).toBeGreaterThan(1000)
  })

  it('a task that grows beyond what whoever runs it allows', () => {
    const program = lowerTask(
      wasmOf('(module (memory 1 100) (func (export "main") (loop $l (drop (memory.grow (i32.const 1))) (br $l))))'),
      { keepSources: true },
    )
    const native = new NativeMachine(program, NO_INPUT, { maxBytes: 2 ** 20, fewSteps: 0 })
    expect(() => native.runTo(MOST_STEPS)).toThrow(MemoryTooLarge)
  })

  /** Writes so many pieces of 64 KiB. */
  const writing = (pieces: number) =>
    lowerTask(
      wasmOf(`(module (import "substep" "output_write" (func $w (param i32 i32))) (memory 1)
        (func (export "main") (local $i i32) (loop $l (call $w (i32.const 0) (i32.const 65536))
          (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${pieces}))))))`),
      { keepSources: true },
    )

  it('an output that grows beyond what whoever runs it allows', () => {
    const native = new NativeMachine(writing(1000), NO_INPUT, { maxBytes: 2 ** 20, fewSteps: 0 })
    expect(() => native.runTo(1e8)).toThrow(MemoryTooLarge)
    expect(native.steps).toBeGreaterThan(1e6)
  })

  it('but not an output that stays within it', () => {
    const program = writing(13)
    const native = new NativeMachine(program, NO_INPUT, { maxBytes: 2 ** 20, fewSteps: 0 })
    const machine = new Machine(program, NO_INPUT)
    for (const each of [native, machine]) each.runTo(1e8)
    expect(native.stateHash()).toEqual(machine.stateHash())
    expect(native.report.fallback).toBeNull()
  })
})
