import { readInput } from './host'
import { sha256Absorb } from './sha256'

/** Appends the whole input to the message, through chunkBytes bytes of memory at chunk. */
export function sha256AbsorbInput(context: usize, chunk: usize, chunkBytes: u32): void {
  let offset: u32 = 0
  let count: u32
  do {
    count = readInput(offset, chunk, chunkBytes)
    sha256Absorb(context, chunk, count)
    offset += count
  } while (count == chunkBytes)
}
