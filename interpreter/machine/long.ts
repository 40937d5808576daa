/**
 * 64-bit operations on two halves of an Int32Array, low half first, for the fast run: without
 * BigInts, because those that the engine fails to keep in registers cost an allocation each.
 */

export const MINIMUM = -(2n ** 63n)

/** Whether the number at x is below the number at y, both signed. */
export const lessSigned = (slots: Int32Array, x: number, y: number): boolean =>
  slots[x + 1]! === slots[y + 1]! ? slots[x]! >>> 0 < slots[y]! >>> 0 : slots[x + 1]! < slots[y + 1]!

/** Whether the number at x is below the number at y, both unsigned. */
export const lessUnsigned = (slots: Int32Array, x: number, y: number): boolean =>
  slots[x + 1]! === slots[y + 1]! ? slots[x]! >>> 0 < slots[y]! >>> 0 : slots[x + 1]! >>> 0 < slots[y + 1]! >>> 0

/** In place, by 0 to 63. */
export function shiftLeft(slots: Int32Array, x: number, count: number): void {
  if (count === 0) return
  const low = slots[x]!
  slots[x + 1] = count < 32 ? (slots[x + 1]! << count) | (low >>> (32 - count)) : low << (count - 32)
  slots[x] = count < 32 ? low << count : 0
}

/** In place, by 0 to 63, filling with zeros. */
export function shiftRight(slots: Int32Array, x: number, count: number): void {
  if (count === 0) return
  const high = slots[x + 1]!
  slots[x] = count < 32 ? (slots[x]! >>> count) | (high << (32 - count)) : high >>> (count - 32)
  slots[x + 1] = count < 32 ? high >>> count : 0
}

/** In place, by 0 to 63, filling with the sign. */
export function shiftRightSigned(slots: Int32Array, x: number, count: number): void {
  if (count === 0) return
  const high = slots[x + 1]!
  slots[x] = count < 32 ? (slots[x]! >>> count) | (high << (32 - count)) : high >> (count - 32)
  slots[x + 1] = count < 32 ? high >> count : high >> 31
}

/** In place, by 0 to 63. */
export function rotateLeft(slots: Int32Array, x: number, count: number): void {
  const swapped = count >= 32
  const low = swapped ? slots[x + 1]! : slots[x]!
  const high = swapped ? slots[x]! : slots[x + 1]!
  const rest = count & 31
  slots[x] = rest === 0 ? low : (low << rest) | (high >>> (32 - rest))
  slots[x + 1] = rest === 0 ? high : (high << rest) | (low >>> (32 - rest))
}

/** In place, by 0 to 63. */
export const rotateRight = (slots: Int32Array, x: number, count: number): void =>
  rotateLeft(slots, x, (64 - count) & 63)

/** Bits of a 64-bit number beyond those of a double. */
const BEYOND_DOUBLE = 2 ** 11 - 1

/**
 * The number, signed as its high half is, or one that rounds to the same f32 and that a double holds, so that it is
 * rounded only once: of the two doubles around it the one whose lowest bit is set.
 */
export function withStickyBit(low: number, high: number): number {
  const exact = high < 2 ** 21 && high >= -(2 ** 21)
  const rest = exact ? 0 : low & BEYOND_DOUBLE
  return high * 2 ** 32 + ((rest === 0 ? low : (low - rest) | (BEYOND_DOUBLE + 1)) >>> 0)
}
