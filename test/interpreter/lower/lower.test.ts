import { describe, expect, it } from 'vitest'
import { ExportRefused, ImportRefused, LibraryRefused } from '../../../interpreter/lower/index.ts'
import { Machine } from '../../../interpreter/machine/index.ts'
import { lowerTask } from '../../../interpreter/task.ts'
import { TASK_IMPORTS } from '../../../spec/index.ts'
import { caught } from '../../helpers/caught.ts'
import { importing } from '../../helpers/importing.ts'
import { lowerSpec, mainOf } from '../../helpers/lowered.ts'
import type { ModuleSpec } from '../../helpers/wasm-builder.ts'
import { wasmOf } from '../../helpers/wat.ts'

describe('main', () => {
  const exporting = (exports: ModuleSpec['exports'], more: Partial<ModuleSpec> = {}) =>
    caught(() => lowerSpec(mainOf([], { exports, ...more })))

  it('must be exported', () => {
    const error = exporting([{ name: 'start', kind: 'function', index: 0 }])
    expect(error).toBeInstanceOf(ExportRefused)
    expect(error).toMatchObject({ field: 'main', reason: 'it is missing' })
  })

  it('must be a function', () => {
    const error = exporting([{ name: 'main', kind: 'memory', index: 0 }], { memory: { minimum: 0 } })
    expect(error).toMatchObject({ reason: 'it is a memory, not a function' })
  })

  it('must be () -> ()', () => {
    const types = [{ params: ['i32'], results: [] }] as const
    const error = exporting([{ name: 'main', kind: 'function', index: 0 }], { types })
    expect(error).toMatchObject({ reason: 'its type is (i32) -> (), not () -> ()' })
  })

  it('must not be a host function, which is of another type', () => {
    const task = importing('substep', 'input_size', TASK_IMPORTS.input_size)
    const error = caught(() => lowerSpec({ ...task, exports: [{ name: 'main', kind: 'function', index: 0 }] }))
    expect(error).toMatchObject({ reason: 'its type is () -> (i32), not () -> ()' })
  })
})

const MAX_STEPS = 100_000

/** What the task writes to its output. */
const outputOf = (task: string, libraries: Readonly<Record<string, string>>, input = ''): string => {
  const named = Object.entries(libraries).map(([name, text]) => ({ name, wasm: wasmOf(text) }))
  const machine = new Machine(lowerTask(wasmOf(task), { libraries: named }), new TextEncoder().encode(input))
  machine.runTo(MAX_STEPS)
  expect(machine.outcome()).toMatchObject({ outcome: 'halted', exitCode: 0 })
  return new TextDecoder().decode(machine.output())
}

describe('libraries', () => {
  /** Writes the byte at an address of its own memory, and marks what it wrote. */
  const WRITER = `(module (import "substep" "output_write" (func $write (param i32 i32)))
    (memory 1) (data (i32.const 0) "abcdef")
    (func (export "write") (param i32) (call $write (local.get 0) (i32.const 1))
      (i32.store8 (local.get 0) (i32.const 33))))`

  it('are functions that a task imports by the name of the library, with a memory of their own', () => {
    const task = `(module (import "writer" "write" (func $library (param i32)))
      (import "substep" "output_write" (func $write (param i32 i32))) (memory 1) (data (i32.const 0) "TASK")
      (func (export "main") (call $library (i32.const 3)) (call $write (i32.const 0) (i32.const 4))
        (call $library (i32.const 3))))`
    expect(outputOf(task, { writer: WRITER })).toBe('dTASK!')
  })

  it('work on the memory of the task if that is theirs', () => {
    const store = '(module (memory (export "memory") 1))'
    const upper = `(module (import "store" "memory" (memory 1)) (import "substep" "input_read"
        (func $read (param i32 i32 i32) (result i32)))
      (func (export "read") (result i32) (local $n i32) (local $i i32)
        (local.set $n (call $read (i32.const 0) (i32.const 0) (i32.const 100)))
        (loop (i32.store8 (local.get $i) (i32.and (i32.load8_u (local.get $i)) (i32.const 0xdf)))
          (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
        local.get $n))`
    const task = `(module (import "store" "memory" (memory 1)) (import "upper" "read" (func $read (result i32)))
      (import "substep" "output_write" (func $write (param i32 i32)))
      (func (export "main") (call $write (i32.const 0) (call $read))))`
    expect(outputOf(task, { store, upper }, 'task')).toBe('TASK')
  })

  it('are started in order, and then the task', () => {
    const log = `(module (import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
      (func (export "log") (param i32) (i32.store8 (i32.const 0) (local.get 0)) (call $write (i32.const 0) (i32.const 1))))`
    const starting = (letter: string, exported = '') => `(module (import "log" "log" (func $log (param i32)))
      (func $start (call $log (i32.const ${letter.charCodeAt(0)}))) (start $start) ${exported})`
    const task = starting('t', '(func (export "main") (call $log (i32.const 109)))')
    expect(outputOf(task, { log, a: starting('a'), b: starting('b') })).toBe('abtm')
    const program = lowerTask(wasmOf(task), {
      libraries: [
        { name: 'log', wasm: wasmOf(log) },
        { name: 'a', wasm: wasmOf(starting('a')) },
      ],
    })
    const stub = program.origins.slice(0, 5).map(({ instruction }) => instruction)
    expect(stub).toEqual(['call start', 'call start', 'call main', 'halt', 'enter'])
    expect(program.functions.map(({ module }) => module)).toEqual(['log', 'substep', 'a', 'task', 'task'])
  })

  const TASK = '(module (func (export "main")))'
  const refusal = (task: string, ...libraries: readonly (readonly [name: string, text: string])[]): unknown =>
    caught(() =>
      lowerTask(wasmOf(task), { libraries: libraries.map(([name, text]) => ({ name, wasm: wasmOf(text) })) }),
    )

  it('are refused under a name that is taken', () => {
    for (const [name, ...more] of [['task'], ['substep'], ['twice', 'twice']] as const) {
      const error = refusal(TASK, ...[name, ...more].map((one) => [one as string, '(module)'] as const))
      expect(error).toBeInstanceOf(LibraryRefused)
      expect(error).toMatchObject({ library: name, reason: 'the name is taken' })
    }
  })

  it('import from those before them only', () => {
    const importer = '(module (import "b" "f" (func)))'
    const exporter = '(module (func (export "f")))'
    expect(refusal(TASK, ['b', exporter], ['a', importer])).toBe(null)
    const error = refusal(TASK, ['a', importer], ['b', exporter])
    expect(error).toBeInstanceOf(ImportRefused)
    expect(error).toMatchObject({ module: 'b', field: 'f', failure: 'unknown' })
  })

  it('are refused if they have to run before segments of others are applied', () => {
    const first = '(module (memory (export "m") 1) (func $start) (start $start))'
    const second = (segment: string) => `(module (import "a" "m" (memory 1)) ${segment})`
    expect(refusal(TASK, ['a', first], ['b', second('(data "passive")')])).toBe(null)
    expect(refusal(TASK, ['a', first], ['b', '(module (memory 1) (data (i32.const 0) "own"))'])).toBe(null)
    const error = refusal(TASK, ['a', first], ['b', second('(data (i32.const 0) "x")')])
    expect(error).toBeInstanceOf(LibraryRefused)
    expect(error).toMatchObject({
      library: 'a',
      reason: 'its start function has to run before "b" writes segments to what it imports',
    })
  })
})
