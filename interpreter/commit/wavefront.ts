import {
  CHUNK_BITS,
  CHUNK_NODES,
  CHUNK_PAIRS,
  copyWords,
  DIGESTS_AT,
  KERNEL_WORDS,
  type Levels,
  NODE_WORDS,
  PAIR_WORDS,
  PAIRS_AT,
} from './chunks.ts'
import { CAPACITY, KERNEL } from './kernel.ts'
import type { Versions } from './versions.ts'

/**
 * Hashes a tree at many times at once: versions of leaves become those of their parents, level by level, and the
 * hashes of one level do not wait for each other. The levels hold each node as it was last.
 */
export function raise(levels: Levels, depth: number, versions: Versions): void {
  for (let height = 0; height < depth; height++) {
    if (isOne(versions)) {
      climb(levels, height, depth, versions)
      return
    }
    raiseLevel(levels, height, versions)
  }
  keepLast(levels, depth, versions, versions.count - 1)
}

const NO_NODES: Int32Array = new Int32Array(0)

/** Whether all versions are of one node. */
function isOne({ count, indices }: Versions): boolean {
  for (let i = 1; i < count; i++) if (indices[i] !== indices[0]) return false
  return true
}

function keepLast(levels: Levels, height: number, { indices, words }: Versions, i: number): void {
  const index = indices[i]!
  const to = levels.chunk(height, index >>> CHUNK_BITS).words
  copyWords(words, NODE_WORDS * i, to, NODE_WORDS * (index % CHUNK_NODES), NODE_WORDS)
}

/** Versions of a height's nodes become those of their parents, in the same place: there are no more of them. */
function raiseLevel(levels: Levels, height: number, versions: Versions): void {
  const { count, times, indices, words } = versions
  let [raised, gathered] = [0, 0]
  let [chunk, nodes] = [-1, NO_NODES]
  for (let i = 0; i < count; i++) {
    const [time, index] = [times[i]!, indices[i]!]
    if (index >>> CHUNK_BITS !== chunk) {
      chunk = index >>> CHUNK_BITS
      nodes = levels.chunk(height, chunk).words
    }
    const parent = index >>> 1
    copyWords(words, NODE_WORDS * i, nodes, NODE_WORDS * (index % CHUNK_NODES), NODE_WORDS)
    if (i + 1 < count && times[i + 1] === time && indices[i + 1]! >>> 1 === parent) continue
    copyWords(nodes, PAIR_WORDS * (parent % CHUNK_PAIRS), KERNEL_WORDS, PAIRS_AT + PAIR_WORDS * gathered, PAIR_WORDS)
    times[raised + gathered] = time
    indices[raised + gathered] = parent
    if (++gathered < CAPACITY) continue
    raised += hashGathered(versions, raised, gathered)
    gathered = 0
  }
  versions.count = raised + hashGathered(versions, raised, gathered)
}

/** Digests of the kernel's first pairs, as versions from `at` on. */
function hashGathered({ words }: Versions, at: number, count: number): number {
  KERNEL.hashPairs(KERNEL.pairs, KERNEL.digests, count)
  copyWords(KERNEL_WORDS, DIGESTS_AT, words, NODE_WORDS * at, NODE_WORDS * count)
  return count
}

/** Versions of one node, up to the root: its siblings stay as they are. */
function climb(levels: Levels, height: number, depth: number, versions: Versions): void {
  const { count, indices, words } = versions
  for (let start = 0; start < count; start += CAPACITY) {
    const slice = Math.min(CAPACITY, count - start)
    copyWords(words, NODE_WORDS * start, KERNEL_WORDS, DIGESTS_AT, NODE_WORDS * slice)
    for (let [below, at] = [height, indices[0]!]; below <= depth; below++, at >>>= 1) {
      const own = levels.chunk(below, at >>> CHUNK_BITS)
      copyWords(
        KERNEL_WORDS,
        DIGESTS_AT + NODE_WORDS * (slice - 1),
        own.words,
        NODE_WORDS * (at % CHUNK_NODES),
        NODE_WORDS,
      )
      if (below === depth) break
      const sibling = 32 * ((at ^ 1) % CHUNK_NODES)
      KERNEL.memory.set(own.bytes.subarray(sibling, sibling + 32), KERNEL.sibling)
      KERNEL.hashBeside(slice, at % 2 === 1)
    }
    copyWords(KERNEL_WORDS, DIGESTS_AT, words, NODE_WORDS * start, NODE_WORDS * slice)
  }
  indices.fill(0, 0, count)
}
