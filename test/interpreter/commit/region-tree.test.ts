import createKeccak from 'keccak'
import { MerkleTree } from 'merkletreejs'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { regionRoot } from '../../../interpreter/commit/byte-tree.ts'
import { hashPair } from '../../../interpreter/commit/hash.ts'
import { zeroNode } from '../../../interpreter/commit/merkle.ts'
import { RegionTree } from '../../../interpreter/commit/region-tree.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

const oracleHash = (data: unknown): Buffer =>
  createKeccak('keccak256')
    .update(data as Buffer)
    .digest()

/** A full tree by an independent library. */
const oracleTree = (leaves: readonly Uint8Array[]): MerkleTree =>
  new MerkleTree(
    leaves.map((leaf) => Buffer.from(leaf)),
    oracleHash,
  )

const DEPTH = 6

/** Deep enough for leaves that lie far apart, many of which change before a node is asked for. */
const GREAT_DEPTH = 10

function filled(seed: number, depth = DEPTH): { tree: RegionTree; leaves: Uint8Array[] } {
  const random = createRandom(seed)
  const tree = new RegionTree(depth)
  const leaves = Array.from({ length: 2 ** depth }, () => new Uint8Array(32))
  for (let i = 0; i < 100; i++) {
    const index = random.below(random.chance(0.5) ? 2 ** depth : 9)
    const leaf = random.chance(0.2) ? new Uint8Array(32) : random.bytes(32)
    leaves[index] = leaf
    tree.setLeaf(index, leaf)
    if (random.chance(0.1)) tree.root()
  }
  return { tree, leaves }
}

describe('RegionTree', () => {
  it.each([
    [DEPTH, 20],
    [GREAT_DEPTH, 4],
  ])('of %i levels has the root of an independent tree, whatever the order of changes', (depth, rounds) => {
    console.log(`seed ${TEST_SEED}`)
    for (let round = 0; round < rounds; round++) {
      const { tree, leaves } = filled(TEST_SEED + round, depth)
      expect(toHex(tree.root())).toBe(`0x${oracleTree(leaves).getRoot().toString('hex')}`)
    }
  })

  it('has the nodes of an independent tree on every path', () => {
    const { tree, leaves } = filled(TEST_SEED)
    const oracle = oracleTree(leaves)
    for (let index = 0; index < leaves.length; index++) {
      const proof = oracle.getProof(Buffer.from(leaves[index]!), index)
      expect(proof).toHaveLength(DEPTH)
      for (const [height, { data }] of proof.entries()) {
        expect(toHex(tree.node(height, (index >>> height) ^ 1))).toBe(`0x${data.toString('hex')}`)
      }
    }
  })

  it('takes in runs of leaves from anywhere, wherever their bytes lie, as it takes them one by one', () => {
    const random = createRandom(TEST_SEED)
    const [runs, single] = [new RegionTree(GREAT_DEPTH), new RegionTree(GREAT_DEPTH)]
    const bytes = random.bytes(20_000)
    for (let round = 0; round < 40; round++) {
      const first = random.below(500)
      const start = random.below(40)
      const run = bytes.subarray(start, start + random.below(10_000))
      runs.setLeaves(first, run)
      for (let at = 0; at < run.length; at += 32) {
        const leaf = new Uint8Array(32)
        leaf.set(run.subarray(at, at + 32))
        single.setLeaf(first + at / 32, leaf)
      }
      expect(toHex(runs.root())).toBe(toHex(single.root()))
    }
  })

  it('holds the very last leaf of a tree of 27 levels, in a moment and next to no memory', () => {
    const leaf = new Uint8Array(32).fill(9)
    const tree = new RegionTree(27)
    tree.setLeaf(2 ** 27 - 1, leaf)
    let node: Uint8Array = leaf
    for (let height = 0; height < 27; height++) node = hashPair(zeroNode(height), node)
    expect(toHex(tree.root())).toBe(toHex(node))
  })

  it('gives copies: a node kept does not change with the tree', () => {
    const tree = new RegionTree(3)
    tree.setLeaf(0, new Uint8Array(32).fill(1))
    const [leaf, root] = [tree.node(0, 0), tree.root()]
    const before = [toHex(leaf), toHex(root)]
    tree.setLeaf(0, new Uint8Array(32).fill(2))
    tree.root()
    expect([toHex(leaf), toHex(root)]).toEqual(before)
  })

  it('holds a leaf far from the others in a tree of 27 levels', () => {
    const leaf = new Uint8Array(32).fill(7)
    const tree = new RegionTree(27)
    tree.setLeaf(5, leaf)
    expect(toHex(tree.root())).toBe(toHex(regionRoot(Uint8Array.of(...new Uint8Array(160), ...leaf), 27)))
    const before = toHex(tree.root())
    tree.setLeaf(40_000, leaf)
    expect(toHex(tree.root())).not.toBe(before)
    tree.setLeaf(40_000, new Uint8Array(32))
    expect(toHex(tree.root())).toBe(before)
  })
})
