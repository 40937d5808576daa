import {
  CHUNK_BITS,
  CHUNK_BYTES,
  CHUNK_NODES,
  CHUNK_WORDS,
  type Chunk,
  Levels,
  NODE_WORDS,
  newChunk,
  PAIR_WORDS,
} from './chunks.ts'
import type { Node } from './hash.ts'
import { type Marks, mark } from './marks.ts'
import { zeroNode } from './merkle.ts'
import { rebuild } from './rebuild.ts'
import type { Versions } from './versions.ts'
import { raise } from './wavefront.ts'

/** The pairs of leaves in which words from an index on differ from a chunk's. */
function differingPairs(words: Int32Array, from: number, { words: before }: Chunk): number {
  let pairs = 0
  for (let word = 0; word < CHUNK_WORDS; word++) {
    if (words[from + word] === before[word]) continue
    pairs |= 1 << (word / PAIR_WORDS)
    word |= PAIR_WORDS - 1
  }
  return pairs
}

/** The same bytes, up to whole words, where they lie as words do. */
const wordsOf = ({ buffer, byteOffset, length }: Uint8Array): Int32Array | undefined =>
  byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, Math.floor(length / 4)) : undefined

const NO_LEAVES = newChunk()
/** Where leaves are put together before they are compared. */
const FRESH = newChunk()

/** The bytes of a word in the other order. */
const turned = (word: number): number => (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)

/** Numbers from halves on as the words of leaves. */
function putNumbers(halves: Int32Array, from: number, leaves: Int32Array): void {
  leaves.fill(0)
  for (let [at, low] = [NODE_WORDS - 1, from]; at < leaves.length; at += NODE_WORDS, low += 2) {
    leaves[at - 1] = turned(halves[low + 1]!)
    leaves[at] = turned(halves[low]!)
  }
}

/**
 * One region's tree. Memory goes to the chunks in use, wherever they lie. Changed leaves are marked and their paths
 * rebuilt level by level when a node is asked for, many hashes at once, so that shared ancestors are hashed once.
 */
export class RegionTree {
  readonly depth: number
  readonly #levels: Levels
  #changed: Marks = new Map()

  constructor(depth: number) {
    this.depth = depth
    this.#levels = new Levels(depth)
  }

  /** A leaf as it was last set; not to be changed by the caller. */
  leaf(index: number): Uint8Array {
    return this.#read(0, index)
  }

  /** Replaces a leaf; the tree takes it in when a node is next asked for. */
  setLeaf(index: number, leaf: Uint8Array): void {
    this.#levels.chunk(0, index >>> CHUNK_BITS).bytes.set(leaf, this.#offset(index))
    mark(this.#changed, index >>> CHUNK_BITS, 1 << ((index % CHUNK_NODES) / 2))
  }

  /** Replaces the leaves from `first` on, the last padded with zeros; those that stay the same cost no hash. */
  setLeaves(first: number, leaves: Uint8Array): void {
    const words = wordsOf(leaves)
    for (let at = 0; at < leaves.length; ) {
      const offset = this.#offset(first + at / 32)
      const index = (first + at / 32) >>> CHUNK_BITS
      const length = Math.min(CHUNK_BYTES - offset, leaves.length - at)
      if (words !== undefined && length === CHUNK_BYTES) this.#setChunk(index, words, at / 4)
      else this.#setPart(index, offset, leaves.subarray(at, at + length))
      at += length
    }
  }

  /** The same for leaves that are numbers of two halves, the low one first, as 32 big-endian bytes. */
  setNumbers(first: number, halves: Int32Array): void {
    for (let at = 0; at < halves.length; ) {
      const index = (first + at / 2) >>> CHUNK_BITS
      const from = (first + at / 2) % CHUNK_NODES
      const count = Math.min(CHUNK_NODES - from, halves.length / 2 - at / 2)
      FRESH.bytes.set((this.#levels.find(0, index) ?? NO_LEAVES).bytes)
      putNumbers(halves, at, FRESH.words.subarray(NODE_WORDS * from, NODE_WORDS * (from + count)))
      this.#setChunk(index, FRESH.words, 0)
      at += 2 * count
    }
  }

  /** Node of height `height` at position `index` of its level, as a copy. */
  node(height: number, index: number): Node {
    this.#rebuild()
    return this.#read(height, index).slice()
  }

  root(): Node {
    return this.node(this.depth, 0)
  }

  /** Takes in versions of leaves, which become versions of the root. */
  raise(versions: Versions): void {
    this.#rebuild()
    raise(this.#levels, this.depth, versions)
  }

  #offset(index: number): number {
    return 32 * (index % CHUNK_NODES)
  }

  #read(height: number, index: number): Uint8Array {
    const chunk = this.#levels.find(height, index >>> CHUNK_BITS)
    const offset = this.#offset(index)
    return chunk === undefined ? zeroNode(height) : chunk.bytes.subarray(offset, offset + 32)
  }

  #setPart(index: number, offset: number, part: Uint8Array): void {
    const before = this.#levels.find(0, index) ?? NO_LEAVES
    FRESH.bytes.set(before.bytes)
    FRESH.bytes.set(part, offset)
    FRESH.bytes.fill(0, offset + part.length, offset + 32 * Math.ceil(part.length / 32))
    this.#setChunk(index, FRESH.words, 0)
  }

  /** Replaces the leaves of a chunk by words from an index on. */
  #setChunk(index: number, words: Int32Array, from: number): void {
    const pairs = differingPairs(words, from, this.#levels.find(0, index) ?? NO_LEAVES)
    if (pairs === 0) return
    this.#levels.chunk(0, index).words.set(words.subarray(from, from + CHUNK_WORDS))
    mark(this.#changed, index, pairs)
  }

  #rebuild(): void {
    const changed = this.#changed
    this.#changed = new Map()
    rebuild(this.#levels, this.depth, changed)
  }
}
