/**
 * ALU operations: byte 0 of the instruction word. Source: docs/machine.md, "Instruction word".
 * One row is one operation; tests are driven from these rows, so a row without a case fails.
 */
export type AluGroup = 'move' | 'machine' | 'i32' | 'i64' | 'f32' | 'f64' | 'truncate'

export interface AluRow {
  readonly code: number
  readonly name: string
  readonly group: AluGroup
  /** Operands read, of a, b, c. */
  readonly reads: 0 | 1 | 2 | 3
  /** Trap codes that it can set. */
  readonly traps: readonly number[]
}

const MOVES: readonly AluRow[] = [
  { code: 0, name: 'ZERO', group: 'move', reads: 0, traps: [] },
  { code: 1, name: 'A', group: 'move', reads: 1, traps: [] },
  { code: 2, name: 'B', group: 'move', reads: 2, traps: [] },
  { code: 3, name: 'LOADED', group: 'move', reads: 0, traps: [] },
  { code: 4, name: 'IMM64', group: 'move', reads: 0, traps: [] },
  { code: 5, name: 'SELECT', group: 'move', reads: 3, traps: [] },
  { code: 6, name: 'PAGES', group: 'machine', reads: 0, traps: [] },
  { code: 7, name: 'GROW', group: 'machine', reads: 1, traps: [] },
  { code: 8, name: 'ENTER', group: 'machine', reads: 0, traps: [10] },
  { code: 9, name: 'BOUND', group: 'machine', reads: 2, traps: [2] },
  { code: 10, name: 'CHECKREF', group: 'machine', reads: 0, traps: [7, 8] },
]

/** Integer operations, k = position; i32 code = 0x20 + k, i64 code = 0x40 + k. */
export const INTEGER_OPS = [
  'eqz',
  'eq',
  'ne',
  'lt_s',
  'lt_u',
  'gt_s',
  'gt_u',
  'le_s',
  'le_u',
  'ge_s',
  'ge_u',
  'clz',
  'ctz',
  'popcnt',
  'add',
  'sub',
  'mul',
  'div_s',
  'div_u',
  'rem_s',
  'rem_u',
  'and',
  'or',
  'xor',
  'shl',
  'shr_s',
  'shr_u',
  'rotl',
  'rotr',
  'ext8',
  'ext16',
  'ext32',
] as const

export type IntegerOp = (typeof INTEGER_OPS)[number]

export const I32_BASE = 0x20
export const I64_BASE = 0x40

const UNARY: ReadonlySet<IntegerOp> = new Set(['eqz', 'clz', 'ctz', 'popcnt', 'ext8', 'ext16', 'ext32'])

const INTEGER_TRAPS: Partial<Record<IntegerOp, readonly number[]>> = {
  div_s: [3, 4],
  div_u: [3],
  rem_s: [3],
  rem_u: [3],
}

const integerRows = (group: 'i32' | 'i64', base: number): AluRow[] =>
  INTEGER_OPS.map((op, k) => ({
    code: base + k,
    name: `${group}.${op}`,
    group,
    reads: UNARY.has(op) ? 1 : 2,
    traps: INTEGER_TRAPS[op] ?? [],
  }))

export const F32_BASE = 0x80
export const F64_BASE = 0xa0

/** Operations on floats of one width, by their distance from the base of that width. */
export const FLOAT_OPS = [
  [0, 'add'],
  [1, 'sub'],
  [2, 'mul'],
  [3, 'div'],
  [4, 'min'],
  [5, 'max'],
  [6, 'copysign'],
  [8, 'eq'],
  [9, 'ne'],
  [10, 'lt'],
  [11, 'gt'],
  [12, 'le'],
  [13, 'ge'],
  [16, 'abs'],
  [17, 'neg'],
  [18, 'sqrt'],
  [19, 'ceil'],
  [20, 'floor'],
  [21, 'trunc'],
  [22, 'nearest'],
  [24, 'convert_i32_s'],
  [25, 'convert_i32_u'],
  [26, 'convert_i64_s'],
  [27, 'convert_i64_u'],
] as const

export type FloatOp = (typeof FLOAT_OPS)[number][1]

/** Distance of the operations that take one operand begins here. */
const FIRST_UNARY_FLOAT = 16

/** From the float of the other width. */
export const FLOAT_CONVERSION = 28

const floatRows = (group: 'f32' | 'f64', base: number, conversion: string): AluRow[] => [
  ...FLOAT_OPS.map(
    ([k, op]): AluRow => ({
      code: base + k,
      name: `${group}.${op}`,
      group,
      reads: k < FIRST_UNARY_FLOAT ? 2 : 1,
      traps: [],
    }),
  ),
  { code: base + FLOAT_CONVERSION, name: `${group}.${conversion}`, group, reads: 1, traps: [] },
]

export const TRUNCATE_BASE = 0xc0

/** Bits of a float to integer operation's code above TRUNCATE_BASE. */
export const TRUNCATE = { UNSIGNED: 1, I64: 2, SATURATING: 4, F64: 8 } as const

/** Float to integer operations. */
export const TRUNCATE_KINDS = 16

const truncateRow = (_: unknown, bits: number): AluRow => {
  const [integer, float] = [bits & TRUNCATE.I64 ? 'i64' : 'i32', bits & TRUNCATE.F64 ? 'f64' : 'f32']
  const [saturating, sign] = [bits & TRUNCATE.SATURATING, bits & TRUNCATE.UNSIGNED ? 'u' : 's']
  return {
    code: TRUNCATE_BASE | bits,
    name: `${integer}.trunc_${saturating ? 'sat_' : ''}${float}_${sign}`,
    group: 'truncate',
    reads: 1,
    traps: saturating ? [] : [4, 5],
  }
}

/** Every ALU operation of the machine; any other code traps as illegal. Numeric ones bear the names of WebAssembly. */
export const ALU_ROWS: readonly AluRow[] = [
  ...MOVES,
  ...integerRows('i32', I32_BASE),
  ...integerRows('i64', I64_BASE),
  ...floatRows('f32', F32_BASE, 'demote_f64'),
  ...floatRows('f64', F64_BASE, 'promote_f32'),
  ...Array.from({ length: TRUNCATE_KINDS }, truncateRow),
]

/** Codes of the operations that are not plain integer arithmetic. */
export const ALU = {
  ZERO: 0,
  A: 1,
  B: 2,
  LOADED: 3,
  IMM64: 4,
  SELECT: 5,
  PAGES: 6,
  GROW: 7,
  ENTER: 8,
  BOUND: 9,
  CHECKREF: 10,
} as const

/** Code of an integer operation, such as `aluCode('i64', 'shr_s')`. */
export const aluCode = (group: 'i32' | 'i64', op: IntegerOp): number =>
  (group === 'i32' ? I32_BASE : I64_BASE) + INTEGER_OPS.indexOf(op)
