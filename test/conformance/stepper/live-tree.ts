import { regionDepth, regionIndex, ZERO_NODES } from '../../../interpreter/commit/merkle.ts'
import { REGION, REGIONS } from '../../../spec/index.ts'
import type { Keccak } from './keccak.ts'

/** Bytes of a node. */
const NODE = 32

/** Siblings of a node: addresses from the bottom up, and a bit for each level whose sibling is no empty subtree. */
export interface Path {
  readonly siblings: number[]
  bitmap: number
}

/**
 * The whole tree of a machine that goes substep by substep. Nodes lie in the memory of the hash function and are
 * overwritten in place, so that a change costs its path and nothing else. Below the region roots, only nodes over
 * something that is not zero are there.
 */
export class LiveTree {
  readonly keccak: Keccak
  /** Address of a node by its generalized index. */
  readonly #nodes = new Map<number, number>()
  readonly #zeros: number
  readonly #free: number[] = []

  constructor(keccak: Keccak) {
    this.keccak = keccak
    this.#zeros = keccak.allocate(NODE * ZERO_NODES.length)
    for (const [level, node] of ZERO_NODES.entries()) keccak.bytes.set(node, this.#zeros + NODE * level)
    this.clear()
  }

  /** Empties all regions. */
  clear(): void {
    this.#free.push(...this.#nodes.values())
    this.#nodes.clear()
    for (const { index, depth } of REGIONS) this.#write(regionIndex(index), this.#zero(depth))
    for (let g = regionIndex(0) - 1; g > 0; g--) this.#hash(g)
  }

  /** Address of the root. */
  get root(): number {
    return this.#nodes.get(1) as number
  }

  /** The bytes at an address, not to be kept. */
  at(address: number): Uint8Array {
    return this.keccak.bytes.subarray(address, address + NODE)
  }

  /** Address of a leaf; that of zeros where it is empty. */
  leaf(g: number): number {
    return this.#nodes.get(g) ?? this.#zero(0)
  }

  /** Fills in the siblings of a node. */
  path(g: number, path: Path): void {
    path.siblings.length = 0
    path.bitmap = 0
    for (let at = g, level = 0; at > 1; at >>>= 1, level++) {
      const sibling = this.#nodes.get(at ^ 1)
      if (sibling === undefined || (at < 2 * regionIndex(0) && this.#isZero(sibling, level))) continue
      path.siblings.push(sibling)
      path.bitmap |= 1 << level
    }
  }

  /** Replaces a leaf. */
  set(g: number, leaf: Uint8Array): void {
    this.#setLeaf(g, leaf)
    this.#rehash(g)
  }

  /** Replaces a leaf unless it is that already. */
  setChanged(g: number, leaf: Uint8Array): void {
    const before = this.at(this.leaf(g))
    if (leaf.some((byte, i) => byte !== before[i])) this.set(g, leaf)
  }

  /** Fills the first leaves of an empty region, or those from `first` on; all that is above them is hashed once. */
  fill(region: number, leaves: Iterable<Uint8Array>, first = 0): void {
    const depth = regionDepth(region)
    const base = regionIndex(region)
    let end = first
    for (const leaf of leaves) this.#setLeaf(base * 2 ** depth + end++, leaf)
    if (end === first) return
    for (let height = 1, from = first, to = end - 1; height <= depth; height++) {
      from = Math.floor(from / 2)
      to = Math.floor(to / 2)
      for (let index = from; index <= to; index++) this.#renew(base * 2 ** (depth - height) + index, height)
    }
    for (let g = base >>> 1; g > 0; g >>>= 1) this.#hash(g)
  }

  /** Empties the stack slots in [from, to); those from `to` on are empty already. */
  cutStack(from: number, to: number): void {
    const depth = regionDepth(REGION.STACK)
    const base = regionIndex(REGION.STACK)
    for (let height = 0, first = from, end = to; height < depth; height++) {
      for (let index = first; index < end; index++) this.#remove(base * 2 ** (depth - height) + index)
      first = Math.ceil(first / 2)
      end = Math.ceil(end / 2)
    }
    this.#rehash(base * 2 ** depth + from)
  }

  #zero(level: number): number {
    return this.#zeros + NODE * level
  }

  #isZero(address: number, level: number): boolean {
    const { bytes } = this.keccak
    const zero = this.#zero(level)
    for (let i = 0; i < NODE; i++) if (bytes[address + i] !== bytes[zero + i]) return false
    return true
  }

  /** Address at which a node may be written. */
  #place(g: number): number {
    const known = this.#nodes.get(g)
    if (known !== undefined) return known
    const address = this.#free.pop() ?? this.keccak.allocate(NODE)
    this.#nodes.set(g, address)
    return address
  }

  #write(g: number, from: number): void {
    const to = this.#place(g)
    this.keccak.bytes.copyWithin(to, from, from + NODE)
  }

  #remove(g: number): void {
    const address = this.#nodes.get(g)
    if (address === undefined) return
    this.#nodes.delete(g)
    this.#free.push(address)
  }

  #hash(g: number): void {
    const nodes = this.#nodes
    this.keccak.pair(nodes.get(2 * g) as number, nodes.get(2 * g + 1) as number, this.#place(g))
  }

  #setLeaf(g: number, leaf: Uint8Array): void {
    if (!leaf.some((byte) => byte !== 0)) {
      this.#remove(g)
      return
    }
    // Making a place may move the memory.
    const place = this.#place(g)
    this.keccak.bytes.set(leaf, place)
  }

  /** Hashes a node of a region, `height` levels above its leaves, anew; or takes it away where it is empty. */
  #renew(g: number, height: number): void {
    const left = this.#nodes.get(2 * g)
    const right = this.#nodes.get(2 * g + 1)
    const zero = this.#zero(height - 1)
    if (left !== undefined || right !== undefined) this.keccak.pair(left ?? zero, right ?? zero, this.#place(g))
    else if (g >= 2 * regionIndex(0)) this.#remove(g)
    else this.#write(g, this.#zero(height))
  }

  /** Renews the nodes above a leaf. */
  #rehash(leaf: number): void {
    let at = leaf >>> 1
    for (let height = 1; at >= regionIndex(0); at >>>= 1, height++) this.#renew(at, height)
    for (; at > 0; at >>>= 1) this.#hash(at)
  }
}
