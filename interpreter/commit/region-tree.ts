import { hashPair, keccak256, type Node } from './hash.ts'
import { zeroNode } from './merkle.ts'

/**
 * One region's tree, held densely up to its highest leaf in use. Changed leaves are collected and
 * their paths rebuilt level by level at the next `root`, so that shared ancestors are hashed once.
 */
export class RegionTree {
  readonly depth: number
  /** levels[h] holds the nodes of height h, 32 bytes each; levels[0] the leaves. */
  #levels: Uint8Array[] = [new Uint8Array(32)]
  #changed: number[] = []
  /** Leftmost nodes from the top of the dense part upwards, as far as they were asked for. */
  #spineNodes: Node[] = []

  constructor(depth: number) {
    this.depth = depth
  }

  /** Leaves that can be held without growing. */
  get capacity(): number {
    return (this.#levels[0] as Uint8Array).length / 32
  }

  /** The bytes of the leaves from 0 up to the capacity; not to be written by the caller. */
  get leaves(): Uint8Array {
    return this.#levels[0] as Uint8Array
  }

  /** Replaces a leaf; the tree takes it in at the next `root` or `node`. */
  setLeaf(index: number, leaf: Uint8Array): void {
    this.reserve(index + 1)
    this.leaves.set(leaf, 32 * index)
    this.#changed.push(index)
  }

  /** Makes room for at least `count` leaves. */
  reserve(count: number): void {
    while (this.capacity < count) this.#double()
  }

  /** Node of height `height` at position `index` of its level. */
  node(height: number, index: number): Node {
    this.#rebuild()
    return this.#read(height, index)
  }

  root(): Node {
    return this.node(this.depth, 0)
  }

  #read(height: number, index: number): Node {
    const level = this.#levels[height]
    if (level === undefined) return index === 0 ? this.#spine(height) : zeroNode(height)
    return 32 * index < level.length ? level.slice(32 * index, 32 * index + 32) : zeroNode(height)
  }

  /** Leftmost node of a height at or above the top of the dense part; kept until a leaf changes. */
  #spine(height: number): Node {
    const top = this.#levels.length - 1
    if (this.#spineNodes.length === 0) this.#spineNodes.push((this.#levels[top] as Uint8Array).slice())
    for (let h = top + this.#spineNodes.length; h <= height; h++) {
      this.#spineNodes.push(hashPair(this.#spineNodes[h - 1 - top] as Node, zeroNode(h - 1)))
    }
    return this.#spineNodes[height - top] as Node
  }

  #double(): void {
    this.#rebuild()
    const top = this.#spine(this.#levels.length).slice()
    this.#levels = this.#levels.map((level, h) => {
      const doubled = new Uint8Array(2 * level.length)
      doubled.set(level)
      for (let at = level.length; at < doubled.length; at += 32) doubled.set(zeroNode(h), at)
      return doubled
    })
    this.#levels.push(top)
    this.#spineNodes = []
  }

  #rebuild(): void {
    if (this.#changed.length === 0) return
    this.#spineNodes = []
    let changed = [...new Set(this.#changed)].sort((x, y) => x - y)
    this.#changed = []
    for (let h = 0; h + 1 < this.#levels.length; h++) changed = this.#rebuildParents(h, changed)
  }

  /** Hashes the parents of the changed nodes of height h; both lists ascend. */
  #rebuildParents(h: number, changed: readonly number[]): number[] {
    const below = this.#levels[h] as Uint8Array
    const above = this.#levels[h + 1] as Uint8Array
    const parents: number[] = []
    for (const index of changed) {
      const parent = index >>> 1
      if (parents.at(-1) === parent) continue
      parents.push(parent)
      above.set(keccak256(below.subarray(64 * parent, 64 * parent + 64)), 32 * parent)
    }
    return parents
  }
}
