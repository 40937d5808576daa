import { REGION, REGION_LEVELS } from '../../spec/index.ts'
import { hashPair, type Node } from './hash.ts'
import { cutSiblings, foldPath, leafIndex, pathLength, regionDepth, regionIndex, regionOf, zeroNode } from './merkle.ts'

/** Whatever can name the node at any generalized index of a tree. */
export interface NodeSource {
  /** Node at generalized index g, from the root (1) to the leaves; not to be changed by the caller. */
  node(g: number): Node
}

/** Height of a node above the leaves of its region; g is that of a region's root or more. */
const heightOf = (g: number): number => regionDepth(regionOf(g)) - (pathLength(g) - REGION_LEVELS)

/** The tree whose eight regions are all empty. */
export const EMPTY_TREE: NodeSource = {
  node: (g) =>
    g < regionIndex(0) ? hashPair(EMPTY_TREE.node(2 * g), EMPTY_TREE.node(2 * g + 1)) : zeroNode(heightOf(g)),
}

/** Siblings of g from the bottom up. */
export function siblingsOf(tree: NodeSource, g: number): Node[] {
  const siblings: Node[] = []
  for (let at = g; at > 1; at >>>= 1) siblings.push(tree.node(at ^ 1))
  return siblings
}

/**
 * A tree that remembers only what differs from a base: a change costs one path, and the base is left
 * alone. For hand-made states, and for the substeps of one step on top of a running machine; a cut
 * costs time proportional to the number of changes.
 */
export class SparseTree implements NodeSource {
  readonly #base: NodeSource
  readonly #changed = new Map<number, Node>()
  /** Generalized index of the lowest stack leaf that was cut away from the base. */
  #cutFrom = Number.POSITIVE_INFINITY

  constructor(base: NodeSource = EMPTY_TREE) {
    this.#base = base
  }

  node(g: number): Node {
    const changed = this.#changed.get(g)
    if (changed !== undefined) return changed
    return this.#isCut(g, this.#cutFrom) ? zeroNode(heightOf(g)) : this.#base.node(g)
  }

  root(): Node {
    return this.node(1)
  }

  /** Replaces the leaf at generalized index g. */
  set(g: number, leaf: Node): void {
    this.#setPath(g, leaf, siblingsOf(this, g))
  }

  /** Empties the stack slot at generalized index g and every slot above it. */
  cut(g: number): void {
    const siblings = cutSiblings(g, siblingsOf(this, g), regionDepth(REGION.STACK))
    for (const at of this.#changed.keys()) if (this.#isCut(at, g)) this.#changed.delete(at)
    this.#cutFrom = Math.min(this.#cutFrom, g)
    this.#setPath(g, zeroNode(0), siblings)
  }

  /** Whether all leaves below g are stack slots at or above `from`. */
  #isCut(g: number, from: number): boolean {
    if (g < regionIndex(0)) return false
    const height = heightOf(g)
    const leaf = g * 2 ** height
    return leaf >= from && leaf <= leafIndex(REGION.STACK, -1)
  }

  #setPath(g: number, leaf: Node, siblings: readonly Node[]): void {
    let node = leaf
    let at = g
    this.#changed.set(at, node)
    for (const sibling of siblings) {
      node = foldPath(at, node, [sibling])
      at >>>= 1
      this.#changed.set(at, node)
    }
  }
}
