/** The integer instructions of WebAssembly 1.0 with their encodings, typed by hand from the specification. */
export type ValueType = 'i32' | 'i64'

const COMPARISONS = ['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u'] as const
const COUNTS = ['clz', 'ctz', 'popcnt'] as const
const ARITHMETIC = [
  ...(['add', 'sub', 'mul', 'div_s', 'div_u', 'rem_s', 'rem_u'] as const),
  ...(['and', 'or', 'xor', 'shl', 'shr_s', 'shr_u', 'rotl', 'rotr'] as const),
] as const

type TypedName = 'eqz' | (typeof COMPARISONS)[number] | (typeof COUNTS)[number] | (typeof ARITHMETIC)[number]
export type NumericOp = `${ValueType}.${TypedName}` | 'i32.wrap_i64' | 'i64.extend_i32_s' | 'i64.extend_i32_u'

export interface NumericRow {
  readonly op: NumericOp
  readonly code: number
  readonly params: readonly ValueType[]
  readonly result: ValueType
}

const rows = (
  type: ValueType,
  first: number,
  names: readonly TypedName[],
  arity: 1 | 2,
  result: ValueType,
): NumericRow[] =>
  names.map((name, k) => ({
    op: `${type}.${name}` as const,
    code: first + k,
    params: arity === 1 ? [type] : [type, type],
    result,
  }))

/** Instructions without immediates that replace their operands by one number. */
export const NUMERIC_ROWS: readonly NumericRow[] = [
  ...rows('i32', 0x45, ['eqz'], 1, 'i32'),
  ...rows('i32', 0x46, COMPARISONS, 2, 'i32'),
  ...rows('i64', 0x50, ['eqz'], 1, 'i32'),
  ...rows('i64', 0x51, COMPARISONS, 2, 'i32'),
  ...rows('i32', 0x67, COUNTS, 1, 'i32'),
  ...rows('i32', 0x6a, ARITHMETIC, 2, 'i32'),
  ...rows('i64', 0x79, COUNTS, 1, 'i64'),
  ...rows('i64', 0x7c, ARITHMETIC, 2, 'i64'),
  { op: 'i32.wrap_i64', code: 0xa7, params: ['i64'], result: 'i32' },
  { op: 'i64.extend_i32_s', code: 0xac, params: ['i32'], result: 'i64' },
  { op: 'i64.extend_i32_u', code: 0xad, params: ['i32'], result: 'i64' },
]

/** Loads and stores: opcode, type of the value, bytes in memory. */
export const LOAD_ROWS = [
  { op: 'i32.load', code: 0x28, type: 'i32', bytes: 4 },
  { op: 'i64.load', code: 0x29, type: 'i64', bytes: 8 },
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
  { op: 'i32.store8', code: 0x3a, type: 'i32', bytes: 1 },
  { op: 'i32.store16', code: 0x3b, type: 'i32', bytes: 2 },
  { op: 'i64.store8', code: 0x3c, type: 'i64', bytes: 1 },
  { op: 'i64.store16', code: 0x3d, type: 'i64', bytes: 2 },
  { op: 'i64.store32', code: 0x3e, type: 'i64', bytes: 4 },
] as const

export type AccessRow = (typeof LOAD_ROWS)[number] | (typeof STORE_ROWS)[number]

/** Instructions that are their opcode byte and nothing else. */
export const PLAIN_CODES = { unreachable: 0x00, nop: 0x01, return: 0x0f, drop: 0x1a, select: 0x1b } as const

/** Instructions followed by the byte of the one memory. */
export const PAGE_CODES = { 'memory.size': 0x3f, 'memory.grow': 0x40 } as const

/** Instructions followed by one index or label depth. */
export const INDEX_CODES = {
  br: 0x0c,
  br_if: 0x0d,
  call: 0x10,
  'local.get': 0x20,
  'local.set': 0x21,
  'local.tee': 0x22,
  'global.get': 0x23,
  'global.set': 0x24,
} as const

/** Instructions with a form of their own. */
export const FORM_CODES = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  br_table: 0x0e,
  call_indirect: 0x11,
  'i32.const': 0x41,
  'i64.const': 0x42,
} as const

export const ELSE = 0x05
export const END = 0x0b

export type Op =
  | NumericOp
  | AccessRow['op']
  | keyof typeof PLAIN_CODES
  | keyof typeof PAGE_CODES
  | keyof typeof INDEX_CODES
  | keyof typeof FORM_CODES

const entries = (all: readonly { readonly op: Op; readonly code: number }[]) =>
  all.map(({ op, code }) => [op, code] as const)

/** Opcode byte by name, for every integer instruction; `else` and `end` are punctuation. */
export const OPCODES: Readonly<Record<Op, number>> = {
  ...PLAIN_CODES,
  ...PAGE_CODES,
  ...INDEX_CODES,
  ...FORM_CODES,
  ...(Object.fromEntries([...entries(NUMERIC_ROWS), ...entries(LOAD_ROWS), ...entries(STORE_ROWS)]) as Record<
    NumericOp | AccessRow['op'],
    number
  >),
}
