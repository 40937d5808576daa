import type { Random } from './random.ts'
import { randomFloat } from './random-floats.ts'

type FloatType = 'f32' | 'f64'

/** Powers of two at which an integer type ends, or a float type no longer tells integers apart. */
const LAST_INTEGERS = [7, 8, 15, 16, 23, 24, 31, 32, 52, 53, 63, 64] as const

const view = new DataView(new ArrayBuffer(8))

/** The bits of a number in a float type. */
export const floatBits = (type: FloatType, value: number): bigint => {
  if (type === 'f64') {
    view.setFloat64(0, value)
    return view.getBigUint64(0)
  }
  view.setFloat32(0, value)
  return BigInt(view.getUint32(0))
}

/** n, n/2 or n/4: often halfway between integers. */
const simple = (random: Random, type: FloatType): bigint => {
  const size = random.below(random.pick([8, 64, 4096]))
  return floatBits(type, (random.chance(0.4) ? -size : size) / random.pick([1, 2, 2, 4]))
}

/** A few units in the last place from where an integer type ends. */
const boundary = (random: Random, type: FloatType): bigint => {
  const power = 2 ** random.pick(LAST_INTEGERS)
  return floatBits(type, random.chance(0.4) ? -power : power) + BigInt(random.below(5) - 2)
}

/** Bits of a float for a program: numbers that computing does not turn into NaN and infinity at once, and boundaries. */
export const programFloat = (random: Random, type: FloatType): bigint => {
  const kind = random.below(8)
  if (kind < 3) return simple(random, type)
  return kind < 5 ? boundary(random, type) : randomFloat(random, type)
}
