// memory: static only, laid out by the compiler: round constants | PAIRS | DIGESTS | SIBLING
import { hashBlock, hashOne, hashThree, hashTwo } from './generated/keccak'

/** Messages of one call at most: an engine puts its better code in place only between calls. */
export const CAPACITY: i32 = 1024

export const PAIRS: usize = memory.data(65536, 16)
export const DIGESTS: usize = memory.data(32768, 16)
export const SIBLING: usize = memory.data(32, 16)

const BLOCK_BYTES = 136
/** Padding of keccak-256, which is not that of SHA3-256. */
const PADDING_FIRST: u8 = 0x01
const PADDING_LAST: u8 = 0x80

/**
 * Digests of `count` messages of 64 bytes. They may take the place of the messages, as each is written after the
 * messages that begin below its end are read.
 */
export function hashPairs(from: usize, to: usize, count: i32): void {
  if (ASC_FEATURE_SIMD) {
    while (count > 2) {
      hashThree(from, to)
      from += 192
      to += 96
      count -= 3
    }
    if (count == 2) {
      hashTwo(from, to)
      return
    }
  }
  while (count > 0) {
    hashOne(from, to)
    from += 64
    to += 32
    count--
  }
}

@inline
function copyNode(from: usize, to: usize): void {
  store<u64>(to, load<u64>(from), 0)
  store<u64>(to, load<u64>(from, 8), 8)
  store<u64>(to, load<u64>(from, 16), 16)
  store<u64>(to, load<u64>(from, 24), 24)
}

/** Replaces the first `count` digests by those of pairs of them and the sibling, which is on the left or on the right. */
export function hashBeside(count: i32, isLeft: bool): void {
  const own: usize = isLeft ? 32 : 0
  for (let i: usize = 0; i < <usize>count; i++) {
    copyNode(DIGESTS + 32 * i, PAIRS + 64 * i + own)
    copyNode(SIBLING, PAIRS + 64 * i + (32 - own))
  }
  hashPairs(PAIRS, DIGESTS, count)
}

/** Digest of a message of less than a block; the padding is written behind it. */
export function hashShort(from: usize, length: usize, to: usize): void {
  memory.fill(from + length, 0, BLOCK_BYTES - length)
  store<u8>(from + length, PADDING_FIRST)
  store<u8>(from, load<u8>(from, BLOCK_BYTES - 1) | PADDING_LAST, BLOCK_BYTES - 1)
  hashBlock(from, to)
}
