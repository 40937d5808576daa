import { BYTES_DATA_OFFSET, PAGE_BITS, STACK_LIMIT, STATUS, TABLE_PRESENT_BIT } from '../../spec/index.ts'
import { byteLeaves } from '../commit/byte-tree.ts'
import type { Program } from '../lower/program.ts'

/** Stores mark blocks of this many bytes, as a power of two, for the next commitment. */
export const BLOCK_BITS = 12

/** What is committed to is whole leaves. */
const LEAF_BYTES = 32

/** A run wants more bytes than whoever runs it allows; no state of the machine, as a trap would be. */
export class MemoryTooLarge extends Error {
  override readonly name = 'MemoryTooLarge'
  readonly wanted: number
  readonly limit: number
  constructor(wanted: number, limit: number) {
    super(`the run wants ${wanted} bytes, more than the ${limit} that are allowed`)
    this.wanted = wanted
    this.limit = limit
  }
}

/** A byte region whose stores are noted block by block. */
export interface Bytes {
  bytes: Uint8Array
  view: DataView
  /** One byte for each block: not 0 if it was stored to since the last commitment. */
  dirty: Uint8Array
  /** What it may not outgrow: whoever runs it has no more. */
  readonly limit: number
}

/** The mutable data of a running machine. Slots at or above sp hold leftovers. */
export interface Store {
  steps: number
  pc: number
  sp: number
  pages: number
  status: number
  exit: number
  /** Two halves for each slot, low half first; values of lowered programs fit 64 bits. */
  readonly slots: Int32Array
  readonly slots64: BigInt64Array
  readonly globals: BigUint64Array
  /** Leaves of TABLES. */
  readonly tables: readonly bigint[]
  /** Linear memory; may hold room beyond `pages`. */
  readonly memory: Bytes
  readonly input: DataView
  readonly output: Bytes
}

/** Word by word: it may be all of 4 GiB. */
function isZero({ buffer, byteOffset, length }: Uint8Array): boolean {
  const view = new DataView(buffer, byteOffset, length)
  let at = 0
  for (; at + 4 <= length; at += 4) if (view.getInt32(at) !== 0) return false
  for (; at < length; at++) if (view.getUint8(at) !== 0) return false
  return true
}

/** Blocks of zeros are left alone: a byte of data at the end of 4 GiB is no reason to hold, or to hash, all of it. */
function bytesStore(size: number, initial: Uint8Array, limit: number): Bytes {
  if (size > limit) throw new MemoryTooLarge(size, limit)
  const bytes = new Uint8Array(size)
  const dirty = new Uint8Array(Math.floor(size / 2 ** BLOCK_BITS) + 2)
  for (let block = 0; block * 2 ** BLOCK_BITS < initial.length; block++) {
    const at = block * 2 ** BLOCK_BITS
    const content = initial.subarray(at, at + 2 ** BLOCK_BITS)
    if (isZero(content)) continue
    bytes.set(content, at)
    dirty[block] = 1
  }
  return { bytes, view: new DataView(bytes.buffer), dirty, limit }
}

/**
 * Gives a byte region at least `needed` bytes, and up to `room` of them; the new ones are zero.
 * @throws MemoryTooLarge
 */
export function resize(region: Bytes, needed: number, room: number): void {
  if (needed <= region.bytes.length) return
  if (needed > region.limit) throw new MemoryTooLarge(needed, region.limit)
  const size = Math.max(needed, Math.min(room, Math.floor(region.limit / LEAF_BYTES) * LEAF_BYTES))
  const bytes = new Uint8Array(size)
  bytes.set(region.bytes)
  const dirty = new Uint8Array(Math.floor(size / 2 ** BLOCK_BITS) + 2)
  dirty.set(region.dirty)
  Object.assign(region, { bytes, view: new DataView(bytes.buffer), dirty })
}

/**
 * The start state of a program on an input. Neither its memory nor its output may outgrow `maxBytes`.
 * @throws MemoryTooLarge
 */
export function createStore(program: Program, input: Uint8Array, maxBytes = Number.POSITIVE_INFINITY): Store {
  const slots = new ArrayBuffer(8 * (STACK_LIMIT + 1))
  return {
    steps: 0,
    pc: 0,
    sp: 0,
    pages: program.pages,
    status: STATUS.RUNNING,
    exit: 0,
    slots: new Int32Array(slots),
    slots64: new BigInt64Array(slots),
    globals: BigUint64Array.from(program.globals),
    tables: program.tables,
    memory: bytesStore(program.pages * 2 ** PAGE_BITS, program.memory, maxBytes),
    input: new DataView(byteLeaves(input).buffer),
    output: bytesStore(BYTES_DATA_OFFSET, new Uint8Array(0), Math.max(BYTES_DATA_OFFSET, maxBytes)),
  }
}

/** The reference in a table leaf, or undefined where the entry is absent. */
export const tableReference = (leaf: bigint | undefined): bigint | undefined =>
  leaf === undefined || leaf >> BigInt(TABLE_PRESENT_BIT) === 0n ? undefined : BigInt.asUintN(64, leaf)

/** `width` bytes of a sparse byte region, little-endian; zero beyond what is held. */
export function loadSparse(view: DataView, address: number, width: 1 | 8): bigint {
  let read = 0n
  for (let i = width - 1; i >= 0; i--) {
    const at = address + i
    read = (read << 8n) | BigInt(at < view.byteLength ? view.getUint8(at) : 0)
  }
  return read
}

/** Stores into OUTPUT, growing what is held of it. */
export function storeOutput(output: Bytes, address: number, width: 1 | 8, value: bigint): void {
  const end = address + width
  if (end > output.bytes.length) resize(output, Math.ceil(end / LEAF_BYTES) * LEAF_BYTES, 2 * output.bytes.length)
  for (let i = 0; i < width; i++) output.bytes[address + i] = Number(BigInt.asUintN(8, value >> BigInt(8 * i)))
  output.dirty[Math.floor(address / 2 ** BLOCK_BITS)] = 1
  output.dirty[Math.floor((end - 1) / 2 ** BLOCK_BITS)] = 1
}
