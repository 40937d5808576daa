import { describe, expect, it } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { cutSiblings, foldPath, leafIndex, regionDepth, zeroNode } from '../../../interpreter/commit/merkle.ts'
import { EMPTY_TREE, SparseTree, siblingsOf } from '../../../interpreter/commit/sparse-tree.ts'
import { rootOf } from '../../../interpreter/commit/state-hash.ts'
import { StateTree } from '../../../interpreter/commit/state-tree.ts'
import { REGIONS } from '../../../spec/index.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

const STACK = 2

describe('SparseTree', () => {
  it('is empty at first: its root is that of eight empty regions', () => {
    const expected = toHex(rootOf(REGIONS.map(({ depth }) => zeroNode(depth))))
    expect(toHex(new SparseTree().root())).toBe(expected)
    expect(toHex(new StateTree().root())).toBe(expected)
  })

  it('has the root of the dense tree after the same changes, cuts included', () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    for (let round = 0; round < 10; round++) {
      const sparse = new SparseTree()
      const dense = new StateTree()
      for (let i = 0; i < 60; i++) change(random, sparse, dense)
      expect(toHex(sparse.root())).toBe(toHex(dense.root()))
    }
  })

  it('changes a base that it leaves alone', () => {
    const base = new StateTree()
    base.region(STACK).setLeaf(3, new Uint8Array(32).fill(3))
    base.region(STACK).setLeaf(9, new Uint8Array(32).fill(9))
    const before = toHex(base.root())
    const sparse = new SparseTree(base)
    sparse.cut(leafIndex(STACK, 4))
    const expected = new StateTree()
    expected.region(STACK).setLeaf(3, new Uint8Array(32).fill(3))
    expect(toHex(sparse.root())).toBe(toHex(expected.root()))
    expect(toHex(sparse.node(leafIndex(STACK, 9)))).toBe(toHex(zeroNode(0)))
    expect(toHex(base.root())).toBe(before)
  })

  it('gives siblings that lead to the root', () => {
    const sparse = new SparseTree()
    const g = leafIndex(1, 77)
    sparse.set(g, new Uint8Array(32).fill(1))
    sparse.set(leafIndex(1, 76), new Uint8Array(32).fill(2))
    expect(toHex(foldPath(g, sparse.node(g), siblingsOf(sparse, g)))).toBe(toHex(sparse.root()))
  })
})

/** Sets a random leaf in both trees, or cuts the stack in both. */
function change(random: ReturnType<typeof createRandom>, sparse: SparseTree, dense: StateTree): void {
  const region = random.below(8)
  const index = random.below(40)
  if (region === STACK && random.chance(0.4)) {
    sparse.cut(leafIndex(STACK, index))
    for (let slot = index; slot < 40; slot++) dense.region(STACK).setLeaf(slot, new Uint8Array(32))
    return
  }
  const leaf = random.bytes(32)
  sparse.set(leafIndex(region, index), leaf)
  dense.region(region).setLeaf(index, leaf)
}

describe('cutSiblings', () => {
  it('empties what is right of the leaf on the given levels, and nothing left of it or above', () => {
    const siblings = Array.from({ length: 23 }, (_, i) => new Uint8Array(32).fill(i + 1))
    const g = leafIndex(STACK, 0b0101)
    const cut = cutSiblings(g, siblings, regionDepth(STACK))
    for (const [i, sibling] of cut.entries()) {
      const isRight = i < 20 && i !== 0 && i !== 2
      expect(toHex(sibling)).toBe(toHex(isRight ? zeroNode(i) : siblings[i]!))
    }
  })
})

describe('EMPTY_TREE', () => {
  it('knows the height of every node', () => {
    expect(toHex(EMPTY_TREE.node(8))).toBe(toHex(zeroNode(24)))
    expect(toHex(EMPTY_TREE.node(leafIndex(3, -1)))).toBe(toHex(zeroNode(0)))
    expect(toHex(EMPTY_TREE.node(leafIndex(7, 5) >>> 3))).toBe(toHex(zeroNode(3)))
  })
})
