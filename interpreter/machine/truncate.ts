import { TRAP, TRUNCATE, TRUNCATE_KINDS } from '../../spec/index.ts'

/** By kind: integers are in range from LEAST on, below END. */
const END = Float64Array.from({ length: TRUNCATE_KINDS }, (_, kind) => {
  const bits = kind & TRUNCATE.I64 ? 64 : 32
  return 2 ** (kind & TRUNCATE.UNSIGNED ? bits : bits - 1)
})
const LEAST = END.map((end, kind) => (kind & TRUNCATE.UNSIGNED ? 0 : -end))

/** Conversion of a float to an integer for the fast run, into the slot at `to`; `kind` is the bits of TRUNCATE. */
export function truncate(slots: Int32Array, to: number, kind: number, x: number): number {
  const whole = Math.trunc(x)
  if (whole >= LEAST[kind]! && whole < END[kind]!) put(slots, to, kind, whole)
  else if ((kind & TRUNCATE.SATURATING) === 0) return Number.isNaN(x) ? TRAP.INVALID_CONVERSION : TRAP.INTEGER_OVERFLOW
  else if (x > 0) putMost(slots, to, kind)
  else put(slots, to, kind, Number.isNaN(x) ? 0 : LEAST[kind]!)
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
