import { I32_BASE, I64_BASE, INTEGER_OPS, type IntegerOp, TRAP } from '../../spec/index.ts'

/** Result of an operation: below 2^128, or a trap. */
export interface Outcome {
  readonly r: bigint
  readonly trap: number
}

export const value = (r: bigint): Outcome => ({ r, trap: TRAP.NONE })
export const trapped = (trap: number): Outcome => ({ r: 0n, trap })
export const flag = (condition: boolean): Outcome => value(condition ? 1n : 0n)

/** Leading zeros of an unsigned number of `bits` bits. */
const leadingZeros = (x: bigint, bits: number): number => (x === 0n ? bits : bits - x.toString(2).length)

const trailingZeros = (x: bigint, bits: number): number =>
  x === 0n ? bits : x.toString(2).length - 1 - x.toString(2).lastIndexOf('1')

const popcount = (x: bigint): number => x.toString(2).replaceAll('0', '').length

function divideSigned(x: bigint, y: bigint, bits: 32 | 64): Outcome {
  const quotient = BigInt.asIntN(bits, x) / BigInt.asIntN(bits, y)
  if (quotient === 1n << BigInt(bits - 1)) return trapped(TRAP.INTEGER_OVERFLOW)
  return value(BigInt.asUintN(bits, quotient))
}

const rotateLeft = (x: bigint, count: bigint, bits: number): bigint =>
  BigInt.asUintN(bits, (x << count) | (x >> (BigInt(bits) - count)))

type Bits = 32 | 64

/** An operation on unsigned operands of `bits` bits. */
type Operation = (x: bigint, y: bigint, bits: Bits) => Outcome

const wrap = (n: bigint, bits: Bits): Outcome => value(BigInt.asUintN(bits, n))
const signed = (n: bigint, bits: Bits): bigint => BigInt.asIntN(bits, n)

/** A shift count: the operand modulo the width. */
const count = (y: bigint, bits: Bits): bigint => y % BigInt(bits)

const unlessZero =
  (divide: Operation): Operation =>
  (x, y, bits) =>
    y === 0n ? trapped(TRAP.DIVISION_BY_ZERO) : divide(x, y, bits)

const extend =
  (from: number): Operation =>
  (x, _, bits) =>
    wrap(BigInt.asIntN(from, x), bits)

/** Source: WebAssembly Core Specification 2.0, 4.3.2. Twin: contracts/machine/Numeric.sol. */
const OPERATIONS: Record<IntegerOp, Operation> = {
  eqz: (x) => flag(x === 0n),
  eq: (x, y) => flag(x === y),
  ne: (x, y) => flag(x !== y),
  lt_s: (x, y, bits) => flag(signed(x, bits) < signed(y, bits)),
  lt_u: (x, y) => flag(x < y),
  gt_s: (x, y, bits) => flag(signed(x, bits) > signed(y, bits)),
  gt_u: (x, y) => flag(x > y),
  le_s: (x, y, bits) => flag(signed(x, bits) <= signed(y, bits)),
  le_u: (x, y) => flag(x <= y),
  ge_s: (x, y, bits) => flag(signed(x, bits) >= signed(y, bits)),
  ge_u: (x, y) => flag(x >= y),
  clz: (x, _, bits) => value(BigInt(leadingZeros(x, bits))),
  ctz: (x, _, bits) => value(BigInt(trailingZeros(x, bits))),
  popcnt: (x) => value(BigInt(popcount(x))),
  add: (x, y, bits) => wrap(x + y, bits),
  sub: (x, y, bits) => wrap(x - y, bits),
  mul: (x, y, bits) => wrap(x * y, bits),
  div_s: unlessZero(divideSigned),
  div_u: unlessZero((x, y) => value(x / y)),
  rem_s: unlessZero((x, y, bits) => wrap(signed(x, bits) % signed(y, bits), bits)),
  rem_u: unlessZero((x, y) => value(x % y)),
  and: (x, y) => value(x & y),
  or: (x, y) => value(x | y),
  xor: (x, y) => value(x ^ y),
  shl: (x, y, bits) => wrap(x << count(y, bits), bits),
  shr_s: (x, y, bits) => wrap(signed(x, bits) >> count(y, bits), bits),
  shr_u: (x, y, bits) => value(x >> count(y, bits)),
  rotl: (x, y, bits) => value(rotateLeft(x, count(y, bits), bits)),
  rotr: (x, y, bits) => value(rotateLeft(x, count(-y + 2n ** 64n, bits), bits)),
  ext8: extend(8),
  ext16: extend(16),
  ext32: extend(32),
}

/** An integer ALU operation on 128-bit operands; every other code traps as illegal. */
export function execute(alu: number, a: bigint, b: bigint): Outcome {
  const base = alu >= I64_BASE ? I64_BASE : I32_BASE
  const op = INTEGER_OPS[alu - base]
  if (op === undefined) return trapped(TRAP.ILLEGAL)
  const bits = base === I64_BASE ? 64 : 32
  return OPERATIONS[op](BigInt.asUintN(bits, a), BigInt.asUintN(bits, b), bits)
}
