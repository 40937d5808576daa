import { REGION_LEVELS, REGIONS } from '../../spec/index.ts'
import { hashPair, type Node } from './hash.ts'

/**
 * The one tree of a machine state. A node is named by its generalized index: the root is 1, the
 * children of g are 2g and 2g + 1, the region roots are 8 to 15. All indices are below 2^31.
 * Source: docs/machine.md, "Properties" and "State". Twin: contracts/commit/Merkle.sol.
 */

/** Deepest path: the levels of the deepest region and the region levels. */
const MAX_PATH = Math.max(...REGIONS.map(({ depth }) => depth)) + REGION_LEVELS

/** Roots of empty subtrees: Z[0] = 32 zero bytes, Z[i+1] = keccak256(Z[i], Z[i]). */
export const ZERO_NODES: readonly Node[] = (() => {
  const nodes: Node[] = [new Uint8Array(32)]
  for (let i = 0; i < MAX_PATH; i++) nodes.push(hashPair(nodes[i] as Node, nodes[i] as Node))
  return nodes
})()

export const zeroNode = (level: number): Node => ZERO_NODES[level] as Node

export const regionDepth = (region: number): number => (REGIONS[region] as { depth: number }).depth

/** Generalized index of a region's root. */
export const regionIndex = (region: number): number => REGIONS.length + region

/** The region that a node of generalized index g lies in or below; g is 8 or more. */
export const regionOf = (g: number): number => (g >>> (pathLength(g) - REGION_LEVELS)) - REGIONS.length

/** Generalized index of a leaf; the index is taken modulo the size of the region. */
export const leafIndex = (region: number, index: bigint | number): number =>
  regionIndex(region) * 2 ** regionDepth(region) + Number(BigInt.asUintN(regionDepth(region), BigInt(index)))

/** Levels from a node up to the root. */
export const pathLength = (g: number): number => 31 - Math.clz32(g)

/** Root of the path of the node `g`, given its siblings from the bottom up. */
export function foldPath(g: number, leaf: Node, siblings: readonly Node[]): Node {
  let node = leaf
  let at = g
  for (const sibling of siblings) {
    node = at & 1 ? hashPair(sibling, node) : hashPair(node, sibling)
    at >>>= 1
  }
  return node
}

/** `siblings` as they are after everything at and right of the leaf was emptied, `depth` levels up. */
export const cutSiblings = (g: number, siblings: readonly Node[], depth: number): Node[] =>
  siblings.map((sibling, i) => (i < depth && ((g >>> i) & 1) === 0 ? zeroNode(i) : sibling))
