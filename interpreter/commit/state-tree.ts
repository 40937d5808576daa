import { REGION_LEVELS, REGIONS } from '../../spec/index.ts'
import { hashPair, type Node } from './hash.ts'
import { pathLength, regionDepth, regionIndex, regionOf } from './merkle.ts'
import { RegionTree } from './region-tree.ts'
import type { NodeSource } from './sparse-tree.ts'

/** The whole tree of a running machine: eight dense regions. */
export class StateTree implements NodeSource {
  readonly regions: readonly RegionTree[] = REGIONS.map(({ depth }) => new RegionTree(depth))

  region(index: number): RegionTree {
    return this.regions[index] as RegionTree
  }

  node(g: number): Node {
    if (g < regionIndex(0)) return hashPair(this.node(2 * g), this.node(2 * g + 1))
    const region = regionOf(g)
    const below = pathLength(g) - REGION_LEVELS
    return this.region(region).node(regionDepth(region) - below, g - regionIndex(region) * 2 ** below)
  }

  root(): Node {
    return this.node(1)
  }

  regionRoots(): Node[] {
    return this.regions.map((region) => region.root())
  }
}
