/**
 * ALU operations: byte 0 of the instruction word. Source: docs/machine.md, "Instruction word".
 * One row is one operation; tests are driven from these rows, so a row without a case fails.
 */
export type AluGroup = 'move' | 'machine' | 'i32' | 'i64'

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

/** Every ALU operation of the machine; any other code traps as illegal. */
export const ALU_ROWS: readonly AluRow[] = [...MOVES, ...integerRows('i32', I32_BASE), ...integerRows('i64', I64_BASE)]

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
