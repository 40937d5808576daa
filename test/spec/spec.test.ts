import { describe, expect, it } from 'vitest'
import {
  ALU_ROWS,
  aluCode,
  CHECK_ORDER,
  CONTROL,
  CONTROL_ROWS,
  INTEGER_OPS,
  MACHINE_VERSION,
  MAX_BYTES,
  MAX_GROW_PAGES,
  MAX_PAGES,
  MISC,
  REGION,
  REGIONS,
  REGS,
  STACK_LIMIT,
  STATUS,
  SUBSTEP_ROWS,
  SUBSTEPS,
  TRAP,
  TRAP_NAMES,
  UNIT,
  WORD,
} from '../../spec/index.ts'

/** Everything here is typed by hand from docs/machine.md; the code under test is the data it checks. */

describe('REGIONS', () => {
  it('is the table of the document', () => {
    expect(REGIONS.map(({ index, name, depth }) => [index, name, depth])).toEqual([
      [0, 'CODE', 24],
      [1, 'MEMORY', 27],
      [2, 'STACK', 20],
      [3, 'GLOBALS', 16],
      [4, 'TABLES', 24],
      [5, 'DATA', 27],
      [6, 'INPUT', 27],
      [7, 'OUTPUT', 27],
    ])
    for (const { name, index } of REGIONS) expect(REGION[name]).toBe(index)
  })

  it('lets words load from six regions and store to four', () => {
    const named = (key: 'load' | 'store') => REGIONS.filter((region) => region[key]).map(({ name }) => name)
    expect(named('load')).toEqual(['MEMORY', 'GLOBALS', 'TABLES', 'DATA', 'INPUT', 'OUTPUT'])
    expect(named('store')).toEqual(['MEMORY', 'GLOBALS', 'TABLES', 'OUTPUT'])
  })
})

describe('limits', () => {
  it('are those of the document', () => {
    expect([MACHINE_VERSION, SUBSTEPS, STACK_LIMIT, MAX_PAGES, MAX_GROW_PAGES, MAX_BYTES]).toEqual([
      2, 12, 1_048_575, 65_536, 64_512, 4_294_967_264,
    ])
  })
})

describe('layouts', () => {
  it('put the registers where the document does', () => {
    expect(REGS).toEqual({
      exit: [0, 32],
      status: [32, 8],
      pages: [40, 32],
      sp: [72, 32],
      pc: [104, 32],
      steps: [136, 64],
    })
  })

  it('put the step in flight where the document does', () => {
    expect(MISC).toEqual({ substep: [0, 8], trap: [8, 32], next: [40, 32], pages: [72, 32] })
  })

  it('put the fields of the word at the bytes of the document, which count from the most significant', () => {
    const bytes = (name: keyof typeof WORD) => {
      const [low, width] = WORD[name]
      return [(256 - low - width) / 8, (256 - low) / 8 - 1]
    }
    const table = { alu: [0, 0], control: [1, 1], unit: [2, 2], access: [3, 3], a: [4, 7], b: [8, 11], c: [12, 15] }
    const rest = { result: [16, 19], delta: [20, 23], immHi: [24, 27], immLo: [28, 31] }
    for (const [name, at] of Object.entries({ ...table, ...rest })) {
      expect([name, bytes(name as keyof typeof WORD)]).toEqual([name, at])
    }
    expect(UNIT).toEqual({ REGION_MASK: 7, LOAD: 1 << 3, STORE: 1 << 4, WRITE: 1 << 5, WINDOW: 1 << 6 })
  })
})

describe('status and traps', () => {
  it('are numbered as in the document, each trap with a name', () => {
    expect(STATUS).toEqual({ RUNNING: 0, HALTED: 1, TRAPPED: 2 })
    expect(Object.values(TRAP)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(TRAP.DIVISION_BY_ZERO).toBe(3)
    expect(TRAP.STACK_EXHAUSTED).toBe(10)
    expect(Object.keys(TRAP_NAMES).map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })
})

describe('ALU_ROWS', () => {
  it('codes the integer operations as the document does', () => {
    expect(INTEGER_OPS).toHaveLength(32)
    expect(aluCode('i32', 'eqz')).toBe(0x20)
    expect(aluCode('i32', 'clz')).toBe(0x2b)
    expect(aluCode('i32', 'add')).toBe(0x2e)
    expect(aluCode('i32', 'div_s')).toBe(0x31)
    expect(aluCode('i32', 'ext32')).toBe(0x3f)
    expect(aluCode('i64', 'eqz')).toBe(0x40)
    expect(aluCode('i64', 'rem_u')).toBe(0x54)
    expect(aluCode('i64', 'rotr')).toBe(0x5c)
    expect(aluCode('i64', 'ext32')).toBe(0x5f)
  })

  it('codes the float operations as the document does', () => {
    const code = (name: string) => ALU_ROWS.find((row) => row.name === name)?.code
    const ordered = ['add', 'sub', 'mul', 'div', 'min', 'max', 'copysign']
    const compared = ['eq', 'ne', 'lt', 'gt', 'le', 'ge']
    const unary = ['abs', 'neg', 'sqrt', 'ceil', 'floor', 'trunc', 'nearest']
    const converted = ['convert_i32_s', 'convert_i32_u', 'convert_i64_s', 'convert_i64_u']
    for (const [from, names] of [
      [0, ordered],
      [8, compared],
      [16, unary],
      [24, converted],
    ] as const) {
      expect(names.map((name) => code(`f32.${name}`))).toEqual(names.map((_, i) => 0x80 + from + i))
      expect(names.map((name) => code(`f64.${name}`))).toEqual(names.map((_, i) => 0xa0 + from + i))
    }
    expect([code('f32.demote_f64'), code('f64.promote_f32')]).toEqual([0x80 + 28, 0xa0 + 28])
    expect(['i32.trunc_f32_s', 'i32.trunc_f32_u', 'i64.trunc_f32_s', 'i64.trunc_f32_u'].map(code)).toEqual([
      0xc0, 0xc1, 0xc2, 0xc3,
    ])
    expect(['i32.trunc_sat_f32_s', 'i64.trunc_f64_u', 'i64.trunc_sat_f64_u'].map(code)).toEqual([0xc4, 0xcb, 0xcf])
  })

  it('lets conversions to an integer trap, but for those that saturate', () => {
    const trapping = ALU_ROWS.filter(({ group, traps }) => group === 'truncate' && traps.length > 0)
    expect(trapping.map(({ code, traps }) => [code, traps])).toEqual(
      [0xc0, 0xc1, 0xc2, 0xc3, 0xc8, 0xc9, 0xca, 0xcb].map((code) => [code, [4, 5]]),
    )
  })

  it('has each code and each name once', () => {
    expect(ALU_ROWS).toHaveLength(11 + 64 + 50 + 16)
    expect(new Set(ALU_ROWS.map(({ code }) => code)).size).toBe(ALU_ROWS.length)
    expect(new Set(ALU_ROWS.map(({ name }) => name)).size).toBe(ALU_ROWS.length)
    expect(ALU_ROWS.slice(0, 11).map(({ name }) => name)).toEqual([
      'ZERO',
      'A',
      'B',
      'LOADED',
      'IMM64',
      'SELECT',
      'PAGES',
      'GROW',
      'ENTER',
      'BOUND',
      'CHECKREF',
    ])
  })
})

describe('CONTROL_ROWS', () => {
  it('has every control once, in the order of the document', () => {
    expect(CONTROL_ROWS.map(({ name }) => name)).toEqual([
      'TRAP',
      'NEXT',
      'JUMP',
      'JUMPZ',
      'JUMPNZ',
      'TABLE',
      'CALL',
      'CALLREF',
      'RETURN',
      'HALT',
    ])
    for (const { code, name } of CONTROL_ROWS) expect(CONTROL[name]).toBe(code)
  })
})

describe('substeps', () => {
  it('are twelve, and their checks are listed in the order in which they decide', () => {
    expect(SUBSTEP_ROWS.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    const order = CHECK_ORDER.map(({ substep }) => substep)
    expect(order).toEqual([...order].sort((x, y) => x - y))
    expect(Math.max(...order)).toBe(7)
  })
})
