/**
 * Bit layouts of the packed words. `[low bit, width]` counts from the least significant bit of the
 * 256-bit big-endian number. Source: docs/machine.md, "State" and "Instruction word".
 */
export type Field = readonly [low: number, width: number]

/** Registers: upper 56 bits are 0. */
export const REGS = {
  exit: [0, 32],
  status: [32, 8],
  pages: [40, 32],
  sp: [72, 32],
  pc: [104, 32],
  steps: [136, 64],
} as const satisfies Record<string, Field>

export const REGS_BITS = 200

/** What a step in flight carries; 0 at an instruction boundary. Bits from 104 up are kept until retire. */
export const MISC = {
  substep: [0, 8],
  trap: [8, 32],
  next: [40, 32],
  pages: [72, 32],
} as const satisfies Record<string, Field>

/** The instruction word, 32 bytes. Depths and delta are signed and relative to the old sp. */
export const WORD = {
  immLo: [0, 32],
  immHi: [32, 32],
  delta: [64, 32],
  result: [96, 32],
  c: [128, 32],
  b: [160, 32],
  a: [192, 32],
  access: [224, 8],
  unit: [232, 8],
  control: [240, 8],
  alu: [248, 8],
} as const satisfies Record<string, Field>

/** Bits of the unit byte; bits 0-2 are the region. */
export const UNIT = { REGION_MASK: 7, LOAD: 8, STORE: 16, WRITE: 32, WINDOW: 64 } as const

/** Access byte of byte regions: bits 0-2 log2 of the width (above 4 counts as 4), bits 3-4 extension. */
export const ACCESS = { WIDTH_MASK: 7, MAX_WIDTH_LOG2: 4, EXTENSION_SHIFT: 3, EXTENSION_MASK: 3 } as const

export const EXTENSION = { ZERO: 0, SIGN32: 1, SIGN64: 2 } as const

/** Access byte of TABLES: bits 0-4 log2 of the table's capacity. */
export const TABLE_CAPACITY_MASK = 31
