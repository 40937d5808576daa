import type { AluRow, NumberType } from '../../spec/index.ts'
import type { Operands } from './float-batch.ts'
import type { Random } from './random.ts'

type FloatType = 'f32' | 'f64'

const FORMAT = {
  f32: { bits: 32, fraction: 23 },
  f64: { bits: 64, fraction: 52 },
} as const

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n

const uint64 = (random: Random): bigint => (BigInt(random.uint32()) << 32n) | BigInt(random.uint32())

/** Type of the operands of a numeric operation. */
export function operandType({ name }: AluRow): NumberType {
  const [, converted] = /_([if](?:32|64))(?:_[su])?$/.exec(name) ?? []
  return (converted ?? name.slice(0, 3)) as NumberType
}

/** Subnormal numbers, the least and greatest normal ones, infinity and NaN, numbers around 1, or any. */
function exponent(random: Random, type: FloatType): number {
  const { bits, fraction } = FORMAT[type]
  const most = 2 ** (bits - 1 - fraction) - 1
  const kind = random.below(8)
  if (kind < 2) return random.below(2)
  if (kind === 2) return most - random.below(2)
  // From the least number to integers that are too large.
  if (kind < 6) return Math.min(most, (most >> 1) - 3 + random.below(70))
  return random.below(most + 1)
}

/** A few ones at an end, one bit, halfway between two shorter ones, or any. */
function fraction(random: Random, type: FloatType): bigint {
  const { fraction: bits } = FORMAT[type]
  const all = ones(bits)
  const bit = 1n << BigInt(random.below(bits))
  const kind = random.below(8)
  if (kind === 0) return 0n
  if (kind === 1) return all - BigInt(random.below(2))
  if (kind === 2) return bit
  if (kind === 3) return all ^ (bit - 1n)
  if (kind === 4) return BigInt.asUintN(bits, bit + BigInt(random.below(3)) - 1n)
  if (kind === 5) return BigInt(random.below(3))
  return uint64(random) & all
}

/** Bits of a float, mostly at boundaries. */
export function randomFloat(random: Random, type: FloatType): bigint {
  const { bits, fraction: stored } = FORMAT[type]
  const sign = random.chance(0.5) ? 1n << BigInt(bits - 1) : 0n
  return sign | (BigInt(exponent(random, type)) << BigInt(stored)) | fraction(random, type)
}

/** A float that has to do with another: itself, its negation, its neighbour, or about as small that a sum is rounded. */
function relative(random: Random, type: FloatType, x: bigint): bigint {
  const { bits, fraction: stored } = FORMAT[type]
  const flipped = random.chance(0.5) ? x : x ^ (1n << BigInt(bits - 1))
  const kind = random.below(3)
  if (kind === 0) return flipped
  if (kind === 1) return BigInt.asUintN(bits, flipped + BigInt(random.below(5) - 2))
  const distance = BigInt(stored - 2 + random.below(6)) << BigInt(stored)
  const sameFraction = BigInt.asUintN(bits, flipped - distance)
  return random.chance(0.5) ? sameFraction : sameFraction & ~ones(stored)
}

/** An integer at a boundary, or around the middle of two floats. */
function randomInteger(random: Random): bigint {
  if (random.chance(0.5)) return BigInt.asUintN(64, random.int64())
  const high = random.below(64)
  const low = Math.max(0, high - random.pick([23, 24, 25, 52, 53, 54]))
  return BigInt.asUintN(64, (1n << BigInt(high)) + (1n << BigInt(low)) + BigInt(random.below(3) - 1))
}

const isFloat = (type: NumberType): type is FloatType => type === 'f32' || type === 'f64'

/** Operands of an operation, sometimes with bits above those that it may see. */
export function randomOperands(random: Random, row: AluRow): Operands {
  const type = operandType(row)
  const a = isFloat(type) ? randomFloat(random, type) : randomInteger(random)
  if (!isFloat(type)) return [a, uint64(random)]
  const b = random.chance(0.5) ? randomFloat(random, type) : relative(random, type, a)
  const above = random.chance(0.25) ? uint64(random) << BigInt(FORMAT[type].bits) : 0n
  return random.chance(0.5) ? [a | above, b] : [b, a | above]
}
