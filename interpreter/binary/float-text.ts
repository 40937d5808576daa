/** Widths of the formats. Source: IEEE 754-2019, table 3.5. */
const FORMATS = {
  f32: { exponentBits: 8n, fractionBits: 23n },
  f64: { exponentBits: 11n, fractionBits: 52n },
} as const

const BITS_PER_DIGIT = 4n

/** The bits of a float in text form, exactly: hexadecimal, such as `-0x1.8p+1`, `inf` or `nan:0x200000`. */
export const floatText = (type: keyof typeof FORMATS, bits: bigint): string => {
  const { exponentBits, fractionBits } = FORMATS[type]
  const fraction = BigInt.asUintN(Number(fractionBits), bits)
  const exponent = BigInt.asUintN(Number(exponentBits), bits >> fractionBits)
  const sign = bits >> (fractionBits + exponentBits) === 0n ? '' : '-'
  const special = 2n ** exponentBits - 1n
  if (exponent === special) return sign + (fraction === 0n ? 'inf' : nanText(fraction, fractionBits))
  return sign + finiteText(exponent, fraction, fractionBits, special >> 1n)
}

/** The canonical payload, the topmost bit alone, is not written. */
const nanText = (payload: bigint, fractionBits: bigint): string =>
  payload === 1n << (fractionBits - 1n) ? 'nan' : `nan:0x${payload.toString(16)}`

/** Exponent 0 stands for zero and the numbers below the normal ones, which have no leading one. */
const finiteText = (exponent: bigint, fraction: bigint, fractionBits: bigint, bias: bigint): string => {
  if (exponent === 0n && fraction === 0n) return '0x0p+0'
  const normal = exponent !== 0n
  const power = (normal ? exponent : 1n) - bias
  return `0x${normal ? 1 : 0}${digitsText(fraction, fractionBits)}p${power < 0n ? '' : '+'}${power}`
}

const digitsText = (fraction: bigint, fractionBits: bigint): string => {
  const digits = (fractionBits + BITS_PER_DIGIT - 1n) / BITS_PER_DIGIT
  const whole = fraction << (digits * BITS_PER_DIGIT - fractionBits)
  const text = whole.toString(16).padStart(Number(digits), '0').replace(/0+$/, '')
  return text === '' ? '' : `.${text}`
}
