import { describe, expect, it } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { RegionTree } from '../../../interpreter/commit/region-tree.ts'
import { StateTree } from '../../../interpreter/commit/state-tree.ts'
import { Versions } from '../../../interpreter/commit/versions.ts'
import { REGIONS } from '../../../spec/index.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

type Change = readonly [time: number, index: number, leaf: Uint8Array]

/** Changes of some times, those of one time in any order and of different leaves. */
function changes(seed: number, times: number, leaves: number): Change[] {
  const random = createRandom(seed)
  return Array.from({ length: times }, (_, time) => {
    const indices = new Set(Array.from({ length: random.below(4) }, () => random.below(leaves)))
    return [...indices].map(
      (index): Change => [time, index, random.chance(0.1) ? new Uint8Array(32) : random.bytes(32)],
    )
  }).flat()
}

function versionsOf(all: readonly Change[]): Versions {
  const versions = new Versions()
  for (const change of all) versions.add(...change)
  return versions
}

/** Root after each time that changed something. */
function rootsOneByOne(tree: RegionTree, all: readonly Change[]): Map<number, string> {
  const roots = new Map<number, string>()
  for (const [i, [time, index, leaf]] of all.entries()) {
    tree.setLeaf(index, leaf)
    if (all[i + 1]?.[0] !== time) roots.set(time, toHex(tree.root()))
  }
  return roots
}

const rootsOf = (versions: Versions): Map<number, string> =>
  new Map(Array.from({ length: versions.count }, (_, i) => [versions.times[i]!, toHex(versions.node(i))]))

describe('RegionTree.raise', () => {
  it.each([
    ['one leaf', 1],
    ['two leaves', 2],
    ['leaves of two chunks', 90],
    ['leaves everywhere', 2 ** 20],
  ])('has the roots of a tree that is hashed at every time: %s', (_, leaves) => {
    console.log(`seed ${TEST_SEED}`)
    for (const times of [0, 1, 40, 1500]) {
      const [tree, other] = [new RegionTree(20), new RegionTree(20)]
      for (const each of [tree, other]) each.setLeaf(70, new Uint8Array(32).fill(7))
      const all = changes(TEST_SEED + times, times, leaves)
      const versions = versionsOf(all)
      tree.raise(versions)
      expect(rootsOf(versions)).toEqual(rootsOneByOne(other, all))
      for (const [, index] of all.slice(-50)) {
        for (let height = 0; height <= 20; height++) {
          expect(tree.node(height, index >>> height)).toEqual(other.node(height, index >>> height))
        }
      }
      for (const each of [tree, other]) each.setLeaf(3, new Uint8Array(32).fill(3))
      expect(tree.root()).toEqual(other.root())
    }
  })
})

describe('StateTree.raise', () => {
  it('has the root of the whole tree at every time that changed some region', () => {
    const [tree, other] = [new StateTree(), new StateTree()]
    const regions = REGIONS.map((_, region) => changes(TEST_SEED + region, 30, 50))
    const roots = tree.raise(regions.map(versionsOf), 30)
    const expected = new Map<number, string>()
    for (let time = 0; time < 30; time++) {
      const now = regions.flatMap((all, region) =>
        all.filter(([at]) => at === time).map((change) => ({ region, change })),
      )
      for (const { region, change } of now) other.region(region).setLeaf(change[1], change[2])
      if (now.length > 0) expected.set(time, toHex(other.root()))
    }
    expect(rootsOf(roots)).toEqual(expected)
    expect(tree.root()).toEqual(other.root())
  })
})

describe('Versions', () => {
  it('holds numbers as leaves have them, in the order of their indices', () => {
    const versions = new Versions()
    versions.addNumber(0, 9, 1, -2)
    versions.addNumber(0, 4, 0x01020304, 5)
    expect(toHex(versions.node(0))).toBe(`0x${'00'.repeat(24)}0102030400000005`)
    expect(toHex(versions.node(1))).toBe(`0x${'00'.repeat(24)}00000001fffffffe`)
    expect([...versions.indices.slice(0, 2)]).toEqual([4, 9])
  })
})
