import {
  CHUNK_BITS,
  CHUNK_BYTES,
  CHUNK_NODES,
  CHUNK_PAIRS,
  type Chunk,
  copyWords,
  DIGESTS_AT,
  KERNEL_WORDS,
  Levels,
  NODE_WORDS,
  newChunk,
  PAIR_WORDS,
  PAIRS_AT,
} from './chunks.ts'
import type { Node } from './hash.ts'
import { CAPACITY, KERNEL } from './kernel.ts'
import { zeroNode } from './merkle.ts'
import type { Versions } from './versions.ts'
import { raise } from './wavefront.ts'

/** The pairs of a level's nodes that changed: a bit for each, by chunk. */
type Marks = Map<number, number>
const ALL_PAIRS = -1

const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits)

function mark(marks: Marks, chunk: number, pairs: number): void {
  const before = marks.get(chunk) ?? 0
  if ((before | pairs) !== before) marks.set(chunk, before | pairs)
}

/** Half as many bits: one for each two, set if either of them is. */
function halved(bits: number): number {
  let half = (bits | (bits >>> 1)) & 0x55555555
  half = (half | (half >>> 1)) & 0x33333333
  half = (half | (half >>> 2)) & 0x0f0f0f0f
  half = (half | (half >>> 4)) & 0x00ff00ff
  return (half | (half >>> 8)) & 0x0000ffff
}

/** The pairs of leaves in which two chunks differ. */
function differingPairs(x: Chunk, y: Chunk): number {
  let pairs = 0
  for (let word = 0; word < x.words.length; word++) {
    if (x.words[word] === y.words[word]) continue
    pairs |= 1 << (word / PAIR_WORDS)
    word |= PAIR_WORDS - 1
  }
  return pairs
}

/** The changed pair, counted in its level, where there is but one. */
function onlyPair(marks: Marks): number | undefined {
  if (marks.size > 1) return undefined
  for (const [chunk, pairs] of marks) if ((pairs & (pairs - 1)) === 0) return CHUNK_PAIRS * chunk + lowest(pairs)
  return undefined
}

/** Chunks whose marked pairs the kernel hashes next. */
interface Batch {
  chunks: number[]
  pairs: number[]
  /** Pairs in all. */
  count: number
}

const NO_LEAVES = newChunk()
/** Where leaves are put together before they are compared. */
const FRESH = newChunk()

/** Takes the marked pairs of a chunk to the kernel, behind the `count` that are there; returns how many then are. */
function gather({ bytes, words }: Chunk, pairs: number, count: number): number {
  if (pairs === ALL_PAIRS) {
    KERNEL.memory.set(bytes, KERNEL.pairs + 64 * count)
    return count + CHUNK_PAIRS
  }
  let at = PAIRS_AT + PAIR_WORDS * count
  for (let left = pairs; left !== 0; left &= left - 1, at += PAIR_WORDS) {
    copyWords(words, PAIR_WORDS * lowest(left), KERNEL_WORDS, at, PAIR_WORDS)
  }
  return (at - PAIRS_AT) / PAIR_WORDS
}

/** Takes the parents of a chunk's marked pairs from the kernel, behind `done` others, to their half of a chunk. */
function scatter(done: number, pairs: number, { bytes, words }: Chunk, half: number): number {
  if (pairs === ALL_PAIRS) {
    const from = KERNEL.digests + 32 * done
    bytes.set(KERNEL.memory.subarray(from, from + CHUNK_BYTES / 2), (CHUNK_BYTES / 2) * half)
    return done + CHUNK_PAIRS
  }
  let from = DIGESTS_AT + NODE_WORDS * done
  for (let left = pairs; left !== 0; left &= left - 1, from += NODE_WORDS) {
    copyWords(KERNEL_WORDS, from, words, NODE_WORDS * (CHUNK_PAIRS * half + lowest(left)), NODE_WORDS)
  }
  return (from - DIGESTS_AT) / NODE_WORDS
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
    for (let at = 0; at < leaves.length; ) {
      const offset = this.#offset(first + at / 32)
      const part = leaves.subarray(at, at + CHUNK_BYTES - offset)
      this.#setPart((first + at / 32) >>> CHUNK_BITS, offset, part)
      at += part.length
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
    const pairs = differingPairs(FRESH, before)
    if (pairs === 0) return
    this.#levels.chunk(0, index).bytes.set(FRESH.bytes)
    mark(this.#changed, index, pairs)
  }

  #rebuild(): void {
    let changed = this.#changed
    this.#changed = new Map()
    for (let height = 0; height < this.depth && changed.size > 0; height++) {
      const pair = onlyPair(changed)
      if (pair !== undefined) {
        this.#climb(height, pair)
        return
      }
      changed = this.#rebuildParents(height, changed)
    }
  }

  /** Hashes up to the root from one pair of a height on. */
  #climb(height: number, pair: number): void {
    for (let [below, at] = [height, pair]; below < this.depth; below++, at >>>= 1) {
      const { words } = this.#levels.chunk(below, at >>> (CHUNK_BITS - 1))
      copyWords(words, PAIR_WORDS * (at % CHUNK_PAIRS), KERNEL_WORDS, PAIRS_AT, PAIR_WORDS)
      KERNEL.hashPairs(KERNEL.pairs, KERNEL.digests, 1)
      const parents = this.#levels.chunk(below + 1, at >>> CHUNK_BITS).words
      copyWords(KERNEL_WORDS, DIGESTS_AT, parents, NODE_WORDS * (at % CHUNK_NODES), NODE_WORDS)
    }
  }

  /** Hashes the parents of the changed pairs of a height, each once; returns which pairs of parents changed. */
  #rebuildParents(height: number, changed: Marks): Marks {
    const parents: Marks = new Map()
    const batch: Batch = { chunks: [], pairs: [], count: 0 }
    for (const [index, pairs] of changed) {
      if (batch.count + CHUNK_PAIRS > CAPACITY) this.#hashBatch(height, batch, parents)
      batch.count = gather(this.#levels.chunk(height, index), pairs, batch.count)
      batch.chunks.push(index)
      batch.pairs.push(pairs)
    }
    this.#hashBatch(height, batch, parents)
    return parents
  }

  /** Hashes what was gathered, and empties the batch. */
  #hashBatch(height: number, batch: Batch, parents: Marks): void {
    const { chunks, pairs } = batch
    KERNEL.hashPairs(KERNEL.pairs, KERNEL.digests, batch.count)
    for (let i = 0, done = 0; i < chunks.length; ) {
      const parent = chunks[i]! >>> 1
      const chunk = this.#levels.chunk(height + 1, parent)
      let changed = 0
      for (; i < chunks.length && chunks[i]! >>> 1 === parent; i++) {
        const half = chunks[i]! % 2
        done = scatter(done, pairs[i]!, chunk, half)
        changed |= halved(pairs[i]!) << ((CHUNK_PAIRS / 2) * half)
      }
      mark(parents, parent, changed)
    }
    Object.assign(batch, { chunks: [], pairs: [], count: 0 })
  }
}
