import { BYTES_DATA_OFFSET, MAX_GROW_PAGES, PAGE_BITS, STACK_LIMIT, STATUS } from '../../spec/index.ts'
import { byteLeaves } from '../commit/byte-tree.ts'
import type { MemoryPiece, Program } from '../lower/program.ts'
import { type Bytes, createBytes, reserve, writeBytes } from './bytes.ts'
import { createTables, leafOf, type Tables } from './tables.ts'

/** Address of MEMORY from which on windows lie. */
export const WINDOW_START = MAX_GROW_PAGES * 2 ** PAGE_BITS

/** The mutable data of a running machine. Slots at or above sp hold leftovers. */
export interface Store {
  steps: number
  pc: number
  sp: number
  pages: number
  status: number
  exit: number
  /** Two halves for each slot, low half first; values of lowered programs fit 64 bits. */
  slots: Int32Array
  slots64: BigInt64Array
  readonly globals: BigUint64Array
  readonly tables: Tables
  /** Linear memory; may hold room beyond `pages`. */
  readonly memory: Bytes
  /** MEMORY from WINDOW_START on, as far as windows were stored to. */
  readonly window: Bytes
  readonly data: DataView
  readonly input: DataView
  readonly output: Bytes
}

/** Slots that a machine has before it needs more; few programs do. */
const FIRST_SLOTS = 1024

const slotsOf = (count: number): Pick<Store, 'slots' | 'slots64'> => {
  const buffer = new ArrayBuffer(8 * count)
  return { slots: new Int32Array(buffer), slots64: new BigInt64Array(buffer) }
}

/** Makes room for at least `count` slots, and up to twice as many as there are. */
export function growSlots(store: Store, count: number): void {
  const grown = slotsOf(Math.max(count, Math.min(2 * store.slots64.length, STACK_LIMIT)))
  grown.slots.set(store.slots)
  Object.assign(store, grown)
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length)

/** The pieces of linear memory, and those of windows, which lie behind it. */
function writeMemory({ memory, window }: Pick<Store, 'memory' | 'window'>, pieces: readonly MemoryPiece[]): void {
  for (const { address, bytes } of pieces) {
    if (address + bytes.length <= memory.bytes.length) {
      writeBytes(memory, address, bytes)
      continue
    }
    reserve(window, address - WINDOW_START + bytes.length)
    writeBytes(window, address - WINDOW_START, bytes)
  }
}

/**
 * The start state of a program on an input. Neither its memory nor its output may outgrow `maxBytes`.
 * @throws MemoryTooLarge
 */
export function createStore(
  program: Program,
  input: Uint8Array,
  maxBytes = Number.POSITIVE_INFINITY,
  slots = FIRST_SLOTS,
): Store {
  const memory = createBytes(program.pages * 2 ** PAGE_BITS, maxBytes)
  const window = createBytes(0, maxBytes)
  writeMemory({ memory, window }, program.memory)
  return {
    steps: 0,
    pc: 0,
    sp: 0,
    pages: program.pages,
    status: STATUS.RUNNING,
    exit: 0,
    ...slotsOf(Math.max(FIRST_SLOTS, slots)),
    globals: BigUint64Array.from(program.globals),
    tables: createTables(program.tables),
    memory,
    window,
    data: viewOf(program.data),
    input: viewOf(byteLeaves(input)),
    output: createBytes(BYTES_DATA_OFFSET, Math.max(BYTES_DATA_OFFSET, maxBytes)),
  }
}

/** What a machine leaves in the regions that a program fills: another program can continue with it. */
export function remainsOf({ pages, globals, tables, memory, window }: Store) {
  const end = pages * 2 ** PAGE_BITS
  const windows = Math.max(end, WINDOW_START)
  return {
    pages,
    globals,
    tables: Array.from(tables.present, (_, entry) => leafOf(tables, entry)),
    memory: [
      { address: 0, bytes: memory.bytes.subarray(0, end) },
      { address: windows, bytes: window.bytes.subarray(windows - WINDOW_START) },
    ],
  }
}
