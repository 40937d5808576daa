import { expect, it } from 'vitest'
import { hashPair } from '../../../interpreter/commit/hash.ts'
import { zeroNode } from '../../../interpreter/commit/merkle.ts'
import { RegionTree } from '../../../interpreter/commit/region-tree.ts'

/** The leaves repeat, so that the root can be had with few hashes. */
const DEPTH = 27
const PERIOD = 128
const MANY = 2 ** 24

const leafOf = (index: number): Uint8Array => new Uint8Array(32).fill(1 + (index % PERIOD))

/** Root of `2 ** height` leaves from one that begins a period. */
function rootOf(height: number): Uint8Array {
  let level = Array.from({ length: Math.min(PERIOD, 2 ** height) }, (_, i) => leafOf(i))
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => hashPair(level[2 * i]!, level[2 * i + 1]!))
  }
  let root = level[0]!
  for (let at = Math.log2(PERIOD); at < height; at++) root = hashPair(root, root)
  return root
}

it('takes in more changed leaves at once than a set of the language can hold', () => {
  const tree = new RegionTree(DEPTH)
  const leaves = Uint8Array.from({ length: 32 * PERIOD }, (_, i) => 1 + Math.floor(i / 32))
  for (let index = 0; index < MANY + PERIOD; index += PERIOD) tree.setLeaves(index, leaves)
  let more = rootOf(Math.log2(PERIOD))
  for (let height = Math.log2(PERIOD); height < 24; height++) more = hashPair(more, zeroNode(height))
  let root = hashPair(rootOf(24), more)
  for (let height = 25; height < DEPTH; height++) root = hashPair(root, zeroNode(height))
  expect(tree.root()).toEqual(root)
}, 120_000)
