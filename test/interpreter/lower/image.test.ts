import { describe, expect, it } from 'vitest'
import { CodeBuilder, MAX_WORDS } from '../../../interpreter/lower/code-builder.ts'
import { Linker, type Program, ProgramTooLarge, SegmentOutOfBounds } from '../../../interpreter/lower/index.ts'
import { caught } from '../../helpers/caught.ts'
import { lowerFields, lowerSpec, mainOf, moduleOf, taskRuntime } from '../../helpers/lowered.ts'

const PAGE_BYTES = 65_536
const NULL = 2n ** 64n

/** Addresses of MEMORY whose bytes are not 0, with those bytes. */
const bytesOf = ({ memory }: Program): Record<number, number> => {
  const all = memory.flatMap(({ address, bytes }) => [...bytes].map((byte, i) => [address + i, byte] as const))
  return Object.fromEntries(all.filter(([, byte]) => byte !== 0))
}

describe('memory', () => {
  it('has no pages without a declaration', () => {
    expect(lowerFields('')).toMatchObject({ pages: 0, memory: [] })
  })

  it('holds the data segments in order, later ones over earlier ones', () => {
    const program = lowerFields(String.raw`(memory 2)
      (data (i32.const 4) "\01\02\03\04") (data (i32.const 6) "\09\09\09") (data (i32.const 5) "\07")`)
    expect(program.pages).toBe(2)
    expect(bytesOf(program)).toEqual({ 4: 1, 5: 7, 6: 9, 7: 9, 8: 9 })
  })

  it('takes a segment up to its very end', () => {
    expect(bytesOf(lowerFields(String.raw`(memory 1) (data (i32.const 65535) "\05")`))).toEqual({ 65535: 5 })
    expect(lowerFields('(memory 1) (data (i32.const 65536) "")').memory).toEqual([])
  })

  it('holds what is not zero and no more, be it 4 GiB long', () => {
    const program = lowerFields(String.raw`(memory 65536)
      (data (i32.const 10) "\00\00") (data (i32.const -1) "\05") (data (i32.const 8190) "\01\02\03\04")`)
    expect(program.pages).toBe(PAGE_BYTES)
    expect(bytesOf(program)).toEqual({ 8190: 1, 8191: 2, 8192: 3, 8193: 4, [2 ** 32 - 1]: 5 })
    expect(program.memory.map(({ address, bytes }) => [address, bytes.length])).toEqual([
      [4096, 4096],
      [8192, 4096],
      [2 ** 32 - 4096, 4096],
    ])
  })

  it.each([
    ['one byte behind the end', '65535', String.raw`\01\02`, 65537],
    ['empty behind the end', '65537', '', 65537],
    ['at an offset that is negative as a signed number', '-1', String.raw`\01`, 2 ** 32],
  ])('refuses a segment that is %s', (_, offset, bytes, end) => {
    const error = caught(() =>
      lowerFields(`(memory 1) (data (i32.const 0) "a") (data (i32.const ${offset}) "${bytes}")`),
    )
    expect(error).toBeInstanceOf(SegmentOutOfBounds)
    expect(error).toMatchObject({ kind: 'data', index: 1, end, size: PAGE_BYTES })
  })
})

describe('passive data', () => {
  it('is in DATA if an instruction refers to it, its length in a global behind those of the module', () => {
    const program = lowerFields(`(memory 1) (global i32 (i32.const 5))
      (data "unused") (data "abc") (data (i32.const 0) "x") (data "defg")
      (func (memory.init 3 (i32.const 0) (i32.const 0) (i32.const 0)) (data.drop 1))`)
    expect(new TextDecoder().decode(program.data)).toBe('abcdefg')
    expect(program.globals).toEqual([5n, 3n, 4n])
  })

  it('of an active segment is dropped when that is applied', () => {
    const program = lowerFields('(memory 1) (data (i32.const 0) "abc") (func (data.drop 0))')
    expect(program.globals).toEqual([0n])
    expect(bytesOf(program)).toEqual({ 0: 97, 1: 98, 2: 99 })
  })
})

describe('globals', () => {
  it('are the bits of their initialisers', () => {
    const { globals, functions } = lowerFields(`
      (global i32 (i32.const -1)) (global i64 (i64.const -1)) (global (mut i32) (i32.const 5))
      (global f32 (f32.const 1)) (global f64 (f64.const -0)) (global f32 (f32.const nan:0x1234))
      (global funcref (ref.null func)) (global externref (ref.null extern)) (global funcref (ref.func $f))
      (func $f (param i32))`)
    const f = (BigInt(functions[0]?.typeId ?? 0) << 32n) + BigInt(functions[0]?.entryPc ?? 0)
    const floats = [0x3f80_0000n, 1n << 63n, 0x7f80_1234n]
    expect(globals).toEqual([2n ** 32n - 1n, 2n ** 64n - 1n, 5n, ...floats, 0n, 0n, f])
  })

  it('are at most 65536', () => {
    const globals = (count: number) =>
      Array.from({ length: count }, () => ({ type: 'i32', mutable: true, value: 0 }) as const)
    expect(lowerSpec(mainOf([], { globals: globals(65536) })).globals.length).toBe(65536)
    const error = caught(() => lowerSpec(mainOf([], { globals: globals(65537) })))
    expect(error).toBeInstanceOf(ProgramTooLarge)
    expect(error).toMatchObject({ what: 'globals', needed: 65537, limit: 65536 })
  })
})

describe('tables', () => {
  const FUNCTIONS = '(func $a) (func $b (param i64)) (func $c)'

  /** The leaf of a function's reference. */
  const leafOf = ({ functions }: Program, func: number): bigint => {
    const { typeId = -1, entryPc = -1 } = functions[func] ?? {}
    return NULL + (BigInt(typeId) << 32n) + BigInt(entryPc)
  }

  it('hold type id and entry pc, and null where no segment writes', () => {
    const program = lowerFields(`${FUNCTIONS} (table 5 5 funcref)
      (elem (i32.const 1) $a $b) (elem (i32.const 2) funcref (ref.func $c) (ref.func $b))`)
    expect(program.tables).toEqual([NULL, leafOf(program, 0), leafOf(program, 2), leafOf(program, 1), NULL])
    expect(program.functions.map(({ typeId }) => typeId)).toEqual([1, 2, 1, 1])
    expect(program.globals).toEqual([5n])
  })

  it('are absent without a declaration', () => {
    expect(lowerFields('').tables).toEqual([])
  })

  it('follow each other, each with room for a power of two', () => {
    const program = lowerFields(`${FUNCTIONS} (table 3 6 funcref) (table 1 externref) (table 2 2 funcref)
      (elem (table 0) (i32.const 0) func $a) (elem (table 2) (i32.const 1) func $c)`)
    const last = 8 + 65536
    expect(program.tables.length).toBe(last + 2)
    expect(program.tables.slice(0, 9)).toEqual([leafOf(program, 0), NULL, NULL, 0n, 0n, 0n, 0n, 0n, NULL])
    expect(program.tables.slice(last)).toEqual([NULL, leafOf(program, 2)])
    expect(program.tables.slice(9, last).every((leaf) => leaf === 0n)).toBe(true)
    expect(program.globals).toEqual([3n, 1n, 2n])
  })

  it('are followed by segments that an instruction refers to', () => {
    const program = lowerFields(`${FUNCTIONS} (table 2 2 funcref)
      (elem $unused func $a) (elem $passive funcref (ref.func $b) (ref.null func) (ref.func $c))
      (elem $declared declare func $a) (elem $active (i32.const 0) func $c)
      (func (elem.drop $active) (elem.drop $declared)
        (table.init $passive (i32.const 0) (i32.const 0) (i32.const 0)))`)
    const [, b, c] = [0, 1, 2].map((func) => leafOf(program, func))
    // Leaves 2 to 4 of the passive segment, 5 without use, 6 of the declared one, 7 of the active one.
    expect(program.tables).toEqual([c, NULL, b, NULL, c, 0n, 0n, c])
    expect(program.globals).toEqual([2n, 3n, 0n, 0n, 0n])
  })

  it('refuse a segment behind their end', () => {
    const error = caught(() => lowerFields(`${FUNCTIONS} (table 5 funcref) (elem (i32.const 4) $a $b)`))
    expect(error).toBeInstanceOf(SegmentOutOfBounds)
    expect(error).toMatchObject({ kind: 'element', index: 0, end: 6, size: 5 })
  })

  it('are looked at before memory', () => {
    const fields = '(memory 0) (data (i32.const 0) "a") (table 0 funcref) (func $f) (elem (i32.const 0) $f)'
    expect(caught(() => lowerFields(fields))).toMatchObject({ kind: 'element', index: 0, end: 1, size: 0 })
  })
})

describe('limits', () => {
  it('refuse a function whose frame is larger than the stack', () => {
    const functions = [{ type: 0, locals: Array<'i32'>(100).fill('i32'), code: [] }]
    expect(lowerSpec(mainOf([], { functions }), { stackLimit: 101 }).code.length).toBeGreaterThan(0)
    const error = caught(() => lowerSpec(mainOf([], { functions }), { stackLimit: 100 }))
    expect(error).toBeInstanceOf(ProgramTooLarge)
    expect(error).toMatchObject({ needed: 101, limit: 100 })
  })

  it('refuse more words than the code region has leaves', () => {
    const code = new CodeBuilder(2)
    const emit = () => code.emit({}, { func: -1, offset: -1, instruction: 'nop' })
    expect([emit(), emit()]).toEqual([0, 1])
    const error = caught(emit)
    expect(error).toBeInstanceOf(ProgramTooLarge)
    expect(error).toMatchObject({ what: 'instruction words', needed: 3, limit: 2 })
    expect(MAX_WORDS).toBe(16_777_216)
  })

  it('refuse tables with more room than players hold', () => {
    expect(lowerFields('(table 524289 funcref)').tables.length).toBe(2 ** 19 + 1)
    for (const tables of ['(table 1048577 funcref)', '(table 1 funcref)'.repeat(17)]) {
      const refused = caught(() => lowerFields(tables))
      expect(refused).toBeInstanceOf(ProgramTooLarge)
      expect(refused).toMatchObject({ what: 'table entries', limit: 2 ** 20 })
    }
  })

  it('refuse tables with more room than their region has leaves, where no players are', () => {
    const linker = new Linker(taskRuntime, { stubWords: 0 })
    const table = moduleOf('(module (table 8388609 externref))')
    linker.add('a', table, () => undefined)
    const refused = caught(() => linker.add('b', table, () => undefined))
    expect(refused).toBeInstanceOf(ProgramTooLarge)
    expect(refused).toMatchObject({ what: 'table entries', needed: 2 ** 25, limit: 2 ** 24 })
  })

  it('refuse a stack limit beyond the machine', () => {
    expect(() => lowerFields('', { stackLimit: 2 ** 20 })).toThrow(ProgramTooLarge)
  })
})
