import { describe, expect, it } from 'vitest'
import { floatText } from '../../../interpreter/binary/float-text.ts'
import { decodeModule } from '../../../interpreter/binary/index.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { wasmOf } from '../../helpers/wat.ts'

const RANDOM_VALUES = 500

/** The bits that another reader of the text format makes of these constants. */
const bitsOf = (type: 'f32' | 'f64', texts: readonly string[]): bigint[] => {
  const body = texts.map((text) => `${type}.const ${text} drop`).join(' ')
  const instructions = decodeModule(wasmOf(`(module (func ${body}))`)).functions[0]?.body ?? []
  return instructions.flatMap((instruction) => ('value' in instruction ? [instruction.value] : []))
}

describe('floatText', () => {
  it.each([
    ['f32', 0n, '0x0p+0'],
    ['f32', 0x80000000n, '-0x0p+0'],
    ['f32', 0x3f800000n, '0x1p+0'],
    ['f32', 0x3fc00000n, '0x1.8p+0'],
    ['f32', 1n, '0x0.000002p-126'],
    ['f32', 0x7f7fffffn, '0x1.fffffep+127'],
    ['f32', 0xff800000n, '-inf'],
    ['f32', 0x7fc00000n, 'nan'],
    ['f32', 0xff800001n, '-nan:0x1'],
    ['f64', 0n, '0x0p+0'],
    ['f64', 1n, '0x0.0000000000001p-1022'],
    ['f64', 0x400921fb54442d18n, '0x1.921fb54442d18p+1'],
    ['f64', 0x7fefffffffffffffn, '0x1.fffffffffffffp+1023'],
    ['f64', 0x7ff0000000000000n, 'inf'],
    ['f64', 0xfff8000000000000n, '-nan'],
    ['f64', 0x7fffffffffffffffn, 'nan:0xfffffffffffff'],
  ] as const)('of %s %d is %s', (type, bits, text) => {
    expect(floatText(type, bits)).toBe(text)
  })

  it.each(['f32', 'f64'] as const)('of any %s is read as the same bits', (type) => {
    const random = createRandom(TEST_SEED)
    console.info(`seed ${TEST_SEED}`)
    const bits = Array.from({ length: RANDOM_VALUES }, () =>
      type === 'f32' ? BigInt(random.uint32()) : (BigInt(random.uint32()) << 32n) | BigInt(random.uint32()),
    )
    expect(
      bitsOf(
        type,
        bits.map((value) => floatText(type, value)),
      ),
    ).toEqual(bits)
  })
})
