// The instructions on tables whose work has no bound. A table is a run of leaves of TABLES from its base on, and its
// size a global. Everything is checked before anything is written.
import { global_load, global_store, table_load, table_store, trap_table_bounds } from './intrinsics'
import { ENTRY_CHUNK } from './ranges'

/** Traps unless the range lies inside the table or segment as it is now. */
function requireEntries(index: u32, count: u32, sizeGlobal: u32): void {
  if (<u64>index + count > <u64>global_load(sizeGlobal)) trap_table_bounds()
}

/** table.fill */
export function table_fill(index: u32, reference: u64, count: u32, base: u32, sizeGlobal: u32): void {
  requireEntries(index, count, sizeGlobal)
  fill(base + index, reference, count)
}

/** table.grow; -1 if it does not. */
export function table_grow(reference: u64, count: u32, base: u32, sizeGlobal: u32, limit: u32): u32 {
  const size = global_load(sizeGlobal)
  if (<u64>size + count > limit) return -1
  fill(base + size, reference, count)
  global_store(sizeGlobal, size + count)
  return size
}

/** table.copy */
export function table_copy(
  to: u32,
  from: u32,
  count: u32,
  toBase: u32,
  toSizeGlobal: u32,
  fromBase: u32,
  fromSizeGlobal: u32,
): void {
  requireEntries(to, count, toSizeGlobal)
  requireEntries(from, count, fromSizeGlobal)
  to += toBase
  from += fromBase
  if (to - from < count) copyDown(to, from, count)
  else copyUp(to, from, count)
}

/** table.init from a segment of TABLES; its length is a global. */
export function table_init(
  to: u32,
  from: u32,
  count: u32,
  base: u32,
  sizeGlobal: u32,
  segment: u32,
  lengthGlobal: u32,
): void {
  requireEntries(to, count, sizeGlobal)
  requireEntries(from, count, lengthGlobal)
  copyUp(base + to, segment + from, count)
}

function fill(to: u32, reference: u64, count: u32): void {
  while (count != 0) {
    const chunk = min(count, ENTRY_CHUNK)
    const end = to + chunk
    do {
      table_store(to, reference)
      to++
    } while (to != end)
    count -= chunk
  }
}

/** For a target that does not begin inside the source. */
function copyUp(to: u32, from: u32, count: u32): void {
  const distance = from - to
  while (count != 0) {
    const chunk = min(count, ENTRY_CHUNK)
    const end = to + chunk
    do {
      table_store(to, table_load(to + distance))
      to++
    } while (to != end)
    count -= chunk
  }
}

/** From the last entry to the first, for a target that begins inside the source. */
function copyDown(to: u32, from: u32, count: u32): void {
  const distance = from - to
  to += count
  while (count != 0) {
    const chunk = min(count, ENTRY_CHUNK)
    const end = to - chunk
    do {
      to--
      table_store(to, table_load(to + distance))
    } while (to != end)
    count -= chunk
  }
}
