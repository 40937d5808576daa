import { TRAP, TRUNCATE } from '../../spec/index.ts'

/** Range of an integer type: from `least` on, below `end`. */
const rangeOf = (kind: number): { least: number; end: number } => {
  const bits = kind & TRUNCATE.I64 ? 64 : 32
  return kind & TRUNCATE.UNSIGNED ? { least: 0, end: 2 ** bits } : { least: -(2 ** (bits - 1)), end: 2 ** (bits - 1) }
}

/** Conversion of a float to an integer for the fast run, into the slot at `to`; `kind` is the bits of TRUNCATE. */
export function truncate(slots: Int32Array, to: number, kind: number, x: number): number {
  const saturating = (kind & TRUNCATE.SATURATING) !== 0
  if (Number.isNaN(x) && !saturating) return TRAP.INVALID_CONVERSION
  const whole = Math.trunc(x)
  const { least, end } = rangeOf(kind)
  if (whole >= least && whole < end) put(slots, to, kind, whole)
  else if (!saturating) return TRAP.INTEGER_OVERFLOW
  else if (Number.isNaN(x)) put(slots, to, kind, 0)
  else if (x < 0) put(slots, to, kind, least)
  else putMost(slots, to, kind)
  return TRAP.NONE
}

/** Halves of an integer that is in range; Int32Array takes them modulo 2^32. */
function put(slots: Int32Array, to: number, kind: number, whole: number): void {
  slots[to] = whole
  slots[to + 1] = kind & TRUNCATE.I64 ? Math.floor(whole / 2 ** 32) : 0
}

/** The greatest integer of the type; of 64 bits, no double holds it. */
function putMost(slots: Int32Array, to: number, kind: number): void {
  const high = kind & TRUNCATE.UNSIGNED ? -1 : 2 ** 31 - 1
  slots[to] = kind & TRUNCATE.I64 ? -1 : high
  slots[to + 1] = kind & TRUNCATE.I64 ? high : 0
}
