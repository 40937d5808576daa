import {
  F32_BASE,
  F64_BASE,
  FLOAT_CONVERSION,
  FLOAT_OPS,
  type FloatOp,
  TRAP,
  TRUNCATE,
  TRUNCATE_BASE,
  TRUNCATE_KINDS,
} from '../../spec/index.ts'
import { flag, type Outcome, trapped, value } from './numeric.ts'

/**
 * Operations on floats by the engine's doubles, every NaN that they make canonical. Floats are their bits here: an
 * engine need not keep the payload of a NaN. For f32 the operation is done on doubles and rounded once more, which
 * changes no result of + - * / and square root: doubles have more than twice the bits.
 * Source: WebAssembly Core Specification 2.0, 4.3.3. Twin: contracts/machine/Float.sol.
 */

/** A float format. */
interface Width {
  readonly bits: 32 | 64
  readonly sign: bigint
  readonly decode: (bits: bigint) => number
  /** Rounds to the format; NaN becomes the canonical one. */
  readonly encode: (x: number) => bigint
}

const view = new DataView(new ArrayBuffer(8))

const SINGLE: Width = {
  bits: 32,
  sign: 1n << 31n,
  decode(bits) {
    view.setUint32(0, Number(bits))
    return view.getFloat32(0)
  },
  encode(x) {
    if (Number.isNaN(x)) return 0x7fc00000n
    view.setFloat32(0, x)
    return BigInt(view.getUint32(0))
  },
}

const DOUBLE: Width = {
  bits: 64,
  sign: 1n << 63n,
  decode(bits) {
    view.setBigUint64(0, bits)
    return view.getFloat64(0)
  },
  encode(x) {
    if (Number.isNaN(x)) return 0x7ff8000000000000n
    view.setFloat64(0, x)
    return view.getBigUint64(0)
  },
}

const OPERATION = new Map<number, FloatOp>(FLOAT_OPS)

/** A float ALU operation on 128-bit operands; every other code from F32_BASE up traps as illegal. */
export function execute(alu: number, a: bigint, b: bigint): Outcome {
  if (alu >= TRUNCATE_BASE) return truncate(alu - TRUNCATE_BASE, a)
  const [base, width, other] = alu < F64_BASE ? [F32_BASE, SINGLE, DOUBLE] : [F64_BASE, DOUBLE, SINGLE]
  if (alu - base === FLOAT_CONVERSION) return value(width.encode(other.decode(BigInt.asUintN(other.bits, a))))
  const op = OPERATION.get(alu - base)
  if (op === undefined) return trapped(TRAP.ILLEGAL)
  return OPERATIONS[op](BigInt.asUintN(64, a), BigInt.asUintN(width.bits, b), width)
}

/** An operation on bits; integers that are converted may have more of them than the float. */
type Operation = (x: bigint, y: bigint, width: Width) => Outcome

const binary =
  (operate: (x: number, y: number) => number): Operation =>
  (x, y, width) =>
    value(width.encode(operate(decode(x, width), width.decode(y))))

const compare =
  (holds: (x: number, y: number) => boolean): Operation =>
  (x, y, width) =>
    flag(holds(decode(x, width), width.decode(y)))

const unary =
  (operate: (x: number) => number): Operation =>
  (x, _, width) =>
    value(width.encode(operate(decode(x, width))))

const bitwise =
  (operate: (x: bigint, y: bigint, sign: bigint) => bigint): Operation =>
  (x, y, width) =>
    value(operate(BigInt.asUintN(width.bits, x), y, width.sign))

const convert =
  (integer: (x: bigint) => bigint): Operation =>
  (x, _, width) =>
    value(width.encode(Number(width === SINGLE ? withStickyBit(integer(x)) : integer(x))))

const decode = (x: bigint, width: Width): number => width.decode(BigInt.asUintN(width.bits, x))

const OPERATIONS: Record<FloatOp, Operation> = {
  add: binary((x, y) => x + y),
  sub: binary((x, y) => x - y),
  mul: binary((x, y) => x * y),
  div: binary((x, y) => x / y),
  min: binary(Math.min),
  max: binary(Math.max),
  copysign: bitwise((x, y, sign) => (x & ~sign) | (y & sign)),
  eq: compare((x, y) => x === y),
  ne: compare((x, y) => x !== y),
  lt: compare((x, y) => x < y),
  gt: compare((x, y) => x > y),
  le: compare((x, y) => x <= y),
  ge: compare((x, y) => x >= y),
  abs: bitwise((x, _, sign) => x & ~sign),
  neg: bitwise((x, _, sign) => x ^ sign),
  sqrt: unary(Math.sqrt),
  ceil: unary(Math.ceil),
  floor: unary(Math.floor),
  trunc: unary(Math.trunc),
  nearest: unary(nearest),
  convert_i32_s: convert((x) => BigInt.asIntN(32, x)),
  convert_i32_u: convert((x) => BigInt.asUintN(32, x)),
  convert_i64_s: convert((x) => BigInt.asIntN(64, x)),
  convert_i64_u: convert((x) => BigInt.asUintN(64, x)),
}

/** From here on every double is an integer. */
const ALL_INTEGERS = 2 ** 52

/** The nearest integer, the even one of two, with the sign of x: doubles from 2^52 to 2^53 are the integers there. */
export function nearest(x: number): number {
  const magnitude = Math.abs(x)
  if (!(magnitude < ALL_INTEGERS)) return x
  const rounded = magnitude + ALL_INTEGERS - ALL_INTEGERS
  return x < 0 || Object.is(x, -0) ? -rounded : rounded
}

/** Bits of a 64-bit integer beyond those of a double. */
const BEYOND_DOUBLE = 11n

/**
 * A number that rounds to the same f32 and that a double holds, so that it is rounded only once: of the two doubles
 * around it the one whose lowest bit is set.
 */
function withStickyBit(x: bigint): bigint {
  if (BigInt.asIntN(53, x) === x) return x
  const high = x >> BEYOND_DOUBLE
  return (high << BEYOND_DOUBLE === x ? high : high | 1n) << BEYOND_DOUBLE
}

/** Conversion to an integer; `kind` is the bits of TRUNCATE. */
function truncate(kind: number, a: bigint): Outcome {
  if (kind >= TRUNCATE_KINDS) return trapped(TRAP.ILLEGAL)
  const bits = kind & TRUNCATE.I64 ? 64 : 32
  const x = decode(a, kind & TRUNCATE.F64 ? DOUBLE : SINGLE)
  const saturating = (kind & TRUNCATE.SATURATING) !== 0
  if (Number.isNaN(x)) return saturating ? value(0n) : trapped(TRAP.INVALID_CONVERSION)
  const whole = Math.trunc(x)
  const [least, most] = kind & TRUNCATE.UNSIGNED ? [0, 2 ** bits] : [-(2 ** (bits - 1)), 2 ** (bits - 1)]
  if (whole >= least && whole < most) return value(BigInt.asUintN(bits, BigInt(whole)))
  if (!saturating) return trapped(TRAP.INTEGER_OVERFLOW)
  return value(BigInt.asUintN(bits, x < 0 ? BigInt(least) : BigInt(most) - 1n))
}
