import type { Node } from './hash.ts'
import { CAPACITY, KERNEL } from './kernel.ts'
import { zeroNode } from './merkle.ts'

/** Nodes kept together: 64 of a level, so that a mark has a bit for each of their pairs. */
const CHUNK_BITS = 6
const CHUNK_NODES = 2 ** CHUNK_BITS
const CHUNK_PAIRS = CHUNK_NODES / 2
const CHUNK_BYTES = 32 * CHUNK_NODES
const NODE_WORDS = 8
const PAIR_WORDS = 2 * NODE_WORDS

/** Nodes of one height; both views are of the same bytes. */
interface Chunk {
  readonly bytes: Uint8Array
  readonly words: Int32Array
}

function newChunk(): Chunk {
  const bytes = new Uint8Array(CHUNK_BYTES)
  return { bytes, words: new Int32Array(bytes.buffer) }
}

/** The nodes of one height by chunk; a chunk that is not there holds empty subtrees only. */
type Level = Map<number, Chunk>

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

const kernelWords = new Int32Array(KERNEL.memory.buffer)

/** A loop moves so little faster than `set` does. */
function copyWords(from: Int32Array, start: number, to: Int32Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[start + i]!
}

/** Takes the marked pairs of a chunk to the kernel, behind the `count` that are there; returns how many then are. */
function gather({ bytes, words }: Chunk, pairs: number, count: number): number {
  if (pairs === ALL_PAIRS) {
    KERNEL.memory.set(bytes, KERNEL.pairs + 64 * count)
    return count + CHUNK_PAIRS
  }
  let at = KERNEL.pairs / 4 + PAIR_WORDS * count
  for (let left = pairs; left !== 0; left &= left - 1, at += PAIR_WORDS) {
    copyWords(words, PAIR_WORDS * lowest(left), kernelWords, at, PAIR_WORDS)
  }
  return (at - KERNEL.pairs / 4) / PAIR_WORDS
}

/** Takes the parents of a chunk's marked pairs from the kernel, behind `done` others, to their half of a chunk. */
function scatter(done: number, pairs: number, { bytes, words }: Chunk, half: number): number {
  if (pairs === ALL_PAIRS) {
    const from = KERNEL.digests + 32 * done
    bytes.set(KERNEL.memory.subarray(from, from + CHUNK_BYTES / 2), (CHUNK_BYTES / 2) * half)
    return done + CHUNK_PAIRS
  }
  let from = KERNEL.digests / 4 + NODE_WORDS * done
  for (let left = pairs; left !== 0; left &= left - 1, from += NODE_WORDS) {
    copyWords(kernelWords, from, words, NODE_WORDS * (CHUNK_PAIRS * half + lowest(left)), NODE_WORDS)
  }
  return (from - KERNEL.digests / 4) / NODE_WORDS
}

/**
 * One region's tree. Memory goes to the chunks in use, wherever they lie. Changed leaves are marked and their paths
 * rebuilt level by level when a node is asked for, many hashes at once, so that shared ancestors are hashed once.
 */
export class RegionTree {
  readonly depth: number
  /** levels[h] holds the nodes of height h; levels[0] the leaves. */
  readonly #levels: readonly Level[]
  #changed: Marks = new Map()

  constructor(depth: number) {
    this.depth = depth
    this.#levels = Array.from({ length: depth + 1 }, () => new Map())
  }

  /** A leaf as it was last set; not to be changed by the caller. */
  leaf(index: number): Uint8Array {
    return this.#read(0, index)
  }

  /** Replaces a leaf; the tree takes it in when a node is next asked for. */
  setLeaf(index: number, leaf: Uint8Array): void {
    this.#chunk(0, index >>> CHUNK_BITS).bytes.set(leaf, this.#offset(index))
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

  #offset(index: number): number {
    return 32 * (index % CHUNK_NODES)
  }

  #read(height: number, index: number): Uint8Array {
    const chunk = this.#levels[height]?.get(index >>> CHUNK_BITS)
    const offset = this.#offset(index)
    return chunk === undefined ? zeroNode(height) : chunk.bytes.subarray(offset, offset + 32)
  }

  /** A chunk, made of empty subtrees where there was none. */
  #chunk(height: number, index: number): Chunk {
    const level = this.#levels[height] as Level
    const known = level.get(index)
    if (known !== undefined) return known
    const chunk = newChunk()
    for (let at = 0; height > 0 && at < CHUNK_BYTES; at += 32) chunk.bytes.set(zeroNode(height), at)
    level.set(index, chunk)
    return chunk
  }

  #setPart(index: number, offset: number, part: Uint8Array): void {
    const before = this.#levels[0]?.get(index) ?? NO_LEAVES
    FRESH.bytes.set(before.bytes)
    FRESH.bytes.set(part, offset)
    FRESH.bytes.fill(0, offset + part.length, offset + 32 * Math.ceil(part.length / 32))
    const pairs = differingPairs(FRESH, before)
    if (pairs === 0) return
    this.#chunk(0, index).bytes.set(FRESH.bytes)
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
      const { words } = this.#chunk(below, at >>> (CHUNK_BITS - 1))
      copyWords(words, PAIR_WORDS * (at % CHUNK_PAIRS), kernelWords, KERNEL.pairs / 4, PAIR_WORDS)
      KERNEL.hashPairs(KERNEL.pairs, KERNEL.digests, 1)
      const parents = this.#chunk(below + 1, at >>> CHUNK_BITS).words
      copyWords(kernelWords, KERNEL.digests / 4, parents, NODE_WORDS * (at % CHUNK_NODES), NODE_WORDS)
    }
  }

  /** Hashes the parents of the changed pairs of a height, each once; returns which pairs of parents changed. */
  #rebuildParents(height: number, changed: Marks): Marks {
    const parents: Marks = new Map()
    const batch: Batch = { chunks: [], pairs: [], count: 0 }
    for (const [index, pairs] of changed) {
      if (batch.count + CHUNK_PAIRS > CAPACITY) this.#hashBatch(height, batch, parents)
      batch.count = gather(this.#chunk(height, index), pairs, batch.count)
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
      const chunk = this.#chunk(height + 1, parent)
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
