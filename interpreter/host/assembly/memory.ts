// The instructions on memory whose work has no bound, and growth of a second memory. Everything is checked before
// anything is written. An end address may be 2^32, which is 0 here: loops compare it for equality only.
import { data_load8, data_load64, global_load, global_store, trap_memory_bounds } from './intrinsics'
import { CHUNK, requireMemory, WORD } from './ranges'

const EVERY_BYTE: u64 = 0x0101010101010101

/** memory.fill */
export function memory_fill(to: u32, value: u32, count: u32): void {
  requireMemory(to, count)
  const pattern = <u64>(value & 0xff) * EVERY_BYTE
  for (let words = count & ~(WORD - 1); words != 0; ) {
    const chunk = min(words, CHUNK)
    const end = to + chunk
    do {
      store<u64>(to, pattern)
      to += WORD
    } while (to != end)
    words -= chunk
  }
  for (const end = to + (count & (WORD - 1)); to != end; to++) store<u8>(to, <u8>value)
}

/** memory.copy */
export function memory_copy(to: u32, from: u32, count: u32): void {
  requireMemory(to, count)
  requireMemory(from, count)
  if (to - from < count) copyDown(to, from, count)
  else copyUp(to, from, count)
}

/** For a target that does not begin inside the source. */
function copyUp(to: u32, from: u32, count: u32): void {
  const distance = from - to
  for (let words = count & ~(WORD - 1); words != 0; ) {
    const chunk = min(words, CHUNK)
    const end = to + chunk
    do {
      store<u64>(to, load<u64>(to + distance))
      to += WORD
    } while (to != end)
    words -= chunk
  }
  for (const end = to + (count & (WORD - 1)); to != end; to++) store<u8>(to, load<u8>(to + distance))
}

/** From the last byte to the first, for a target that begins inside the source. */
function copyDown(to: u32, from: u32, count: u32): void {
  const distance = from - to
  let at = to + count
  for (let words = count & ~(WORD - 1); words != 0; ) {
    const chunk = min(words, CHUNK)
    const end = at - chunk
    do {
      at -= WORD
      store<u64>(at, load<u64>(at + distance))
    } while (at != end)
    words -= chunk
  }
  while (at != to) {
    at--
    store<u8>(at, load<u8>(at + distance))
  }
}

/** memory.init from a segment of DATA; its length is a global. */
export function memory_init(to: u32, from: u32, count: u32, segment: u32, lengthGlobal: u32): void {
  requireMemory(to, count)
  if (<u64>from + count > <u64>global_load(lengthGlobal)) trap_memory_bounds()
  const distance = segment + from - to
  for (let words = count & ~(WORD - 1); words != 0; ) {
    const chunk = min(words, CHUNK)
    const end = to + chunk
    do {
      store<u64>(to, data_load64(to + distance))
      to += WORD
    } while (to != end)
    words -= chunk
  }
  for (const end = to + (count & (WORD - 1)); to != end; to++) store<u8>(to, data_load8(to + distance))
}

/** memory.grow of a memory whose pages are counted by a global. */
export function window_grow(delta: u32, sizeGlobal: u32, limit: u32): u32 {
  const size = global_load(sizeGlobal)
  if (<u64>size + delta > limit) return -1
  global_store(sizeGlobal, size + delta)
  return size
}
