import { describe, expect, it } from 'vitest'
import { interpreterEngine } from './interpreter.ts'
import { runScript } from './run-script.ts'
import { v8Engine } from './v8.ts'

const MODULE = `(module $m
  (table $t (export "table") 2 2 funcref)
  (global (export "five") i32 (i32.const 5))
  (memory (export "memory") 1 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "swap") (param f32 f64) (result f64 f32) (local.get 1) (local.get 0))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "nothing") (result funcref) (ref.null func))
  (func $self (export "self") (result funcref) (ref.func $self))
  (func (export "divide") (param f32 f32) (result f32) (f32.div (local.get 0) (local.get 1)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "call") (param i32) (call_indirect (local.get 0)))
  (func (export "get") (param i32) (result funcref) (table.get $t (local.get 0)))
  (func $runaway (export "runaway") (call $runaway))
  (func (export "trap") unreachable))
  (register "M" $m)
`

/** Assertions that hold. */
const TRUE = [
  '(assert_return (invoke "add" (i32.const -1) (i32.const 3)) (i32.const 2))',
  '(assert_return (invoke $m "swap" (f32.const nan:0x200001) (f64.const -0)) (f64.const -0) (f32.const nan:0x200001))',
  '(assert_return (invoke "divide" (f32.const 0) (f32.const 0)) (f32.const nan:canonical))',
  '(assert_return (invoke "same" (ref.extern 3)) (ref.extern 3))',
  '(assert_return (invoke "same" (ref.null extern)) (ref.null extern))',
  '(assert_return (invoke "nothing") (ref.null func))',
  '(assert_return (invoke "self") (ref.func))',
  '(assert_return (get "five") (i32.const 5))',
  '(assert_trap (invoke "trap") "unreachable")',
  '(assert_trap (invoke "load" (i32.const 65533)) "out of bounds memory access")',
  '(assert_trap (invoke "call" (i32.const 1)) "uninitialized element 1")',
  '(assert_trap (invoke "call" (i32.const 2)) "undefined element")',
  '(assert_trap (invoke "get" (i32.const 2)) "out of bounds table access")',
  '(assert_trap (module (memory 1) (data (i32.const 65536) "x")) "out of bounds memory access")',
  '(assert_trap (module (func $f unreachable) (start $f)) "unreachable")',
  '(assert_exhaustion (invoke "runaway") "call stack exhausted")',
  '(assert_malformed (module quote "(func") "unexpected end")',
  '(assert_malformed (module binary "\\00asm\\02\\00\\00\\00") "unknown binary version")',
  '(assert_invalid (module (func (result i32))) "type mismatch")',
  '(assert_unlinkable (module (import "M" "sub" (func))) "unknown import")',
  '(assert_unlinkable (module (import "M" "add" (func))) "incompatible import type")',
  '(assert_unlinkable (module (import "spectest" "global_i32" (global i64))) "incompatible import type")',
]

/** Assertions that do not, each by a little. */
const FALSE = [
  '(assert_return (invoke "add" (i32.const -1) (i32.const 3)) (i32.const 3))',
  '(assert_return (invoke "add" (i32.const -1) (i32.const 3)) (i64.const 2))',
  '(assert_return (invoke "add" (i32.const -1) (i32.const 3)))',
  '(assert_return (invoke "swap" (f32.const 0) (f64.const 0)) (f64.const 0))',
  '(assert_return (invoke "swap" (f32.const 0) (f64.const 0)) (f64.const -0) (f32.const 0))',
  '(assert_return (invoke "swap" (f32.const nan:0x200001) (f64.const 0)) (f64.const 0) (f32.const nan:arithmetic))',
  '(assert_return (invoke "swap" (f32.const nan:0x600000) (f64.const 0)) (f64.const 0) (f32.const nan:canonical))',
  '(assert_return (invoke "divide" (f32.const 1) (f32.const 0)) (f32.const nan:canonical))',
  '(assert_return (invoke "same" (ref.extern 3)) (ref.extern 4))',
  '(assert_return (invoke "same" (ref.extern 0)) (ref.null extern))',
  '(assert_return (invoke "nothing") (ref.func))',
  '(assert_return (invoke "self") (ref.null func))',
  '(assert_return (get "five") (i32.const 4))',
  '(assert_return (get "add") (i32.const 5))',
  '(assert_return (invoke "subtract"))',
  '(assert_return (invoke $n "add" (i32.const 1) (i32.const 1)) (i32.const 2))',
  '(assert_return (invoke "trap"))',
  '(assert_trap (invoke "trap") "integer overflow")',
  '(assert_trap (invoke "trap") "unreachable executed")',
  '(assert_trap (invoke "nothing") "unreachable")',
  '(assert_trap (invoke "runaway") "call stack exhausted")',
  '(assert_trap (module (memory 1)) "out of bounds memory access")',
  '(assert_exhaustion (invoke "trap") "call stack exhausted")',
  '(assert_malformed (module quote "(func)") "unexpected end")',
  '(assert_malformed (module binary "\\00asm\\01\\00\\00\\00") "unknown binary version")',
  '(assert_invalid (module (func)) "type mismatch")',
  '(assert_unlinkable (module (import "M" "add" (func (param i32 i32) (result i32)))) "unknown import")',
  '(assert_unlinkable (module (import "M" "sub" (func))) "incompatible import type")',
  '(assert_unlinkable (module (import "N" "add" (func))) "incompatible import type")',
]

const run = (text: string, engine: typeof interpreterEngine | typeof v8Engine) => {
  const file = new TextEncoder().encode(MODULE + text)
  return engine.name === 'v8' ? runScript(v8Engine, file) : runScript(interpreterEngine, file)
}

describe.each([interpreterEngine, v8Engine])('runScript on $name', (engine) => {
  it('passes assertions that hold', async () => {
    const { passed, failures } = await run(TRUE.join('\n'), engine)
    expect(failures).toEqual([])
    expect(passed).toBe(TRUE.length)
  })

  it.each(FALSE)('fails %s', async (assertion) => {
    const { passed, failures } = await run(assertion, engine)
    expect(failures).toHaveLength(1)
    expect(passed).toBe(0)
  })

  it('fails commands that only prepare assertions, and goes on behind them', async () => {
    const commands = ['(module (import "M" "none" (func)))', '(invoke "trap")', '(register "X" $x)', TRUE[0]]
    const { passed, failures } = await run(commands.join('\n'), engine)
    const first = MODULE.split('\n').length
    expect(failures.map(({ line }) => line)).toEqual([first, first + 1, first + 2])
    expect(passed).toBe(1)
  })

  it('keeps what a module wrote that could not be instantiated', async () => {
    const script = `
      (assert_trap (module (memory (import "M" "memory") 1) (data (i32.const 8) "abcd") (data (i32.const 65536) "x"))
        "out of bounds memory access")
      (assert_return (invoke "load" (i32.const 8)) (i32.const 0x64636261))
      (assert_trap (module (table (import "M" "table") 2 funcref) (func $f) (elem (i32.const 0) $f) (start $g)
        (func $g unreachable)) "unreachable")
      (assert_return (invoke "call" (i32.const 0)))`
    expect(await run(script, engine)).toMatchObject({ passed: 4, failures: [] })
  })
})
