import { type NativeType, TYPE } from './encoding.ts'

/** What the instructions without immediates take and leave, which their names say. */

/** Operands and the result of an instruction. */
export interface Arrows {
  readonly takes: readonly NativeType[]
  readonly leaves: NativeType
}

const typeOf = (name: string): NativeType => TYPE[name as keyof typeof TYPE]

const UNARY = new Set(['clz', 'ctz', 'popcnt', 'abs', 'neg', 'ceil', 'floor', 'trunc', 'nearest', 'sqrt'])
const COMPARISON = /^(eq|ne|[lg][te](_[su])?)$/
/** Between two types, such as i32.trunc_f32_s. */
const CONVERSION = /_([if](?:32|64))(?:_[su])?$/
const EXTENSION = /^extend\d+_s$/

const arrowsOf = (op: string): Arrows => {
  const [prefix = '', name = ''] = op.split('.')
  const type = typeOf(prefix)
  const from = CONVERSION.exec(name)?.[1]
  if (from !== undefined) return { takes: [typeOf(from)], leaves: type }
  if (name === 'eqz') return { takes: [type], leaves: TYPE.i32 }
  if (UNARY.has(name) || EXTENSION.test(name)) return { takes: [type], leaves: type }
  return { takes: [type, type], leaves: COMPARISON.test(name) ? TYPE.i32 : type }
}

const KNOWN = new Map<string, Arrows>()

/** Of a numeric instruction. */
export const arrows = (op: string): Arrows => {
  const known = KNOWN.get(op) ?? arrowsOf(op)
  KNOWN.set(op, known)
  return known
}

const MAKES_NAN = /^f(32|64)\.(add|sub|mul|div|min|max|ceil|floor|trunc|nearest|sqrt|demote_f64|promote_f32)$/
const KEEPS_BITS = /^(f(32|64)\.(abs|neg|copysign)|i(32|64)\.reinterpret_f(32|64))$/

/** The engine may give any NaN where the machine gives the canonical one. */
export const makesNan = (op: string): boolean => MAKES_NAN.test(op)

/** Which NaN it takes can be seen in its result. */
export const keepsNanBits = (op: string): boolean => KEEPS_BITS.test(op)
