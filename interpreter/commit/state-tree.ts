import { REGION_LEVELS, REGIONS } from '../../spec/index.ts'
import { hashPair, type Node } from './hash.ts'
import { pathLength, regionDepth, regionIndex, regionOf } from './merkle.ts'
import { RegionTree } from './region-tree.ts'
import type { NodeSource } from './sparse-tree.ts'
import { Versions } from './versions.ts'

/** Versions of the regions' roots as those of one level, up to a time. */
function merged(regions: readonly Versions[], end: number): Versions {
  const all = new Versions()
  const next = regions.map(() => 0)
  for (let time = 0; time < end; time++) {
    for (let i = 0; i < regions.length; i++) {
      const { count, times } = regions[i]!
      if (next[i]! < count && times[next[i]!] === time) all.add(time, i, regions[i]!.node(next[i]!++))
    }
  }
  return all
}

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

  /** Takes in versions of leaves, by region, of times below `end`; returns those of the root. */
  raise(regions: readonly Versions[], end: number): Versions {
    const top = new RegionTree(REGION_LEVELS)
    for (const [i, root] of this.regionRoots().entries()) top.setLeaf(i, root)
    for (const [i, versions] of regions.entries()) this.region(i).raise(versions)
    const roots = merged(regions, end)
    top.raise(roots)
    return roots
  }

  regionRoots(): Node[] {
    return this.regions.map((region) => region.root())
  }
}
