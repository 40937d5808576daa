import { ALU } from './alu.ts'
import { CONTROL } from './control.ts'
import { UNIT } from './layout.ts'
import { REGION, REGIONS } from './regions.ts'
import { TRAP } from './traps.ts'

/** What a task may import and must export. Documented in spec/task-abi.md. */
export type NumberType = 'i32' | 'i64' | 'f32' | 'f64'

export type ReferenceType = 'funcref' | 'externref'

export type ValueType = NumberType | ReferenceType

export interface Signature {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** Module name of the functions offered to tasks. */
export const TASK_MODULE = 'substep'

export const TASK_IMPORTS = {
  input_size: { params: [], results: ['i32'] },
  input_read: { params: ['i32', 'i32', 'i32'], results: ['i32'] },
  output_write: { params: ['i32', 'i32'], results: [] },
} as const satisfies Record<string, Signature>

/** The export that the start stub calls. */
export const TASK_MAIN = 'main'

/** Module name of the one-word instructions offered to runtime functions only, never to tasks. */
export const INTRINSIC_MODULE = 'machine'

export interface Intrinsic extends Signature {
  /** Fields of the one instruction word; those left out are 0. */
  readonly word: {
    readonly alu: number
    readonly control: number
    readonly unit: number
    readonly access: number
    readonly a: number
    readonly b: number
    readonly result: number
    readonly delta: number
    readonly immLo: number
  }
}

const NO_WORD = { alu: ALU.ZERO, control: CONTROL.NEXT, unit: 0, access: 0, a: 0, b: 0, result: 0, delta: 0, immLo: 0 }

/** Access to any entry of TABLES: a runtime function knows which entries are whose. */
const WHOLE_TABLES = REGIONS[REGION.TABLES].depth

const load = (region: number, access: number) => ({
  ...NO_WORD,
  alu: ALU.LOADED,
  unit: region | UNIT.LOAD | UNIT.WRITE,
  access,
  a: 1,
  result: 1,
})

const store = (region: number, access: number) => ({
  ...NO_WORD,
  alu: ALU.B,
  unit: region | UNIT.STORE,
  access,
  a: 2,
  b: 1,
  delta: -2,
})

/**
 * Calls of these are one word in place of the CALL. Addresses count bytes, or leaves of TABLES and GLOBALS, from the
 * region's start; references are i64.
 */
export const INTRINSICS = {
  input_load8: { params: ['i32'], results: ['i32'], word: load(REGION.INPUT, 0) },
  input_load64: { params: ['i32'], results: ['i64'], word: load(REGION.INPUT, 3) },
  output_load64: { params: ['i32'], results: ['i64'], word: load(REGION.OUTPUT, 3) },
  output_store8: { params: ['i32', 'i32'], results: [], word: store(REGION.OUTPUT, 0) },
  output_store64: { params: ['i32', 'i64'], results: [], word: store(REGION.OUTPUT, 3) },
  data_load8: { params: ['i32'], results: ['i32'], word: load(REGION.DATA, 0) },
  data_load64: { params: ['i32'], results: ['i64'], word: load(REGION.DATA, 3) },
  table_load: { params: ['i32'], results: ['i64'], word: load(REGION.TABLES, WHOLE_TABLES) },
  table_store: { params: ['i32', 'i64'], results: [], word: store(REGION.TABLES, WHOLE_TABLES) },
  global_load: { params: ['i32'], results: ['i32'], word: load(REGION.GLOBALS, 0) },
  global_store: { params: ['i32', 'i32'], results: [], word: store(REGION.GLOBALS, 0) },
  halt: { params: ['i32'], results: [], word: { ...NO_WORD, control: CONTROL.HALT, a: 1, delta: -1 } },
  trap_memory_bounds: {
    params: [],
    results: [],
    word: { ...NO_WORD, control: CONTROL.TRAP, immLo: TRAP.MEMORY_BOUNDS },
  },
  trap_table_bounds: {
    params: [],
    results: [],
    word: { ...NO_WORD, control: CONTROL.TRAP, immLo: TRAP.TABLE_BOUNDS },
  },
} as const satisfies Record<string, Intrinsic>

/** Byte offset of the data in INPUT and OUTPUT; leaf 0 holds the byte length as a little-endian u64. */
export const BYTES_DATA_OFFSET = 32
