import { trap_memory_bounds } from './intrinsics'

// The same as PAGE_BITS in spec/, which the tests compare.
const PAGE_BITS: u64 = 16

/** Bytes between two places where a bulk copy may be stopped, and entries of a table. */
export const CHUNK: u32 = 4096
export const ENTRY_CHUNK: u32 = 512

/** Bytes that are moved at once. */
export const WORD: u32 = 8

/** Traps unless the range lies inside memory as it is now. */
export function requireMemory(pointer: u32, length: u32): void {
  if (<u64>pointer + length > <u64>memory.size() << PAGE_BITS) trap_memory_bounds()
}
