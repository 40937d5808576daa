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

/** The engine has no more memory for a run. */
export class MemoryExhausted extends Error {
  override readonly name = 'MemoryExhausted'
  readonly wanted: number
  constructor(wanted: number, options?: ErrorOptions) {
    super(`the engine has no ${wanted} bytes for the run`, options)
    this.wanted = wanted
  }
}

/** A byte region, or a part of one, whose stores are noted block by block. */
export interface Bytes {
  bytes: Uint8Array
  view: DataView
  /** One byte for each block: not 0 if it was stored to since the last commitment. */
  dirty: Uint8Array
  /** What it may not outgrow: whoever runs it has no more. */
  readonly limit: number
}

const marksFor = (size: number): Uint8Array => new Uint8Array(Math.floor(size / 2 ** BLOCK_BITS) + 2)

/** Engines refuse by a RangeError. */
const zeros = (size: number): Uint8Array<ArrayBuffer> => {
  try {
    return new Uint8Array(size)
  } catch (cause) {
    throw new MemoryExhausted(size, { cause })
  }
}

/**
 * Zeros.
 * @throws MemoryTooLarge, MemoryExhausted
 */
export function createBytes(size: number, limit: number): Bytes {
  if (size > limit) throw new MemoryTooLarge(size, limit)
  const bytes = zeros(size)
  return { bytes, view: new DataView(bytes.buffer), dirty: marksFor(size), limit }
}

/** Word by word: it may be all of 4 GiB. */
export function isZero({ buffer, byteOffset, length }: Uint8Array): boolean {
  const view = new DataView(buffer, byteOffset, length)
  let at = 0
  for (; at + 4 <= length; at += 4) if (view.getInt32(at) !== 0) return false
  for (; at < length; at++) if (view.getUint8(at) !== 0) return false
  return true
}

/** Writes within what is held. Blocks of zeros are left alone: nothing needs to hold, or to hash, them. */
export function writeBytes(region: Bytes, address: number, content: Uint8Array): void {
  for (let done = 0; done < content.length; ) {
    const at = address + done
    const part = content.subarray(done, done + 2 ** BLOCK_BITS - (at % 2 ** BLOCK_BITS))
    done += part.length
    if (isZero(part)) continue
    region.bytes.set(part, at)
    region.dirty[Math.floor(at / 2 ** BLOCK_BITS)] = 1
  }
}

/**
 * Gives a byte region at least `needed` bytes, and up to `room` of them; the new ones are zero.
 * @throws MemoryTooLarge, MemoryExhausted
 */
export function resize(region: Bytes, needed: number, room: number): void {
  if (needed <= region.bytes.length) return
  if (needed > region.limit) throw new MemoryTooLarge(needed, region.limit)
  const size = Math.max(needed, Math.min(room, Math.floor(region.limit / LEAF_BYTES) * LEAF_BYTES))
  const bytes = zeros(size)
  bytes.set(region.bytes)
  const dirty = marksFor(size)
  dirty.set(region.dirty)
  Object.assign(region, { bytes, view: new DataView(bytes.buffer), dirty })
}

/** Room for bytes up to `end`, in whole leaves. */
export const reserve = (region: Bytes, end: number): void =>
  resize(region, Math.ceil(end / LEAF_BYTES) * LEAF_BYTES, 2 * region.bytes.length)

/** Up to 4 bytes, little-endian, in the low bits; zero beyond what is held. */
export function loadSparse(view: DataView, address: number, width: number): number {
  if (width === 4 && address + 4 <= view.byteLength) return view.getInt32(address, true)
  let read = 0
  for (let at = address + width - 1; at >= address; at--) {
    read = (read << 8) | (at < view.byteLength ? view.getUint8(at) : 0)
  }
  return read
}

/** Stores the low bytes of a value, up to 4, and grows what is held. */
export function storeSparse(region: Bytes, address: number, width: number, value: number): void {
  const end = address + width
  if (end > region.bytes.length) reserve(region, end)
  for (let i = 0; i < width; i++) region.view.setUint8(address + i, (value >>> (8 * i)) & 0xff)
  region.dirty[Math.floor(address / 2 ** BLOCK_BITS)] = 1
  region.dirty[Math.floor((end - 1) / 2 ** BLOCK_BITS)] = 1
}
