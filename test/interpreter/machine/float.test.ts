import { describe, expect, it } from 'vitest'
import { execute, nearest } from '../../../interpreter/machine/float.ts'
import { ALU_ROWS, F32_BASE, TRAP } from '../../../spec/index.ts'
import { FLOAT_ROWS, floatEngine, floatOperands, typesOf } from '../../helpers/float-engine.ts'
import {
  drawFloatSample,
  floatCase,
  floatCases,
  floatFiles,
  floatFolder,
  NoFloatVector,
  readFloatFiles,
  readFloatSample,
} from '../../helpers/float-vectors.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

const files = floatFiles()
const count = files.reduce((sum, { lines }) => sum + lines.length, 0)
const reason = floatFolder() === undefined ? ' (a sample: SUBSTEP_TEST_DATA is not set)' : ''

/** What is wrong with the answers to a list of cases; the first is enough to look into. */
const firstWrong = <Case extends { r: bigint; trap: number }>(
  cases: readonly Case[],
  answer: (one: Case) => { r: bigint; trap: number },
) => cases.map((one) => ({ ...one, is: answer(one) })).find(({ is, r, trap }) => is.r !== r || is.trap !== trap)

describe(`execute, on ${count} IEEE vectors of ${files.length} files${reason}`, () => {
  it.each(files)('computes $name', (file) => {
    expect(firstWrong(floatCases(file), ({ row, a, b }) => execute(row.code, a, b))).toBeUndefined()
  })
})

describe('float vectors', () => {
  it('are of every operation but those that TestFloat does not know', () => {
    const known = new Set(files.map(({ row }) => row.name))
    const missing = FLOAT_ROWS.filter(({ name }) => !known.has(name)).map(({ name }) => name)
    const alike = (type: string) =>
      ['min', 'max', 'copysign', 'ne', 'gt', 'ge', 'abs', 'neg'].map((op) => `${type}.${op}`)
    const saturating = FLOAT_ROWS.filter(({ name }) => name.includes('_sat_')).map(({ name }) => name)
    expect(missing.sort()).toEqual([...alike('f32'), ...alike('f64'), ...saturating].sort())
  })

  it.skipIf(floatFolder() === undefined)('are drawn evenly for the sample that is checked in', () => {
    const whole = readFloatFiles(floatFolder() as string)
    expect(drawFloatSample(whole, 5000)).toEqual(readFloatSample())
  })

  it('are refused where a line is none', () => {
    const [{ row }] = files as [(typeof files)[0]]
    expect(() => floatCase(row, '00000000 00')).toThrow(NoFloatVector)
    expect(() => floatCase(row, '00000000 0000000g 00000000 00')).toThrow(NoFloatVector)
  })
})

const RANDOM_CASES = 300

describe(`execute, seed ${TEST_SEED}`, () => {
  const engine = floatEngine()

  it.each(FLOAT_ROWS)('computes $name as the engine does, on edges and random operands', (row) => {
    const random = createRandom(TEST_SEED ^ row.code)
    const cases = floatOperands(row, random, RANDOM_CASES).map(({ a, b }) => ({ row, a, b, ...engine(row, a, b) }))
    expect(firstWrong(cases, ({ a, b }) => execute(row.code, a, b))).toBeUndefined()
  })

  it('takes operands modulo their width', () => {
    const random = createRandom(TEST_SEED)
    for (const row of FLOAT_ROWS) {
      const beyond = typesOf(row).operand.endsWith('64') ? 1n << 64n : 1n << 32n
      for (const { a, b } of floatOperands(row, random, 5)) {
        expect(execute(row.code, a | beyond, b | (1n << 127n) | beyond)).toEqual(execute(row.code, a, b))
      }
    }
  })

  it('has no other operation', () => {
    const codes = new Set(ALU_ROWS.map(({ code }) => code))
    for (let alu = F32_BASE; alu < 256; alu++) {
      expect([alu, execute(alu, 0n, 0n).trap === TRAP.ILLEGAL]).toEqual([alu, !codes.has(alu)])
    }
  })
})

describe('nearest', () => {
  it('takes the even one of two, and keeps the sign of zero', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 0.4, -0, 2 ** 52 + 1].map(nearest)).toEqual([
      0,
      2,
      2,
      -0,
      -2,
      0,
      -0,
      2 ** 52 + 1,
    ])
  })
})

describe('conversion of integers to f32', () => {
  it('rounds once: an i64 that lies just above the middle of two floats goes up, one in the middle to the even one', () => {
    const convert = (op: string, x: bigint) => {
      const row = FLOAT_ROWS.find(({ name }) => name === `f32.${op}`)
      return row && execute(row.code, x, 0n).r
    }
    expect(convert('convert_i64_u', 2n ** 63n + 2n ** 39n + 1n)).toBe(0x5f000001n)
    expect(convert('convert_i64_u', 2n ** 63n + 2n ** 39n)).toBe(0x5f000000n)
    expect(convert('convert_i64_s', 2n ** 62n + 2n ** 38n + 1n)).toBe(0x5e800001n)
    expect(convert('convert_i64_s', -(2n ** 62n) - 2n ** 38n - 1n)).toBe(0xde800001n)
    expect(convert('convert_i64_s', -(2n ** 62n) - 2n ** 38n)).toBe(0xde800000n)
  })
})
