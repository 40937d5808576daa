/** Status of a machine, and its traps. Source: docs/machine.md, "State". */

export const STATUS = { RUNNING: 0, HALTED: 1, TRAPPED: 2 } as const

export const TRAP = {
  NONE: 0,
  UNREACHABLE: 1,
  MEMORY_BOUNDS: 2,
  DIVISION_BY_ZERO: 3,
  INTEGER_OVERFLOW: 4,
  INVALID_CONVERSION: 5,
  UNDEFINED_ELEMENT: 6,
  UNINITIALIZED_ELEMENT: 7,
  TYPE_MISMATCH: 8,
  TABLE_BOUNDS: 9,
  STACK_EXHAUSTED: 10,
  ILLEGAL: 11,
} as const

/** Trap code to the words shown to people; the WebAssembly suite's words where it has any. */
export const TRAP_NAMES: Readonly<Record<number, string>> = {
  1: 'unreachable',
  2: 'out of bounds memory access',
  3: 'integer divide by zero',
  4: 'integer overflow',
  5: 'invalid conversion to integer',
  6: 'undefined element',
  7: 'uninitialized element',
  8: 'indirect call type mismatch',
  9: 'out of bounds table access',
  10: 'call stack exhausted',
  11: 'illegal instruction',
}
