import { describe, expect, it } from 'vitest'
import { TRAP } from '../../../spec/index.ts'
import { expectAsEngine, HALTED, i32sOf, trapped } from '../../helpers/text-task.ts'

const PAGE = 65536

describe('bulk memory', () => {
  /** 512 bytes at 1000 that all differ from their neighbours, and a segment. */
  const task = (main: string, fields = ''): string => `(module (memory (export "memory") 1 3) ${fields}
    (data $passive "0123456789")
    (data $active (i32.const 1000) "active")
    (func $pattern (local i32)
      loop local.get 0 local.get 0 i32.const 37 i32.mul i32.const 11 i32.add i32.store8 offset=1000
        local.get 0 i32.const 1 i32.add local.tee 0 i32.const 512 i32.lt_u br_if 0 end)
    (func (export "main") call $pattern ${main}))`

  const of = (op: string, ...operands: number[]): string => `${operands.map((x) => `i32.const ${x}`).join(' ')} ${op}`

  it.each([
    ['nothing', [500, 1, 0]],
    ['one byte', [1001, 0x1ff, 1]],
    ['a few bytes', [1001, 7, 13]],
    ['more than 4 KiB from an odd address', [3, 0xee, 9001]],
    ['all of it', [0, 0x80, PAGE]],
    ['nothing at the end', [PAGE, 1, 0]],
  ])('memory.fill of %s', (_, operands) => {
    expectAsEngine(task(of('memory.fill', ...operands)))
  })

  it.each([
    ['nothing', [500, 1000, 0]],
    ['apart', [2000, 1000, 512]],
    ['up by 1', [1001, 1000, 511]],
    ['down by 1', [999, 1000, 512]],
    ['up by 3', [1003, 1000, 100]],
    ['down by 7', [993, 1000, 100]],
    ['up by 8', [1008, 1000, 65]],
    ['onto itself', [1000, 1000, 512]],
    ['up by a little, of more than 4 KiB', [1017, 1000, 9000]],
    ['down by a little, of more than 4 KiB', [983, 1000, 9000]],
    ['up to the last byte', [PAGE - 512, 1000, 512]],
    ['nothing from the end to the end', [PAGE, PAGE, 0]],
  ])('memory.copy %s', (_, operands) => {
    expectAsEngine(task(of('memory.copy', ...operands)))
  })

  it.each([
    ['all of the segment', [2000, 0, 10]],
    ['a part of it', [2001, 3, 4]],
    ['nothing of it', [2000, 5, 0]],
    ['nothing from its end', [2000, 10, 0]],
    ['its last byte to the last of memory', [PAGE - 1, 9, 1]],
    ['nothing to the end', [PAGE, 0, 0]],
  ])('memory.init of %s', (_, operands) => {
    expectAsEngine(task(of('memory.init $passive', ...operands)))
  })

  it.each([
    ['memory.fill', [PAGE - 10, 1, 11]],
    ['memory.fill', [PAGE + 1, 1, 0]],
    ['memory.fill', [-1, 1, 2]],
    ['memory.fill', [1, 1, -1]],
    ['memory.copy', [PAGE - 10, 1000, 11]],
    ['memory.copy', [1000, PAGE - 10, 11]],
    ['memory.copy', [PAGE + 1, 0, 0]],
    ['memory.copy', [0, PAGE + 1, 0]],
    ['memory.copy', [0, 1000, -1]],
    ['memory.init $passive', [PAGE - 9, 0, 10]],
    ['memory.init $passive', [2000, 1, 10]],
    ['memory.init $passive', [2000, 11, 0]],
    ['memory.init $passive', [PAGE + 1, 0, 0]],
    ['memory.init $passive', [2000, -1, 2]],
  ])('%s of %j traps and writes nothing', (op, operands) => {
    expectAsEngine(task(of(op, ...operands)), trapped(TRAP.MEMORY_BOUNDS))
  })

  it('a segment that is dropped has no byte', () => {
    expectAsEngine(task(`data.drop $passive data.drop $passive ${of('memory.init $passive', 0, 0, 0)}`))
    expectAsEngine(task(`data.drop $passive ${of('memory.init $passive', 0, 0, 1)}`), trapped(TRAP.MEMORY_BOUNDS))
  })

  it('an active segment is dropped when the module starts', () => {
    expectAsEngine(task(of('memory.init $active', 0, 0, 0)))
    expectAsEngine(task(of('memory.init $active', 0, 0, 1)), trapped(TRAP.MEMORY_BOUNDS))
  })

  it('knows the memory that has grown', () => {
    const grow = 'i32.const 2 memory.grow drop'
    expectAsEngine(task(`${grow} ${of('memory.copy', 3 * PAGE - 700, 900, 700)}`))
    expectAsEngine(task(`${grow} ${of('memory.fill', PAGE - 3, 5, 10)}`))
    expectAsEngine(task(`${grow} ${of('memory.fill', 3 * PAGE - 3, 5, 4)}`), trapped(TRAP.MEMORY_BOUNDS))
  })
})

describe('tables', () => {
  /**
   * Table $a holds f1 f2 f3 and then null, table $b f4 and then null. At the end all entries are written to memory: the
   * number of the function, or -1 for null.
   */
  const task = (main: string): string => `(module (memory (export "memory") 1)
    (type $f (func (result i32)))
    (table $a 6 12 funcref) (table $b 3 funcref) (table $fixed 2 2 externref)
    (elem (table $a) (i32.const 0) func $f1 $f2 $f3) (elem (table $b) (i32.const 0) func $f4)
    (elem $passive funcref (ref.func $f5) (ref.null func) (ref.func $f6))
    (elem $declared declare func $f1)
    ${[1, 2, 3, 4, 5, 6].map((k) => `(func $f${k} (type $f) i32.const ${k})`).join('\n')}
    (func $show (param $from i32) (param $count i32) (local $i i32)
      block $done loop
        local.get $i local.get $count i32.ge_u br_if $done
        local.get $from local.get $i i32.add i32.const 4 i32.mul
        local.get $i call $entry i32.store
        local.get $i i32.const 1 i32.add local.set $i br 0
      end end)
    (func $entry (param $i i32) (result i32)
      global.get $which if (result i32)
        local.get $i table.get $b ref.is_null if (result i32) i32.const -1 else
          local.get $i call_indirect $b (type $f) end
      else
        local.get $i table.get $a ref.is_null if (result i32) i32.const -1 else
          local.get $i call_indirect $a (type $f) end
      end)
    (global $which (mut i32) (i32.const 0))
    (func (export "main") ${main}
      i32.const 0 table.size $a call $show
      i32.const 1 global.set $which i32.const 20 table.size $b call $show))`

  const shown = (main: string, a: number, b = 3): { a: number[]; b: number[] } => {
    const all = i32sOf(expectAsEngine(task(main)), 40)
    return { a: all.slice(0, a), b: all.slice(20, 20 + b) }
  }

  const of = (op: string, ...operands: number[]): string => `${operands.map((x) => `i32.const ${x}`).join(' ')} ${op}`

  it('table.set and table.get', () => {
    const swap = 'i32.const 4 i32.const 0 table.get $a table.set $a i32.const 0 ref.null func table.set $a'
    expect(shown(swap, 6).a).toEqual([-1, 2, 3, -1, 1, -1])
  })

  it.each([
    ['nothing', [0, 1, 0], [1, 2, 3, -1, -1, -1]],
    ['up over itself', [1, 0, 4], [1, 1, 2, 3, -1, -1]],
    ['down over itself', [0, 1, 4], [2, 3, -1, -1, -1, -1]],
    ['onto itself', [0, 0, 6], [1, 2, 3, -1, -1, -1]],
    ['nothing at the end', [6, 6, 0], [1, 2, 3, -1, -1, -1]],
  ])('table.copy in a table: %s', (_, operands, entries) => {
    expect(shown(of('table.copy $a $a', ...operands), 6).a).toEqual(entries)
  })

  it('table.copy to another table', () => {
    expect(shown(of('table.copy $b $a', 1, 1, 2), 6)).toEqual({ a: [1, 2, 3, -1, -1, -1], b: [4, 2, 3] })
  })

  it('table.init, and elem.drop', () => {
    expect(shown(of('table.init $a $passive', 3, 0, 3), 6).a).toEqual([1, 2, 3, 5, -1, 6])
    expect(shown(of('table.init $b $passive', 0, 2, 1), 6).b).toEqual([6, -1, -1])
    expect(shown(`elem.drop $passive ${of('table.init $a $passive', 6, 0, 0)}`, 6).a).toEqual([1, 2, 3, -1, -1, -1])
  })

  it('table.fill', () => {
    expect(shown('i32.const 1 ref.func $f5 i32.const 5 table.fill $a', 6).a).toEqual([1, 5, 5, 5, 5, 5])
    expect(shown('i32.const 6 ref.func $f5 i32.const 0 table.fill $a', 6).a).toEqual([1, 2, 3, -1, -1, -1])
  })

  it('table.grow fills what is new, and gives the old size', () => {
    const grow = 'ref.func $f6 i32.const 2 table.grow $a i32.const 6 i32.ne if unreachable end'
    expect(shown(grow, 8).a).toEqual([1, 2, 3, -1, -1, -1, 6, 6])
    const more = 'ref.null func i32.const 4 table.grow $a i32.const 8 i32.ne if unreachable end'
    expect(shown(`${grow} ${more}`, 12).a).toEqual([1, 2, 3, -1, -1, -1, 6, 6, -1, -1, -1, -1])
  })

  it('table.grow beyond the maximum gives -1 and changes nothing', () => {
    const check = 'i32.const -1 i32.ne if unreachable end'
    expect(shown(`ref.func $f6 i32.const 7 table.grow $a ${check}`, 6).a).toEqual([1, 2, 3, -1, -1, -1])
    expect(shown(`ref.func $f6 i32.const -1 table.grow $a ${check}`, 6).a).toEqual([1, 2, 3, -1, -1, -1])
    expect(shown(`ref.null extern i32.const 1 table.grow $fixed ${check}`, 6).b).toEqual([4, -1, -1])
  })

  it('table.grow of a table without maximum, by many entries', () => {
    const main = 'ref.func $f5 i32.const 9000 table.grow $b drop i32.const 8999 table.get $b ref.is_null drop'
    const code = `${main} i32.const 400 i32.const 9002 call_indirect $b (type $f) i32.store
      i32.const 0 global.set $which`
    const run = expectAsEngine(task(code).replace('i32.const 20 table.size $b', 'i32.const 20 i32.const 6'))
    expect(run.outcome).toEqual(HALTED)
    expect(i32sOf(run, 101)[100]).toBe(5)
  })

  it.each([
    ['table.get', 'i32.const 6 table.get $a drop'],
    ['table.get', 'i32.const -1 table.get $a drop'],
    ['table.get in the room for growth', 'i32.const 8 table.get $a drop'],
    ['table.set', 'i32.const 6 ref.null func table.set $a'],
    ['table.set', 'i32.const 3 ref.null func table.set $b'],
    ['table.fill', 'i32.const 4 ref.null func i32.const 3 table.fill $a'],
    ['table.fill', 'i32.const 7 ref.null func i32.const 0 table.fill $a'],
    ['table.copy', of('table.copy $b $a', 1, 0, 3)],
    ['table.copy', of('table.copy $a $b', 0, 1, 3)],
    ['table.copy', of('table.copy $a $b', 0, 4, 0)],
    ['table.init', of('table.init $a $passive', 4, 0, 3)],
    ['table.init', of('table.init $a $passive', 0, 1, 3)],
    ['table.init', of('table.init $a $passive', 0, 4, 0)],
    ['table.init after elem.drop', `elem.drop $passive ${of('table.init $a $passive', 0, 0, 1)}`],
    ['table.init of a declared segment', of('table.init $a $declared', 0, 0, 1)],
  ])('%s beyond the end traps: %s', (_, main) => {
    expectAsEngine(task(main), trapped(TRAP.TABLE_BOUNDS))
  })
})
