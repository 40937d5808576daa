import type { Field } from '../../spec/index.ts'

/** Reads a field of a packed word. */
export const field = (word: bigint, [low, width]: Field): bigint => BigInt.asUintN(width, word >> BigInt(low))

/** Replaces a field of a packed word; the value is reduced to the field's width. */
export const withField = (word: bigint, [low, width]: Field, value: bigint): bigint =>
  (word & ~(((1n << BigInt(width)) - 1n) << BigInt(low))) | (BigInt.asUintN(width, value) << BigInt(low))

/** A field read as a two's complement number. */
export const signedField = (word: bigint, at: Field): bigint => BigInt.asIntN(at[1], field(word, at))

/** 32 bytes as a big-endian number. */
export function numberOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32)
  const high = (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
  return (high << 128n) | (view.getBigUint64(16) << 64n) | view.getBigUint64(24)
}

/** A number below 2^256 as 32 big-endian bytes. */
export function bytesOf(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  for (let i = 3, rest = value; i >= 0; i--, rest >>= 64n) view.setBigUint64(8 * i, BigInt.asUintN(64, rest))
  return bytes
}

/** 256-bit numbers one after the other as big-endian bytes. */
export function concatWords(words: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * words.length)
  for (const [i, word] of words.entries()) bytes.set(bytesOf(word), 32 * i)
  return bytes
}

export function equalBytes(x: Uint8Array, y: Uint8Array): boolean {
  if (x.length !== y.length) return false
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false
  return true
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Bytes as a 0x string. */
export const toHex = (bytes: Uint8Array): `0x${string}` => {
  let text = '0x'
  for (const byte of bytes) text += HEX[byte]
  return text as `0x${string}`
}

const HEX_DIGITS = new TextEncoder().encode('0123456789abcdef')

/** Nodes one after the other as 0x strings: many are quicker as slices of one text. */
export function toHexes(nodes: Uint8Array): `0x${string}`[] {
  const digits = new Uint8Array(2 * nodes.length)
  for (let i = 0; i < nodes.length; i++) {
    digits[2 * i] = HEX_DIGITS[nodes[i]! >>> 4]!
    digits[2 * i + 1] = HEX_DIGITS[nodes[i]! & 15]!
  }
  const text = new TextDecoder().decode(digits)
  return Array.from({ length: nodes.length / 32 }, (_, i): `0x${string}` => `0x${text.slice(64 * i, 64 * i + 64)}`)
}
