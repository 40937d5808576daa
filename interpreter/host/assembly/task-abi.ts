// The functions offered to tasks, linked to a task as WASM. They own no memory: pointers are the task's.
// INPUT and OUTPUT: [0,8) byte length, little-endian u64 | [8,32) zero | [32,...) data
import {
  input_load8,
  input_load64,
  output_load64,
  output_store8,
  output_store64,
  trap_memory_bounds,
} from './intrinsics'
import { CHUNK, requireMemory, WORD } from './ranges'

// The same as BYTES_DATA_OFFSET and MAX_BYTES in spec/, which the tests compare.
const LENGTH: u32 = 0
const DATA: u32 = 32
const OUTPUT_LIMIT: u64 = (1 << 32) - DATA

/** Length of the input in bytes. */
export function input_size(): u32 {
  return <u32>input_load64(LENGTH)
}

/** Copies min(length, size - offset) bytes of the input, none if offset is beyond its end, and returns their number. */
export function input_read(offset: u32, pointer: u32, length: u32): u32 {
  requireMemory(pointer, length)
  const size = input_size()
  const count = offset < size ? min(length, size - offset) : 0
  copyInput(DATA + offset, pointer, count)
  return count
}

/** Appends length bytes of memory to the output. */
export function output_write(pointer: u32, length: u32): void {
  requireMemory(pointer, length)
  const size = output_load64(LENGTH)
  if (size + length > OUTPUT_LIMIT) trap_memory_bounds()
  copyOutput(pointer, DATA + <u32>size, length)
  output_store64(LENGTH, size + length)
}

// An end address may be 2^32, which is 0 here: loops compare it for equality only.
function copyInput(from: u32, to: u32, count: u32): void {
  const distance = from - to
  for (let words = count & ~(WORD - 1); words != 0; ) {
    const chunk = min(words, CHUNK)
    const end = to + chunk
    do {
      store<u64>(to, input_load64(to + distance))
      to += WORD
    } while (to != end)
    words -= chunk
  }
  for (const end = to + (count & (WORD - 1)); to != end; to++) store<u8>(to, input_load8(to + distance))
}

function copyOutput(from: u32, to: u32, count: u32): void {
  const distance = to - from
  for (let words = count & ~(WORD - 1); words != 0; ) {
    const chunk = min(words, CHUNK)
    const end = from + chunk
    do {
      output_store64(from + distance, load<u64>(from))
      from += WORD
    } while (from != end)
    words -= chunk
  }
  for (const end = from + (count & (WORD - 1)); from != end; from++) output_store8(from + distance, load<u8>(from))
}
