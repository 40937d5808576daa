import { KERNEL } from './kernel.ts'
import { zeroNode } from './merkle.ts'

/** Nodes kept together: 64 of a level, so that a mark has a bit for each of their pairs. */
export const CHUNK_BITS = 6
export const CHUNK_NODES = 2 ** CHUNK_BITS
export const CHUNK_PAIRS = CHUNK_NODES / 2
export const CHUNK_BYTES = 32 * CHUNK_NODES
export const CHUNK_WORDS = CHUNK_BYTES / 4
export const NODE_WORDS = 8
export const PAIR_WORDS = 2 * NODE_WORDS

/** Nodes of one height; both views are of the same bytes. */
export interface Chunk {
  readonly bytes: Uint8Array
  readonly words: Int32Array
}

export function newChunk(): Chunk {
  const bytes = new Uint8Array(CHUNK_BYTES)
  return { bytes, words: new Int32Array(bytes.buffer) }
}

/** The kernel's memory, its pairs and its digests. */
export const KERNEL_WORDS = new Int32Array(KERNEL.memory.buffer)
export const PAIRS_AT = KERNEL.pairs / 4
export const DIGESTS_AT = KERNEL.digests / 4

/** A loop moves so little faster than `set` does. */
export function copyWords(from: Int32Array, start: number, to: Int32Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[start + i]!
}

const EMPTY_NODES: Uint8Array[] = []

/** The bytes of a chunk of empty subtrees. */
function emptyNodes(height: number): Uint8Array {
  let nodes = EMPTY_NODES[height]
  if (nodes === undefined) {
    nodes = new Uint8Array(CHUNK_BYTES)
    for (let at = 0; at < CHUNK_BYTES; at += 32) nodes.set(zeroNode(height), at)
    EMPTY_NODES[height] = nodes
  }
  return nodes
}

/** Chunks that are allocated at once, at most. */
const SLAB_CHUNKS = 64

/** Nodes by height and chunk, wherever they lie; a chunk that is not there holds empty subtrees only. */
export class Levels {
  readonly #levels: readonly Map<number, Chunk>[]
  #count = 0
  /** Zeros for chunks to come. */
  #room = new ArrayBuffer(0)
  #taken = 0

  constructor(depth: number) {
    this.#levels = Array.from({ length: depth + 1 }, () => new Map())
  }

  /** A chunk, unless it holds empty subtrees only. */
  find(height: number, index: number): Chunk | undefined {
    return this.#levels[height]?.get(index)
  }

  /** A chunk, made of empty subtrees where there was none. */
  chunk(height: number, index: number): Chunk {
    const known = this.find(height, index)
    if (known !== undefined) return known
    const chunk = this.#newChunk()
    if (height > 0) chunk.bytes.set(emptyNodes(height))
    this.#levels[height]!.set(index, chunk)
    return chunk
  }

  /** Many at once are sooner allocated; never as many again as there are. */
  #newChunk(): Chunk {
    if (this.#taken === this.#room.byteLength) {
      this.#room = new ArrayBuffer(CHUNK_BYTES * Math.min(SLAB_CHUNKS, Math.max(1, this.#count)))
      this.#taken = 0
    }
    const chunk = {
      bytes: new Uint8Array(this.#room, this.#taken, CHUNK_BYTES),
      words: new Int32Array(this.#room, this.#taken, CHUNK_BYTES / 4),
    }
    this.#taken += CHUNK_BYTES
    this.#count++
    return chunk
  }
}
