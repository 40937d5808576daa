import { keccak256, type Node } from './hash.ts'
import { zeroNode } from './merkle.ts'

/** Nodes kept together: 128 of a level, 4 KiB. */
const CHUNK_BITS = 7
const CHUNK_NODES = 2 ** CHUNK_BITS

/** The nodes of one height by chunk; a chunk that is not there holds empty subtrees only. */
type Level = Map<number, Uint8Array>

/**
 * Some nodes of a level: a bit for each, 32 of them by their group. A region's leaves, all of them, are 2^22 groups,
 * well below what a Map can hold; they would be too many one by one.
 */
type Marks = Map<number, number>
const GROUP_BITS = 5
const GROUP_NODES = 2 ** GROUP_BITS

/** The bits of the nodes that are left children. */
const LEFT_NODES = 0x55555555

function mark(marks: Marks, index: number): void {
  const group = index >>> GROUP_BITS
  const before = marks.get(group) ?? 0
  const after = before | (1 << (index & (GROUP_NODES - 1)))
  if (after !== before) marks.set(group, after)
}

/**
 * One region's tree. Memory goes to the chunks in use, wherever they lie. Changed leaves are marked
 * and their paths rebuilt level by level when a node is asked for, so that shared ancestors are hashed once.
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
    this.#chunk(0, index).set(leaf, this.#offset(index))
    mark(this.#changed, index)
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
    return 32 * (index & (CHUNK_NODES - 1))
  }

  #read(height: number, index: number): Uint8Array {
    const chunk = this.#levels[height]?.get(index >>> CHUNK_BITS)
    const offset = this.#offset(index)
    return chunk === undefined ? zeroNode(height) : chunk.subarray(offset, offset + 32)
  }

  /** The chunk that holds a node, made of empty subtrees where there was none. */
  #chunk(height: number, index: number): Uint8Array {
    const level = this.#levels[height] as Level
    const known = level.get(index >>> CHUNK_BITS)
    if (known !== undefined) return known
    const chunk = new Uint8Array(32 * CHUNK_NODES)
    for (let at = 0; height > 0 && at < chunk.length; at += 32) chunk.set(zeroNode(height), at)
    level.set(index >>> CHUNK_BITS, chunk)
    return chunk
  }

  #rebuild(): void {
    let changed = this.#changed
    this.#changed = new Map()
    for (let height = 0; height < this.depth && changed.size > 0; height++) {
      changed = this.#rebuildParents(height, changed)
    }
  }

  /** Hashes the parents of the changed nodes of a height, each once; returns which they are. */
  #rebuildParents(height: number, changed: Marks): Marks {
    const parents: Marks = new Map()
    for (const [group, marks] of changed) {
      for (let pairs = (marks | (marks >>> 1)) & LEFT_NODES; pairs !== 0; pairs &= pairs - 1) {
        const left = GROUP_NODES * group + 31 - Math.clz32(pairs & -pairs)
        const from = this.#offset(left)
        const hash = keccak256(this.#chunk(height, left).subarray(from, from + 64))
        this.#chunk(height + 1, left >>> 1).set(hash, this.#offset(left >>> 1))
        mark(parents, left >>> 1)
      }
    }
    return parents
  }
}
