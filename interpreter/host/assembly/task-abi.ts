// The functions offered to tasks, linked to a task as WASM. They own no memory: pointers are the task's.
// INPUT and OUTPUT: [0,8) byte length, little-endian u64 | [8,32) zero | [32,...) data

@external('machine', 'input_load8')
declare function input_load8(address: u32): u32

@external('machine', 'input_load64')
declare function input_load64(address: u32): u64

@external('machine', 'output_load64')
declare function output_load64(address: u32): u64

@external('machine', 'output_store8')
declare function output_store8(address: u32, value: u32): void

@external('machine', 'output_store64')
declare function output_store64(address: u32, value: u64): void

@external('machine', 'trap_memory_bounds')
declare function trap_memory_bounds(): void

// The same as BYTES_DATA_OFFSET, MAX_BYTES and PAGE_BITS in spec/, which the tests compare.
const LENGTH: u32 = 0
const DATA: u32 = 32
const OUTPUT_LIMIT: u64 = (1 << 32) - DATA
const PAGE_BITS: u64 = 16

/** Bytes between two places where a bulk copy may be stopped. */
const CHUNK: u32 = 4096
const WORD: u32 = 8

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

function requireMemory(pointer: u32, length: u32): void {
  if (<u64>pointer + length > <u64>memory.size() << PAGE_BITS) trap_memory_bounds()
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
