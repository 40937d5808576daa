import { CHUNK_BYTES, CHUNK_PAIRS, type Chunk, copyWords, KERNEL_WORDS, NODE_WORDS, PAIR_WORDS } from './chunks.ts'
import { type HashQueue, SLOT_PAIRS } from './hash-queue.ts'
import { CAPACITY, KERNEL } from './kernel.ts'
import { ALL_PAIRS, lowest } from './marks.ts'

/** Where pairs are put to be hashed, and their digests then lie; offsets are in bytes. */
export interface Desk {
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly pairs: number
  readonly digests: number
  /** Pairs that it has room for. */
  readonly room: number
}

export const OWN_DESK: Desk = {
  bytes: KERNEL.memory,
  words: KERNEL_WORDS,
  pairs: KERNEL.pairs,
  digests: KERNEL.digests,
  room: CAPACITY,
}

/** As little as a slot, so that the digests of slots are soon read, and the slots filled again. */
export const SHARING_DESK: Desk = { ...OWN_DESK, room: SLOT_PAIRS }

/** The desk of another thread. */
export const slotDesk = (queue: HashQueue, slot: number): Desk => ({
  bytes: queue.bytes,
  words: queue.words,
  pairs: queue.pairs(slot),
  digests: queue.digests(slot),
  room: SLOT_PAIRS,
})

/** Takes the marked pairs of a chunk to a desk, behind the `count` that are there; returns how many then are. */
export function gather({ bytes, words }: Chunk, pairs: number, desk: Desk, count: number): number {
  if (pairs === ALL_PAIRS) {
    desk.bytes.set(bytes, desk.pairs + 64 * count)
    return count + CHUNK_PAIRS
  }
  const start = desk.pairs / 4
  let at = start + PAIR_WORDS * count
  for (let left = pairs; left !== 0; left &= left - 1, at += PAIR_WORDS) {
    copyWords(words, PAIR_WORDS * lowest(left), desk.words, at, PAIR_WORDS)
  }
  return (at - start) / PAIR_WORDS
}

/** Takes the parents of a chunk's marked pairs from a desk, behind `done` others, to their half of a chunk. */
export function scatter(desk: Desk, done: number, pairs: number, { bytes, words }: Chunk, half: number): number {
  if (pairs === ALL_PAIRS) {
    const from = desk.digests + 32 * done
    bytes.set(desk.bytes.subarray(from, from + CHUNK_BYTES / 2), (CHUNK_BYTES / 2) * half)
    return done + CHUNK_PAIRS
  }
  const start = desk.digests / 4
  let from = start + NODE_WORDS * done
  for (let left = pairs; left !== 0; left &= left - 1, from += NODE_WORDS) {
    copyWords(desk.words, from, words, NODE_WORDS * (CHUNK_PAIRS * half + lowest(left)), NODE_WORDS)
  }
  return (from - start) / NODE_WORDS
}
