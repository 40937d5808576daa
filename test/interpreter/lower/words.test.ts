import { describe, expect, it } from 'vitest'
import { OPCODES } from '../../../interpreter/binary/opcodes.ts'
import { lowerSpec, mainOf } from '../../helpers/lowered.ts'
import type { Code, FunctionType, Instruction, ModuleSpec } from '../../helpers/wasm-builder.ts'
import {
  LOAD_ROWS,
  NUMERIC_ROWS,
  STORE_ROWS,
  OPCODES as TEST_OPCODES,
  type ValueType,
} from '../../helpers/wasm-opcodes.ts'
import { wordTexts } from '../../helpers/word-text.ts'

/** The start stub of a module without a start function. */
const STUB_WORDS = 2

/** Words of the function that begins behind the stub, without its ENTER. */
const wordsOf = (code: Code, more: Partial<ModuleSpec> = {}): string[] => bodyOf(mainOf(code, more))

const bodyOf = (spec: ModuleSpec): string[] => {
  const { code, functions } = lowerSpec(spec)
  return wordTexts(code, STUB_WORDS + 1, functions[1]?.entryPc)
}

const constant = (type: ValueType): Instruction =>
  type === 'i32' ? { op: 'i32.const', value: 7 } : { op: 'i64.const', value: 7n }

const SEVEN: Instruction = { op: 'i32.const', value: 7 }
const PUSH_7 = 'IMM64 NEXT w0 +1 lo=7'
const DROP = 'ZERO NEXT -1'
const RETURN_EMPTY = 'ZERO RETURN b=1 -1'
const MEMORY = { memory: { minimum: 1, maximum: 5 } } as const

describe('arithmetic', () => {
  const extensions: Readonly<Record<string, string>> = {
    'i32.wrap_i64': 'i32.ext32',
    'i64.extend_i32_u': 'i32.ext32',
    'i64.extend_i32_s': 'i64.ext32',
  }
  it.each(NUMERIC_ROWS)('$op is one word', ({ op, params }) => {
    const words = wordsOf([...params.map(constant), { op }, { op: 'drop' }])
    const operands = params.length === 1 ? 'a=1 w1' : 'a=2 b=1 w2 -1'
    expect(words).toEqual([...params.map(() => PUSH_7), `${extensions[op] ?? op} NEXT ${operands}`, DROP, RETURN_EMPTY])
  })
})

describe('constants', () => {
  it.each([
    [{ op: 'i32.const', value: 0 }, 'IMM64 NEXT w0 +1'],
    [{ op: 'i32.const', value: -1 }, 'IMM64 NEXT w0 +1 lo=4294967295'],
    [{ op: 'i32.const', value: -(2 ** 31) }, 'IMM64 NEXT w0 +1 lo=2147483648'],
    [{ op: 'i64.const', value: -1n }, 'IMM64 NEXT w0 +1 hi=4294967295 lo=4294967295'],
    [{ op: 'i64.const', value: 1n << 32n }, 'IMM64 NEXT w0 +1 hi=1'],
    [{ op: 'i64.const', value: -(1n << 63n) }, 'IMM64 NEXT w0 +1 hi=2147483648'],
  ] satisfies [Instruction, string][])('%o is its bits, zero-extended', (instruction, word) => {
    expect(wordsOf([instruction, { op: 'drop' }])[0]).toBe(word)
  })
})

describe('memory access', () => {
  const access: Readonly<Record<string, number>> = {
    'i32.load': 2,
    'i64.load': 3,
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
    'i32.store8': 0,
    'i32.store16': 1,
    'i64.store8': 0,
    'i64.store16': 1,
    'i64.store32': 2,
  }
  const accessText = (op: string) => (access[op] === 0 ? '' : ` access=${access[op]}`)

  it.each(LOAD_ROWS)('$op is one word whatever its alignment', ({ op }) => {
    for (const offset of [0, 4_294_967_295]) {
      const words = wordsOf([SEVEN, { op, alignLog2: 0, offset }, { op: 'drop' }], MEMORY)
      const immediate = offset === 0 ? '' : ` lo=${offset}`
      expect(words[1]).toBe(`LOADED NEXT a=1 load MEMORY${accessText(op)} w1${immediate}`)
    }
  })

  it.each(STORE_ROWS)('$op is one word', ({ op, type }) => {
    const words = wordsOf([SEVEN, constant(type), { op, alignLog2: 0, offset: 20 }], MEMORY)
    expect(words[2]).toBe(`B NEXT a=2 b=1 store MEMORY${accessText(op)} -2 lo=20`)
  })
})

describe('memory size', () => {
  const GROW: Code = [SEVEN, { op: 'memory.grow' }, { op: 'drop' }]

  it('memory.size pushes the pages', () => {
    expect(wordsOf([{ op: 'memory.size' }, { op: 'drop' }], MEMORY)[0]).toBe('PAGES NEXT w0 +1')
  })

  it.each([
    ['the declared maximum', { minimum: 1, maximum: 5 }, 5],
    ['64512 without a maximum', { minimum: 1 }, 64512],
    ['64512 for a greater maximum', { minimum: 1, maximum: 65536 }, 64512],
    ['the minimum when that is greater', { minimum: 65000, maximum: 65536 }, 65000],
  ])('memory.grow is limited to %s', (_, memory, limit) => {
    expect(wordsOf(GROW, { memory })[1]).toBe(`GROW NEXT a=1 w1 lo=${limit}`)
  })
})

describe('locals', () => {
  const types: FunctionType[] = [
    { params: [], results: [] },
    { params: ['i32', 'i64'], results: [] },
  ]
  const withLocals = (code: Code): string[] =>
    bodyOf(
      mainOf([], {
        types,
        functions: [
          { type: 1, locals: ['i32', 'i32', 'i64'], code },
          { type: 0, locals: [], code: [] },
        ],
        exports: [{ name: 'main', kind: 'function', index: 1 }],
      }),
    )

  // The frame at entry: two arguments, the return pc, three locals; sp is behind them.
  it.each([
    [0, 6],
    [1, 5],
    [2, 3],
    [3, 2],
    [4, 1],
  ])('local %i stands %i below an empty operand stack', (index, depth) => {
    const get: Instruction = { op: 'local.get', index }
    expect(withLocals([get, get, { op: 'drop' }, { op: 'drop' }]).slice(0, 2)).toEqual([
      `A NEXT a=${depth} w0 +1`,
      `A NEXT a=${depth + 1} w0 +1`,
    ])
    expect(withLocals([get, { op: 'local.set', index }])[1]).toBe(`A NEXT a=1 w${depth + 1} -1`)
    expect(withLocals([get, { op: 'local.tee', index }, { op: 'drop' }])[1]).toBe(`A NEXT a=1 w${depth + 1}`)
  })
})

describe('globals', () => {
  it('global.get and global.set touch the leaf of the global', () => {
    const globals = [
      { type: 'i32', mutable: true, value: 1 },
      { type: 'i64', mutable: true, value: -2n },
    ] as const
    const code: Code = [
      { op: 'global.get', index: 1 },
      { op: 'global.set', index: 1 },
    ]
    expect(wordsOf(code, { globals })).toEqual([
      'LOADED NEXT load GLOBALS w0 +1 lo=1',
      'B NEXT b=1 store GLOBALS -1 lo=1',
      RETURN_EMPTY,
    ])
  })
})

describe('plain control', () => {
  it('select, drop and nop', () => {
    const words = wordsOf([SEVEN, SEVEN, SEVEN, { op: 'select' }, { op: 'nop' }, { op: 'drop' }])
    expect(words).toEqual([PUSH_7, PUSH_7, PUSH_7, 'SELECT NEXT a=3 b=2 c=1 w3 -2', DROP, RETURN_EMPTY])
  })

  it('unreachable traps, and nothing is emitted behind it', () => {
    expect(wordsOf([{ op: 'unreachable' }, SEVEN, { op: 'drop' }])).toEqual(['ZERO TRAP lo=1'])
  })
})

describe('the table of opcodes', () => {
  it('is that of the test builder, so that no instruction lacks a case', () => {
    const decoded = OPCODES.map(([code, op]) => [op, code]).filter(([op]) => op !== 'else' && op !== 'end')
    expect(Object.fromEntries(decoded)).toEqual(TEST_OPCODES)
  })
})
