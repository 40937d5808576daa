/** Literals of the text format to the exact bits that they stand for. */

/** What IEEE 754 calls the format of a float. */
interface Format {
  readonly width: number
  /** Bits of the significand that are stored. */
  readonly fraction: number
  /** Exponent of the smallest normal number. */
  readonly lowest: number
}

const FORMATS = {
  f32: { width: 32, fraction: 23, lowest: -126 },
  f64: { width: 64, fraction: 52, lowest: -1022 },
} as const satisfies Readonly<Record<string, Format>>

export type FloatType = keyof typeof FORMATS

/** A text is no literal of its type, or one out of range. */
export class LiteralError extends Error {
  override readonly name = 'LiteralError'
  readonly literal: string
  readonly type: string
  constructor(literal: string, type: string) {
    super(`'${literal}' is no ${type}`)
    this.literal = literal
    this.type = type
  }
}

const INTEGER = /^([+-]?)(0x[0-9a-f]+|[0-9]+)$/i

/** Bits of an integer literal, signed or not. */
export function integerBits(literal: string, width: 32 | 64): bigint {
  const [, sign, digits] = INTEGER.exec(literal.replaceAll('_', '')) ?? []
  if (digits === undefined) throw new LiteralError(literal, `i${width}`)
  const magnitude = BigInt(digits)
  if (magnitude >= 1n << BigInt(width) || (sign === '-' && magnitude > 1n << BigInt(width - 1)))
    throw new LiteralError(literal, `i${width}`)
  return BigInt.asUintN(width, sign === '-' ? -magnitude : magnitude)
}

/** A non-negative number as a fraction. */
interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

const FLOAT = /^([+-]?)(?:(inf)|nan(?::0x([0-9a-f]+))?|0x([0-9a-fp.+-]+)|([0-9e.+-]+))$/i
const HEX = /^([0-9a-f]+)\.?([0-9a-f]*)(?:p([+-]?[0-9]+))?$/i
const DECIMAL = /^([0-9]+)\.?([0-9]*)(?:e([+-]?[0-9]+))?$/i

/** Bits of a float literal, rounded once, to nearest, ties to even. */
export function floatBits(literal: string, type: FloatType): bigint {
  const format = FORMATS[type]
  const [whole, sign, infinity, payload, hex, decimal] = FLOAT.exec(literal.replaceAll('_', '')) ?? []
  if (whole === undefined) throw new LiteralError(literal, type)
  const value = hex === undefined ? rational(DECIMAL, decimal, 10n, 10n) : rational(HEX, hex, 16n, 2n)
  const special = infinity === undefined ? nanBits(payload, format) : infinityBits(format)
  const magnitude = value === undefined ? special : round(value, format)
  if (value !== undefined && magnitude >= infinityBits(format)) throw new LiteralError(literal, type)
  return sign === '-' ? (1n << BigInt(format.width - 1)) | magnitude : magnitude
}

const nanBits = (payload: string | undefined, format: Format): bigint =>
  infinityBits(format) | (payload === undefined ? quietBit(format) : BigInt(`0x${payload}`))

const infinityBits = ({ width, fraction }: Format): bigint => (1n << BigInt(width - 1)) - (1n << BigInt(fraction))

const quietBit = ({ fraction }: Format): bigint => 1n << BigInt(fraction - 1)

/** Digits, perhaps with a point, times `power` to an exponent. */
function rational(pattern: RegExp, text: string | undefined, radix: bigint, power: bigint): Rational | undefined {
  const [, whole = '', part = '', exponent = '0'] = text === undefined ? [] : (pattern.exec(text) ?? [])
  if (whole === '') return undefined
  const digits = BigInt(radix === 16n ? `0x${whole}${part}` : `${whole}${part}`)
  const scale = Number(exponent)
  const point = radix ** BigInt(part.length)
  const factor = power ** BigInt(Math.abs(scale))
  return scale < 0
    ? { numerator: digits, denominator: point * factor }
    : { numerator: digits * factor, denominator: point }
}

const bitLength = (value: bigint): number => value.toString(2).length

/** Bits of the nearest float; those of infinity or more where it is out of range. */
function round({ numerator, denominator }: Rational, { fraction, lowest }: Format): bigint {
  if (numerator === 0n) return 0n
  const estimate = bitLength(numerator) - bitLength(denominator)
  const below =
    estimate < 0 ? numerator << BigInt(-estimate) < denominator : numerator < denominator << BigInt(estimate)
  const exponent = Math.max(below ? estimate - 1 : estimate, lowest)
  const shift = fraction - exponent
  const scaled = shift < 0 ? numerator : numerator << BigInt(shift)
  const divisor = shift < 0 ? denominator << BigInt(-shift) : denominator
  const [quotient, rest] = [scaled / divisor, scaled % divisor]
  const up = 2n * rest > divisor || (2n * rest === divisor && (quotient & 1n) === 1n)
  // A normal quotient has the bit that is not stored, and a carry out of the fraction lands in the exponent.
  return (BigInt(exponent - lowest) << BigInt(fraction)) + quotient + (up ? 1n : 0n)
}

/** The class of NaNs that a result must be of: the canonical ones, or all quiet ones. */
export type NanClass = 'canonical' | 'arithmetic'

/** Whether bits are a NaN of a class, with either sign. */
export function isNan(bits: bigint, type: FloatType, wanted: NanClass): boolean {
  const format = FORMATS[type]
  const magnitude = BigInt.asUintN(format.width - 1, bits)
  const canonical = infinityBits(format) | quietBit(format)
  return wanted === 'canonical' ? magnitude === canonical : (magnitude & canonical) === canonical
}
