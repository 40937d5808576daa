import { describe, expect, it } from 'vitest'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { floatBits, integerBits, isNan, LiteralError } from './literal.ts'

const hex = (bits: bigint): string => `0x${bits.toString(16)}`

describe('integerBits', () => {
  it.each([
    ['0', 32, '0x0'],
    ['-1', 32, '0xffffffff'],
    ['0x1_0F', 32, '0x10f'],
    ['4294967295', 32, '0xffffffff'],
    ['-2147483648', 32, '0x80000000'],
    ['+0x7fffffffffffffff', 64, '0x7fffffffffffffff'],
    ['-9_223_372_036_854_775_808', 64, '0x8000000000000000'],
  ] as const)('reads %s in %i bits', (literal, width, bits) => {
    expect(hex(integerBits(literal, width))).toBe(bits)
  })

  it.each([
    ['4294967296', 32],
    ['-2147483649', 32],
    ['18446744073709551616', 64],
    ['1.0', 32],
    ['0x', 64],
    ['', 32],
  ] as const)('refuses %j in %i bits', (literal, width) => {
    expect(() => integerBits(literal, width)).toThrow(LiteralError)
  })
})

describe('floatBits', () => {
  it.each([
    ['0', 'f32', '0x0'],
    ['-0.0', 'f32', '0x80000000'],
    ['1', 'f32', '0x3f800000'],
    ['inf', 'f32', '0x7f800000'],
    ['-inf', 'f64', '0xfff0000000000000'],
    ['nan', 'f32', '0x7fc00000'],
    ['-nan:0x20_0001', 'f32', '0xffa00001'],
    ['nan:0x4000000000000', 'f64', '0x7ff4000000000000'],
    ['0x1.fffffep127', 'f32', '0x7f7fffff'],
    ['0x1p-149', 'f32', '0x1'],
    ['0x1p-150', 'f32', '0x0'],
    ['0x1.000002p-150', 'f32', '0x1'],
    ['0x1p-1074', 'f64', '0x1'],
    ['0x0.8p-126', 'f32', '0x400000'],
    ['1e-45', 'f32', '0x1'],
    // Rounding to a double first would lose the tie.
    ['1.00000017881393432617187499', 'f32', '0x3f800001'],
    ['1.00000017881393432617187501', 'f32', '0x3f800002'],
    ['0x1.00000100000000001p-50', 'f32', '0x26800001'],
    ['0x1.fffffefffffff8000000p127', 'f32', '0x7f7fffff'],
    ['6.28318530717958623', 'f64', '0x401921fb54442d18'],
  ] as const)('reads %s as %s', (literal, type, bits) => {
    expect(hex(floatBits(literal, type))).toBe(bits)
  })

  it('reads the decimal text of any double as that double', () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    const view = new DataView(new ArrayBuffer(8))
    for (let i = 0; i < 2000; i++) {
      view.setBigInt64(0, random.int64())
      const value = view.getFloat64(0)
      if (!Number.isFinite(value)) continue
      const text = Object.is(value, -0) ? '-0' : String(value)
      expect(floatBits(text, 'f64')).toBe(view.getBigUint64(0))
    }
  })

  it.each([
    ['0x1p128', 'f32'],
    ['1e309', 'f64'],
    ['nano', 'f32'],
    ['1f', 'f32'],
    ['', 'f64'],
  ] as const)('refuses %j as %s', (literal, type) => {
    expect(() => floatBits(literal, type)).toThrow(LiteralError)
  })
})

describe('isNan', () => {
  it.each([
    ['nan', true, true],
    ['-nan', true, true],
    ['nan:0x600000', false, true],
    ['nan:0x200000', false, false],
    ['inf', false, false],
    ['1', false, false],
  ])('classifies %s: canonical %s, arithmetic %s', (literal, canonical, arithmetic) => {
    const bits = floatBits(literal, 'f32')
    expect([isNan(bits, 'f32', 'canonical'), isNan(bits, 'f32', 'arithmetic')]).toEqual([canonical, arithmetic])
  })
})
