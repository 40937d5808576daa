/** The instructions of WebAssembly 2.0 without SIMD, and tail calls, typed by hand from the specification. */
export type NumberType = 'i32' | 'i64' | 'f32' | 'f64'
export type ReferenceType = 'funcref' | 'externref'
export type ValueType = NumberType | ReferenceType

type IntegerType = 'i32' | 'i64'
type FloatType = 'f32' | 'f64'

const COMPARISONS = ['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u'] as const
const COUNTS = ['clz', 'ctz', 'popcnt'] as const
const ARITHMETIC = [
  ...(['add', 'sub', 'mul', 'div_s', 'div_u', 'rem_s', 'rem_u'] as const),
  ...(['and', 'or', 'xor', 'shl', 'shr_s', 'shr_u', 'rotl', 'rotr'] as const),
] as const
const FLOAT_COMPARISONS = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'] as const
/** Signs only: these keep the bits of a NaN. */
const SIGNS = ['abs', 'neg'] as const
const ROUNDINGS = ['ceil', 'floor', 'trunc', 'nearest', 'sqrt'] as const
const FLOAT_ARITHMETIC = ['add', 'sub', 'mul', 'div', 'min', 'max', 'copysign'] as const

type IntegerName = 'eqz' | (typeof COMPARISONS)[number] | (typeof COUNTS)[number] | (typeof ARITHMETIC)[number]
type FloatName =
  | (typeof FLOAT_COMPARISONS)[number]
  | (typeof SIGNS)[number]
  | (typeof ROUNDINGS)[number]
  | (typeof FLOAT_ARITHMETIC)[number]

type Conversion =
  | 'i32.wrap_i64'
  | 'i64.extend_i32_s'
  | 'i64.extend_i32_u'
  | `${IntegerType}.trunc_${'' | 'sat_'}${FloatType}_${'s' | 'u'}`
  | `${FloatType}.convert_${IntegerType}_${'s' | 'u'}`
  | 'f32.demote_f64'
  | 'f64.promote_f32'

type SignExtension = `${IntegerType}.extend${8 | 16}_s` | 'i64.extend32_s'

export type ReinterpretOp =
  | 'i32.reinterpret_f32'
  | 'i64.reinterpret_f64'
  | 'f32.reinterpret_i32'
  | 'f64.reinterpret_i64'

export type NumericOp = `${IntegerType}.${IntegerName}` | `${FloatType}.${FloatName}` | Conversion | SignExtension

export interface Row<Op extends string> {
  readonly op: Op
  /** The opcode; behind a prefix byte, the prefix times 256 and the number that follows it. */
  readonly code: number
  readonly params: readonly NumberType[]
  readonly result: NumberType
}

export type NumericRow = Row<NumericOp>

export const PREFIX = 0xfc00

const rows = <Type extends NumberType, Name extends string>(
  type: Type,
  first: number,
  names: readonly Name[],
  arity: 1 | 2,
  result: NumberType,
): Row<`${Type}.${Name}`>[] =>
  names.map((name, k) => ({
    op: `${type}.${name}` as const,
    code: first + k,
    params: arity === 1 ? [type] : [type, type],
    result,
  }))

const conversion = <Op extends string>(code: number, op: Op, from: NumberType, result: NumberType): Row<Op> => ({
  op,
  code,
  params: [from],
  result,
})

const floatRows = (type: FloatType, first: number): NumericRow[] => [
  ...rows(type, first, SIGNS, 1, type),
  ...rows(type, first + SIGNS.length, ROUNDINGS, 1, type),
  ...rows(type, first + SIGNS.length + ROUNDINGS.length, FLOAT_ARITHMETIC, 2, type),
]

const CONVERSION_ROWS: readonly NumericRow[] = [
  conversion(0xa7, 'i32.wrap_i64', 'i64', 'i32'),
  conversion(0xa8, 'i32.trunc_f32_s', 'f32', 'i32'),
  conversion(0xa9, 'i32.trunc_f32_u', 'f32', 'i32'),
  conversion(0xaa, 'i32.trunc_f64_s', 'f64', 'i32'),
  conversion(0xab, 'i32.trunc_f64_u', 'f64', 'i32'),
  conversion(0xac, 'i64.extend_i32_s', 'i32', 'i64'),
  conversion(0xad, 'i64.extend_i32_u', 'i32', 'i64'),
  conversion(0xae, 'i64.trunc_f32_s', 'f32', 'i64'),
  conversion(0xaf, 'i64.trunc_f32_u', 'f32', 'i64'),
  conversion(0xb0, 'i64.trunc_f64_s', 'f64', 'i64'),
  conversion(0xb1, 'i64.trunc_f64_u', 'f64', 'i64'),
  conversion(0xb2, 'f32.convert_i32_s', 'i32', 'f32'),
  conversion(0xb3, 'f32.convert_i32_u', 'i32', 'f32'),
  conversion(0xb4, 'f32.convert_i64_s', 'i64', 'f32'),
  conversion(0xb5, 'f32.convert_i64_u', 'i64', 'f32'),
  conversion(0xb6, 'f32.demote_f64', 'f64', 'f32'),
  conversion(0xb7, 'f64.convert_i32_s', 'i32', 'f64'),
  conversion(0xb8, 'f64.convert_i32_u', 'i32', 'f64'),
  conversion(0xb9, 'f64.convert_i64_s', 'i64', 'f64'),
  conversion(0xba, 'f64.convert_i64_u', 'i64', 'f64'),
  conversion(0xbb, 'f64.promote_f32', 'f32', 'f64'),
  conversion(0xc0, 'i32.extend8_s', 'i32', 'i32'),
  conversion(0xc1, 'i32.extend16_s', 'i32', 'i32'),
  conversion(0xc2, 'i64.extend8_s', 'i64', 'i64'),
  conversion(0xc3, 'i64.extend16_s', 'i64', 'i64'),
  conversion(0xc4, 'i64.extend32_s', 'i64', 'i64'),
  conversion(PREFIX + 0, 'i32.trunc_sat_f32_s', 'f32', 'i32'),
  conversion(PREFIX + 1, 'i32.trunc_sat_f32_u', 'f32', 'i32'),
  conversion(PREFIX + 2, 'i32.trunc_sat_f64_s', 'f64', 'i32'),
  conversion(PREFIX + 3, 'i32.trunc_sat_f64_u', 'f64', 'i32'),
  conversion(PREFIX + 4, 'i64.trunc_sat_f32_s', 'f32', 'i64'),
  conversion(PREFIX + 5, 'i64.trunc_sat_f32_u', 'f32', 'i64'),
  conversion(PREFIX + 6, 'i64.trunc_sat_f64_s', 'f64', 'i64'),
  conversion(PREFIX + 7, 'i64.trunc_sat_f64_u', 'f64', 'i64'),
]

/** Instructions without immediates that replace their operands by one number that they compute. */
export const NUMERIC_ROWS: readonly NumericRow[] = [
  ...rows('i32', 0x45, ['eqz'], 1, 'i32'),
  ...rows('i32', 0x46, COMPARISONS, 2, 'i32'),
  ...rows('i64', 0x50, ['eqz'], 1, 'i32'),
  ...rows('i64', 0x51, COMPARISONS, 2, 'i32'),
  ...rows('f32', 0x5b, FLOAT_COMPARISONS, 2, 'i32'),
  ...rows('f64', 0x61, FLOAT_COMPARISONS, 2, 'i32'),
  ...rows('i32', 0x67, COUNTS, 1, 'i32'),
  ...rows('i32', 0x6a, ARITHMETIC, 2, 'i32'),
  ...rows('i64', 0x79, COUNTS, 1, 'i64'),
  ...rows('i64', 0x7c, ARITHMETIC, 2, 'i64'),
  ...floatRows('f32', 0x8b),
  ...floatRows('f64', 0x99),
  ...CONVERSION_ROWS,
]

/** Instructions that give the same bits another type. */
export const REINTERPRET_ROWS: readonly Row<ReinterpretOp>[] = [
  conversion(0xbc, 'i32.reinterpret_f32', 'f32', 'i32'),
  conversion(0xbd, 'i64.reinterpret_f64', 'f64', 'i64'),
  conversion(0xbe, 'f32.reinterpret_i32', 'i32', 'f32'),
  conversion(0xbf, 'f64.reinterpret_i64', 'i64', 'f64'),
]

/** Loads and stores: opcode, type of the value, bytes in memory. */
export const LOAD_ROWS = [
  { op: 'i32.load', code: 0x28, type: 'i32', bytes: 4 },
  { op: 'i64.load', code: 0x29, type: 'i64', bytes: 8 },
  { op: 'f32.load', code: 0x2a, type: 'f32', bytes: 4 },
  { op: 'f64.load', code: 0x2b, type: 'f64', bytes: 8 },
  { op: 'i32.load8_s', code: 0x2c, type: 'i32', bytes: 1 },
  { op: 'i32.load8_u', code: 0x2d, type: 'i32', bytes: 1 },
  { op: 'i32.load16_s', code: 0x2e, type: 'i32', bytes: 2 },
  { op: 'i32.load16_u', code: 0x2f, type: 'i32', bytes: 2 },
  { op: 'i64.load8_s', code: 0x30, type: 'i64', bytes: 1 },
  { op: 'i64.load8_u', code: 0x31, type: 'i64', bytes: 1 },
  { op: 'i64.load16_s', code: 0x32, type: 'i64', bytes: 2 },
  { op: 'i64.load16_u', code: 0x33, type: 'i64', bytes: 2 },
  { op: 'i64.load32_s', code: 0x34, type: 'i64', bytes: 4 },
  { op: 'i64.load32_u', code: 0x35, type: 'i64', bytes: 4 },
] as const

export const STORE_ROWS = [
  { op: 'i32.store', code: 0x36, type: 'i32', bytes: 4 },
  { op: 'i64.store', code: 0x37, type: 'i64', bytes: 8 },
  { op: 'f32.store', code: 0x38, type: 'f32', bytes: 4 },
  { op: 'f64.store', code: 0x39, type: 'f64', bytes: 8 },
  { op: 'i32.store8', code: 0x3a, type: 'i32', bytes: 1 },
  { op: 'i32.store16', code: 0x3b, type: 'i32', bytes: 2 },
  { op: 'i64.store8', code: 0x3c, type: 'i64', bytes: 1 },
  { op: 'i64.store16', code: 0x3d, type: 'i64', bytes: 2 },
  { op: 'i64.store32', code: 0x3e, type: 'i64', bytes: 4 },
] as const

export type AccessRow = (typeof LOAD_ROWS)[number] | (typeof STORE_ROWS)[number]

/** Instructions that are their opcode and nothing else. */
export const PLAIN_CODES = {
  unreachable: 0x00,
  nop: 0x01,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'ref.is_null': 0xd1,
} as const

/** Instructions followed by a zero byte for each memory that they use. */
export const PAGE_CODES = { 'memory.size': 0x3f, 'memory.grow': 0x40, 'memory.fill': PREFIX + 11 } as const

/** Instructions followed by one index or label depth. */
export const INDEX_CODES = {
  br: 0x0c,
  br_if: 0x0d,
  call: 0x10,
  return_call: 0x12,
  'local.get': 0x20,
  'local.set': 0x21,
  'local.tee': 0x22,
  'global.get': 0x23,
  'global.set': 0x24,
  'table.get': 0x25,
  'table.set': 0x26,
  'ref.func': 0xd2,
  'data.drop': PREFIX + 9,
  'elem.drop': PREFIX + 13,
  'table.grow': PREFIX + 15,
  'table.size': PREFIX + 16,
  'table.fill': PREFIX + 17,
} as const

/** Instructions with a form of their own. */
export const FORM_CODES = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  br_table: 0x0e,
  call_indirect: 0x11,
  return_call_indirect: 0x13,
  select_t: 0x1c,
  'i32.const': 0x41,
  'i64.const': 0x42,
  'f32.const': 0x43,
  'f64.const': 0x44,
  'ref.null': 0xd0,
  'memory.init': PREFIX + 8,
  'memory.copy': PREFIX + 10,
  'table.init': PREFIX + 12,
  'table.copy': PREFIX + 14,
} as const

export const ELSE = 0x05
export const END = 0x0b

export type Op =
  | NumericOp
  | ReinterpretOp
  | AccessRow['op']
  | keyof typeof PLAIN_CODES
  | keyof typeof PAGE_CODES
  | keyof typeof INDEX_CODES
  | keyof typeof FORM_CODES

const entries = (all: readonly { readonly op: Op; readonly code: number }[]) =>
  all.map(({ op, code }) => [op, code] as const)

/** Opcode by name, for every instruction; `else` and `end` are punctuation. */
export const OPCODES: Readonly<Record<Op, number>> = {
  ...PLAIN_CODES,
  ...PAGE_CODES,
  ...INDEX_CODES,
  ...FORM_CODES,
  ...(Object.fromEntries([
    ...entries(NUMERIC_ROWS),
    ...entries(REINTERPRET_ROWS),
    ...entries(LOAD_ROWS),
    ...entries(STORE_ROWS),
  ]) as Record<NumericOp | ReinterpretOp | AccessRow['op'], number>),
}
