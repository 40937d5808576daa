import { TRAP } from './traps.ts'

/**
 * The twelve substeps, in order, and the order in which their checks decide. The order is part of
 * the machine: of two possible traps the earlier row wins. Source: docs/machine.md, "Witness and substeps".
 */
export interface SubstepRow {
  readonly index: number
  readonly name: string
  /** What it does, in a few words, for people. */
  readonly does: string
  /** The one leaf it may touch. */
  readonly touches: string
}

export const SUBSTEP_ROWS: readonly SubstepRow[] = [
  { index: 0, name: 'fetch', does: 'read the instruction word, check the stack range', touches: 'CODE[pc]' },
  { index: 1, name: 'operand a', does: 'read operand a', touches: 'STACK[sp - a]' },
  { index: 2, name: 'operand b', does: 'read operand b', touches: 'STACK[sp - b]' },
  { index: 3, name: 'operand c', does: 'read operand c', touches: 'STACK[sp - c]' },
  { index: 4, name: 'address', does: 'check the effective address', touches: 'nothing' },
  { index: 5, name: 'load low', does: 'load, first leaf', touches: 'the leaf at the address' },
  { index: 6, name: 'load high', does: 'load, second leaf when crossing', touches: 'the leaf after it' },
  { index: 7, name: 'execute', does: 'ALU operation and control', touches: 'nothing' },
  { index: 8, name: 'store low', does: 'store, first leaf', touches: 'the leaf at the address' },
  { index: 9, name: 'store high', does: 'store, second leaf when crossing', touches: 'the leaf after it' },
  { index: 10, name: 'write back', does: 'write the result slot', touches: 'STACK[sp - result]' },
  {
    index: 11,
    name: 'retire',
    does: 'move pc and sp, cut the stack, count the step',
    touches: 'STACK[new sp] if sp falls',
  },
]

export const SUBSTEP = {
  FETCH: 0,
  OPERAND_A: 1,
  OPERAND_B: 2,
  OPERAND_C: 3,
  ADDRESS: 4,
  LOAD_LOW: 5,
  LOAD_HIGH: 6,
  EXECUTE: 7,
  STORE_LOW: 8,
  STORE_HIGH: 9,
  WRITE_BACK: 10,
  RETIRE: 11,
} as const

export interface CheckRow {
  readonly substep: number
  readonly when: string
  readonly traps: readonly number[]
}

/** Checks in the order in which they decide, across one step. */
export const CHECK_ORDER: readonly CheckRow[] = [
  { substep: 0, when: 'pc is 2^24 or more', traps: [TRAP.ILLEGAL] },
  { substep: 0, when: 'ENTER, sp at most LIMIT, sp + delta above LIMIT', traps: [TRAP.STACK_EXHAUSTED] },
  { substep: 0, when: 'sp, sp + delta, a read slot or the result slot out of range', traps: [TRAP.ILLEGAL] },
  { substep: 4, when: 'load or store of a region that does not allow it', traps: [TRAP.ILLEGAL] },
  { substep: 4, when: 'GLOBALS index 2^16 or more', traps: [TRAP.ILLEGAL] },
  {
    substep: 4,
    when: 'table index at or above the capacity, or beyond the region',
    traps: [TRAP.UNDEFINED_ELEMENT, TRAP.TABLE_BOUNDS],
  },
  { substep: 4, when: 'bytes beyond the end of the region', traps: [TRAP.MEMORY_BOUNDS] },
  { substep: 5, when: 'table entry absent', traps: [TRAP.UNDEFINED_ELEMENT, TRAP.TABLE_BOUNDS] },
  { substep: 7, when: 'CALLREF or CHECKREF of null', traps: [TRAP.UNINITIALIZED_ELEMENT] },
  { substep: 7, when: 'CALLREF or CHECKREF of another type', traps: [TRAP.TYPE_MISMATCH] },
  {
    substep: 7,
    when: 'the ALU operation traps or does not exist',
    traps: [
      ...[TRAP.DIVISION_BY_ZERO, TRAP.INTEGER_OVERFLOW, TRAP.INVALID_CONVERSION],
      ...[TRAP.MEMORY_BOUNDS, TRAP.STACK_EXHAUSTED, TRAP.ILLEGAL],
    ],
  },
  { substep: 7, when: 'control TRAP', traps: [TRAP.UNREACHABLE, TRAP.ILLEGAL] },
  { substep: 7, when: 'the control does not exist', traps: [TRAP.ILLEGAL] },
]
