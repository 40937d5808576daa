import { describe, expect, it } from 'vitest'
import { TRAP } from '../../../spec/index.ts'
import { expectAsEngine, HALTED, i32sOf, inEngine, inMachine, trapped } from '../../helpers/text-task.ts'

/** A task whose main has this body. */
const task = (main: string, fields = ''): string => `(module (memory (export "memory") 1)
  ${fields}
  (func (export "main") ${main}))`

/** Stores what the code leaves at the bottom of memory. */
const storing = (code: string, fields: string): string => task(`i32.const 0 ${code} i32.store`, fields)

describe('several values', () => {
  it('go through calls, blocks and loops: a Fibonacci number by a loop of three parameters', () => {
    const fib = `(func $fib (param i32) (result i32 i32)
      i32.const 0 i32.const 1 local.get 0
      loop $next (param i32 i32 i32) (result i32 i32)
        call $step br_if $next drop
      end)
    (func $step (param i32 i32 i32) (result i32 i32 i32 i32)
      local.get 1  local.get 0 local.get 1 i32.add  local.get 2 i32.const 1 i32.sub local.tee 2  local.get 2)`
    expect(i32sOf(expectAsEngine(storing('i32.const 30 call $fib drop', fib)), 1)).toEqual([832040])
  })

  it('are locals that begin with zero at each call, however many they are', () => {
    const many = `(func $many (param i32) (result i32) (local${' i32'.repeat(600)})
      local.get 1 local.get 300 local.get 600 i32.add i32.add
      (local.set 1 (local.get 0)) (local.set 300 (local.get 0)) (local.set 600 (local.get 0)))`
    expect(
      i32sOf(expectAsEngine(storing('(drop (call $many (i32.const 7))) (call $many (i32.const 7))', many)), 1),
    ).toEqual([0])
  })

  it('of all types keep their bits', () => {
    const fields = `(func $all (result f64 funcref i64 externref f32 i32)
      f64.const -0 ref.null func i64.const -2 ref.null extern f32.const nan:0x200001 i32.const 5)`
    const code = `(local $i i32) (local $f f32) (local $e externref) (local $l i64) (local $r funcref) (local $d f64)
      call $all local.set $i local.set $f local.set $e local.set $l local.set $r local.set $d
      i32.const 0 local.get $i i32.store  i32.const 4 local.get $f f32.store  i32.const 8 local.get $l i64.store
      i32.const 16 local.get $d f64.store i32.const 24 local.get $e ref.is_null i32.store
      i32.const 28 local.get $r ref.is_null i32.store`
    const wanted = [5, 0x7fa00001, -2, -1, 0, -(2 ** 31), 1, 1]
    expect(i32sOf(expectAsEngine(task(code, fields)), 8)).toEqual(wanted)
  })
})

describe('locals', () => {
  it('begin with zero, whatever an earlier call left in their slots', () => {
    const fields = `(func $fill (local i64 i64 i32 f64)
        i64.const -1 local.set 0 i64.const -2 local.set 1 i32.const -3 local.set 2 f64.const -4 local.set 3)
      (func $sum (result i32) (local i64 i64 i32 f64)
        local.get 0 local.get 1 i64.or i64.eqz local.get 2 i32.eqz i32.add local.get 3 f64.const 0 f64.eq i32.add)`
    expect(i32sOf(expectAsEngine(storing('call $fill call $sum', fields)), 1)).toEqual([3])
  })
})

describe('tail calls', () => {
  const STACK = 200

  const expectInSmallStack = (text: string, result: number): void => {
    const { outcome, memory, machine } = inMachine(text, STACK)
    expect(outcome).toEqual(HALTED)
    expect(i32sOf({ outcome, memory, machine }, 1)).toEqual([result])
    expect(Buffer.compare(memory, inEngine(text).memory)).toBe(0)
  }

  it('of a function to itself take no stack, however many there are', () => {
    const sum = `(func $sum (param i32 i32) (result i32)
      local.get 0 i32.eqz if local.get 1 return end
      local.get 0 i32.const 1 i32.sub  local.get 0 local.get 1 i32.add  return_call $sum)`
    expectInSmallStack(storing('i32.const 1000000 i32.const 0 call $sum', sum), 1784293664)
  })

  it('of functions of different numbers of arguments and locals to each other', () => {
    const fields = `
      (func $none (result i32) (local i64 i64 i64) global.get $n i32.const 1 return_call $two)
      (func $two (param i32 i32) (result i32) (local f32)
        local.get 0 local.get 1 i32.sub i32.const 7 i32.const 8 i32.const 9 i32.const 10 return_call $five)
      (func $five (param i32 i32 i32 i32 i32) (result i32)
        local.get 0 i32.eqz if local.get 4 return end
        local.get 0 global.set $n return_call $none)
      (global $n (mut i32) (i32.const 300000))`
    expectInSmallStack(storing('call $none', fields), 10)
  })

  it('through a table take no stack either', () => {
    const fields = `(type $f (func (param i32 i64) (result i32))) (table funcref (elem $even $odd))
      (func $even (type $f) local.get 0 i32.eqz if i32.const 1 return end
        local.get 0 i32.const 1 i32.sub local.get 1 i32.const 1 return_call_indirect (type $f))
      (func $odd (type $f) local.get 0 i32.eqz if i32.const 2 return end
        local.get 0 i32.const 1 i32.sub local.get 1 i32.const 0 return_call_indirect (type $f))`
    expectInSmallStack(storing('i32.const 500001 i64.const 3 call $even', fields), 2)
  })

  it('give all results of the callee to the caller', () => {
    const fields = `(func $three (param i32) (result i32 i32 i32) local.get 0 i32.const 20 i32.const 300)
      (func $tail (param i64 i64) (result i32 i32 i32) i32.const 1 return_call $three)`
    const code = 'i64.const 5 i64.const 6 call $tail i32.add i32.add'
    expect(i32sOf(expectAsEngine(storing(code, fields)), 1)).toEqual([321])
  })
})

describe('indirect calls and tail calls', () => {
  const fields = `(type $f (func (param i32) (result i32))) (type $g (func (param i64) (result i32)))
    (table 1 10 funcref) (table $t 4 funcref)
    (elem (table $t) (i32.const 0) func $inc $double $wrong)
    (func $inc (type $f) local.get 0 i32.const 1 i32.add)
    (func $double (type $f) local.get 0 i32.const 2 i32.mul)
    (func $wrong (type $g) i32.const 0)
    (func $by (param i32) (result i32) i32.const 20 local.get 0 call_indirect $t (type $f))
    (func $tail (param i32) (result i32) i32.const 20 local.get 0 return_call_indirect $t (type $f))`
  const ways = ['by', 'tail']

  it.each(ways)('%s find the entries of their table', (way) => {
    const code = `i32.const 0 call $${way} i32.const 1 call $${way} i32.const 100 i32.mul i32.add`
    expect(i32sOf(expectAsEngine(storing(code, fields)), 1)).toEqual([4021])
  })

  it.each(
    ways.flatMap((way) =>
      (
        [
          ['of another type', 2, TRAP.TYPE_MISMATCH],
          ['that is null', 3, TRAP.UNINITIALIZED_ELEMENT],
          ['behind the table', 4, TRAP.UNDEFINED_ELEMENT],
          ['behind the capacity', 2 ** 16, TRAP.UNDEFINED_ELEMENT],
          ['that is -1', -1, TRAP.UNDEFINED_ELEMENT],
        ] as const
      ).map(([what, index, trap]) => [way, what, index, trap] as const),
    ),
  )('%s an entry %s trap', (way, _, index, trap) => {
    expectAsEngine(storing(`i32.const ${index} call $${way}`, fields), trapped(trap))
  })

  it('of functions that the lowering gave a reference', () => {
    const code = 'i32.const 0 ref.func $double table.set 0 i32.const 7 i32.const 0 call_indirect (type $f)'
    expect(i32sOf(expectAsEngine(storing(code, fields)), 1)).toEqual([14])
  })
})
