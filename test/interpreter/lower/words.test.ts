import { describe, expect, it } from 'vitest'
import { OPCODES } from '../../../interpreter/binary/opcodes.ts'
import type { Scope } from '../../../interpreter/lower/body.ts'
import { WINDOW, wordsInScope } from '../../helpers/scope.ts'
import {
  LOAD_ROWS,
  NUMERIC_ROWS,
  REINTERPRET_ROWS,
  STORE_ROWS,
  OPCODES as TEST_OPCODES,
  type ValueType,
} from '../../helpers/wasm-opcodes.ts'

/** Words of a function of no arguments with this body, between its ENTER and its return. */
const wordsOf = (body: string, fields = '', more: Partial<Scope> = {}): string[] =>
  wordsInScope(`(module ${fields} (func ${body}))`, more).slice(1, -1)

const SEVEN = 'i32.const 7'
const PUSH_7 = 'IMM64 NEXT w0 +1 lo=7'
const DROP = 'ZERO NEXT -1'

/** A number whose bits are 7. */
const seven = (type: ValueType): string => {
  const text: Partial<Record<ValueType, string>> = { f32: 'f32.const 0x7p-149', f64: 'f64.const 0x7p-1074' }
  return text[type] ?? `${type}.const 7`
}

describe('arithmetic', () => {
  const extensions: Readonly<Record<string, string>> = {
    'i32.wrap_i64': 'i32.ext32',
    'i64.extend_i32_u': 'i32.ext32',
    'i64.extend_i32_s': 'i64.ext32',
    'i32.extend8_s': 'i32.ext8',
    'i32.extend16_s': 'i32.ext16',
    'i64.extend8_s': 'i64.ext8',
    'i64.extend16_s': 'i64.ext16',
    'i64.extend32_s': 'i64.ext32',
  }
  it.each(NUMERIC_ROWS)('$op is one word', ({ op, params }) => {
    const words = wordsOf(`${params.map(seven).join(' ')} ${op} drop`)
    const operands = params.length === 1 ? 'a=1 w1' : 'a=2 b=1 w2 -1'
    expect(words).toEqual([...params.map(() => PUSH_7), `${extensions[op] ?? op} NEXT ${operands}`, DROP])
  })

  it.each(REINTERPRET_ROWS)('$op is no word: slots hold bits', ({ op, params }) => {
    expect(wordsOf(`${params.map(seven).join(' ')} ${op} drop`)).toEqual([PUSH_7, DROP])
  })
})

describe('constants', () => {
  it.each([
    ['i32.const 0', 'IMM64 NEXT w0 +1'],
    ['i32.const -1', 'IMM64 NEXT w0 +1 lo=4294967295'],
    ['i32.const 0x80000000', 'IMM64 NEXT w0 +1 lo=2147483648'],
    ['i64.const -1', 'IMM64 NEXT w0 +1 hi=4294967295 lo=4294967295'],
    ['i64.const 0x100000000', 'IMM64 NEXT w0 +1 hi=1'],
    ['i64.const 0x8000000000000000', 'IMM64 NEXT w0 +1 hi=2147483648'],
    ['f32.const 1', 'IMM64 NEXT w0 +1 lo=1065353216'],
    ['f32.const -0', 'IMM64 NEXT w0 +1 lo=2147483648'],
    ['f32.const nan:0x200001', 'IMM64 NEXT w0 +1 lo=2141192193'],
    ['f64.const 1', 'IMM64 NEXT w0 +1 hi=1072693248'],
    ['f64.const -0', 'IMM64 NEXT w0 +1 hi=2147483648'],
    ['f64.const nan:0x4000000000001', 'IMM64 NEXT w0 +1 hi=2146697216 lo=1'],
  ])('%s is its bits, zero-extended', (instruction, word) => {
    expect(wordsOf(`${instruction} drop`)).toEqual([word, DROP])
  })
})

/** Field `access`: log2 of the width, and 8 for the sign to 32 bits, 16 for that to 64. */
const access: Readonly<Record<string, number>> = {
  'i32.load': 2,
  'i64.load': 3,
  'f32.load': 2,
  'f64.load': 3,
  'i32.load8_s': 8,
  'i32.load8_u': 0,
  'i32.load16_s': 9,
  'i32.load16_u': 1,
  'i64.load8_s': 16,
  'i64.load8_u': 0,
  'i64.load16_s': 17,
  'i64.load16_u': 1,
  'i64.load32_s': 18,
  'i64.load32_u': 2,
  'i32.store': 2,
  'i64.store': 3,
  'f32.store': 2,
  'f64.store': 3,
  'i32.store8': 0,
  'i32.store16': 1,
  'i64.store8': 0,
  'i64.store16': 1,
  'i64.store32': 2,
}
const accessText = (op: string) => (access[op] === 0 ? '' : ` access=${access[op]}`)

describe('memory access', () => {
  const MEMORY = '(memory 1)'

  it.each(LOAD_ROWS)('$op is one word whatever its alignment', ({ op }) => {
    for (const offset of [0, 4_294_967_295]) {
      const words = wordsOf(`${SEVEN} ${op} offset=${offset} align=1 drop`, MEMORY)
      const immediate = offset === 0 ? '' : ` lo=${offset}`
      expect(words).toEqual([PUSH_7, `LOADED NEXT a=1 load MEMORY${accessText(op)} w1${immediate}`, DROP])
    }
  })

  it.each(STORE_ROWS)('$op is one word', ({ op, type }) => {
    const words = wordsOf(`${SEVEN} ${seven(type)} ${op} offset=20`, MEMORY)
    expect(words).toEqual([PUSH_7, PUSH_7, `B NEXT a=2 b=1 store MEMORY${accessText(op)} -2 lo=20`])
  })

  it('memory.size pushes the pages', () => {
    expect(wordsOf('memory.size drop', MEMORY)).toEqual(['PAGES NEXT w0 +1', DROP])
  })

  it('memory.grow knows its limit', () => {
    expect(wordsOf(`${SEVEN} memory.grow drop`, MEMORY)).toEqual([PUSH_7, 'GROW NEXT a=1 w1 lo=77', DROP])
  })
})

/** The window begins at 0xfc100000 = 4228907008, and its size is global 500. */
describe('access to a window of the memory', () => {
  const inWindow = (body: string): string[] => wordsOf(body, '(memory 1)', { memory: WINDOW })
  const SIZE = 'LOADED NEXT load GLOBALS w0 +1 lo=500'

  it.each(LOAD_ROWS)('$op is three words', ({ op, bytes }) => {
    expect(inWindow(`${SEVEN} ${op} offset=3 align=1 drop`)).toEqual([
      PUSH_7,
      SIZE,
      `BOUND NEXT a=2 b=1 w2 -1 lo=${3 + bytes}`,
      `LOADED NEXT a=1 load MEMORY${accessText(op)} w1 window=64 lo=4228907011`,
      DROP,
    ])
  })

  it.each(STORE_ROWS)('$op is three words', ({ op, type, bytes }) => {
    expect(inWindow(`${SEVEN} ${seven(type)} ${op} offset=20`)).toEqual([
      PUSH_7,
      PUSH_7,
      SIZE,
      `BOUND NEXT a=3 b=1 w3 -1 lo=${20 + bytes}`,
      `B NEXT a=2 b=1 store MEMORY${accessText(op)} window=64 -2 lo=4228907028`,
    ])
  })

  it('with an offset that leads out of the region is stopped by its bound', () => {
    expect(inWindow(`${SEVEN} i64.load offset=4294967295 drop`).slice(1, 4)).toEqual([
      SIZE,
      'BOUND NEXT a=2 b=1 w2 -1 hi=1 lo=7',
      'LOADED NEXT a=1 load MEMORY access=3 w1 window=64 lo=4228907007',
    ])
  })

  it('memory.size is a global, memory.grow a function', () => {
    expect(inWindow('memory.size drop')).toEqual([SIZE, DROP])
    expect(inWindow(`${SEVEN} memory.grow drop`)).toEqual([
      PUSH_7,
      'IMM64 NEXT w0 +1 lo=500',
      'IMM64 NEXT w0 +1 lo=88',
      'ZERO CALL w0 +1 lo=30003',
      DROP,
    ])
  })
})

describe('bulk memory', () => {
  const FIELDS = '(memory 1) (data "a") (data "b")'
  const THREE = `${SEVEN} ${SEVEN} ${SEVEN}`

  it.each([
    ['memory.fill', 30_000],
    ['memory.copy', 30_001],
  ])('%s calls its function', (op, entry) => {
    expect(wordsOf(`${THREE} ${op}`, FIELDS)).toEqual([PUSH_7, PUSH_7, PUSH_7, `ZERO CALL w0 +1 lo=${entry}`])
  })

  it('memory.init says where the segment is and where its length', () => {
    expect(wordsOf(`${THREE} memory.init 1`, FIELDS).slice(3)).toEqual([
      'IMM64 NEXT w0 +1 lo=9100',
      'IMM64 NEXT w0 +1 lo=401',
      'ZERO CALL w0 +1 lo=30002',
    ])
  })

  it('data.drop sets the length to 0', () => {
    expect(wordsOf('data.drop 1', FIELDS)).toEqual(['IMM64 NEXT w0 +1', 'B NEXT b=1 store GLOBALS -1 lo=401'])
  })
})

describe('tables', () => {
  const FIELDS = '(table 2 funcref) (table 3 externref) (elem func 0) (elem funcref (ref.null func))'
  const NULL = 'IMM64 NEXT w0 +1'

  it('table.get loads, table.set loads and stores, both within the room of the table', () => {
    expect(wordsOf(`${SEVEN} table.get 1 drop`, FIELDS)[1]).toBe('LOADED NEXT a=1 load TABLES access=5 w1 lo=2000')
    expect(wordsOf(`${SEVEN} ref.null extern table.set 1`, FIELDS).slice(1)).toEqual([
      NULL,
      'B NEXT a=2 b=1 load TABLES store TABLES access=5 -2 lo=2000',
    ])
  })

  it('table.size is a global', () => {
    expect(wordsOf('table.size 1 drop', FIELDS)).toEqual(['LOADED NEXT load GLOBALS w0 +1 lo=201', DROP])
  })

  it.each([
    ['ref.null extern i32.const 7 table.grow 1 drop', [NULL, PUSH_7], [2000, 201, 12], 30_007, [DROP]],
    ['i32.const 7 ref.null extern i32.const 7 table.fill 1', [PUSH_7, NULL, PUSH_7], [2000, 201], 30_004, []],
    [
      'i32.const 7 i32.const 7 i32.const 7 table.copy 0 0',
      [PUSH_7, PUSH_7, PUSH_7],
      [1000, 200, 1000, 200],
      30_005,
      [],
    ],
    [
      'i32.const 7 i32.const 7 i32.const 7 table.init 0 1',
      [PUSH_7, PUSH_7, PUSH_7],
      [1000, 200, 8100, 301],
      30_006,
      [],
    ],
  ])('%s says where, and calls its function', (body, operands, places, entry, rest) => {
    expect(wordsOf(body, FIELDS)).toEqual([
      ...operands,
      ...places.map((place) => `IMM64 NEXT w0 +1 lo=${place}`),
      `ZERO CALL w0 +1 lo=${entry}`,
      ...rest,
    ])
  })

  it('table.copy goes to its first table from its second', () => {
    const words = wordsOf(`${SEVEN} ${SEVEN} ${SEVEN} table.copy 0 1`, '(table 2 funcref) (table 3 funcref)')
    expect(words.slice(3, 7)).toEqual([1000, 200, 2000, 201].map((place) => `IMM64 NEXT w0 +1 lo=${place}`))
  })

  it('elem.drop sets the length to 0', () => {
    expect(wordsOf('elem.drop 1', FIELDS)).toEqual([NULL, 'B NEXT b=1 store GLOBALS -1 lo=301'])
  })
})

describe('references', () => {
  it('ref.null is 0, and ref.is_null compares with it', () => {
    expect(wordsOf('ref.null func ref.is_null drop')).toEqual(['IMM64 NEXT w0 +1', 'i64.eqz NEXT a=1 w1', DROP])
    expect(wordsOf('ref.null extern drop')).toEqual(['IMM64 NEXT w0 +1', DROP])
  })

  it('ref.func is the type and the entry of the function', () => {
    // Types 1 and 2 are the same, so that they have one id.
    const types = '(type (func)) (type (func (param i32))) (type (func (param i32)))'
    const text = `(module ${types} (func (type 0) ref.func 1 drop) (func $f (type 2)) (elem declare func $f))`
    expect(wordsInScope(text).slice(1, 3)).toEqual(['IMM64 NEXT w0 +1 hi=51 lo=20001', DROP])
  })
})

describe('locals', () => {
  const withLocals = (code: string): string[] =>
    wordsInScope(`(module (func (param i32 f64) (local i32 i64 f32) ${code}))`).slice(1, -1)

  // The frame at entry: two arguments, the return pc, three locals; sp is behind them.
  it.each([
    [0, 6],
    [1, 5],
    [2, 3],
    [3, 2],
    [4, 1],
  ])('local %i stands %i below an empty operand stack', (index, depth) => {
    const get = `local.get ${index}`
    expect(withLocals(`${get} ${get} drop drop`).slice(0, 2)).toEqual([
      `A NEXT a=${depth} w0 +1`,
      `A NEXT a=${depth + 1} w0 +1`,
    ])
    expect(withLocals(`${get} local.set ${index}`)[1]).toBe(`A NEXT a=1 w${depth + 1} -1`)
    expect(withLocals(`${get} local.tee ${index} drop`)[1]).toBe(`A NEXT a=1 w${depth + 1}`)
  })
})

describe('globals', () => {
  it('global.get and global.set touch the leaf of the global', () => {
    const globals = '(global (mut i32) (i32.const 1)) (global (mut f64) (f64.const 2))'
    expect(wordsOf('global.get 1 global.set 1', globals)).toEqual([
      'LOADED NEXT load GLOBALS w0 +1 lo=101',
      'B NEXT b=1 store GLOBALS -1 lo=101',
    ])
  })
})

describe('plain control', () => {
  it.each(['select', 'select (result i32)'])('%s, drop and nop', (op) => {
    const words = wordsOf(`${SEVEN} ${SEVEN} ${SEVEN} ${op} nop drop`)
    expect(words).toEqual([PUSH_7, PUSH_7, PUSH_7, 'SELECT NEXT a=3 b=2 c=1 w3 -2', DROP])
  })

  it('unreachable traps, and nothing is emitted behind it', () => {
    expect(wordsInScope(`(module (func unreachable ${SEVEN} drop))`)).toEqual(['ENTER NEXT lo=1', 'ZERO TRAP lo=1'])
  })
})

describe('the table of opcodes', () => {
  it('is that of the test builder, so that no instruction lacks a case', () => {
    const decoded = OPCODES.map(([code, op]) => [op, code]).filter(([op]) => op !== 'else' && op !== 'end')
    expect(Object.fromEntries(decoded)).toEqual(TEST_OPCODES)
  })
})
