import { describe, expect, it } from 'vitest'
import { byteLeaves, byteTreeRoot } from '../../../interpreter/commit/byte-tree.ts'
import { regionIndex } from '../../../interpreter/commit/merkle.ts'
import { REGION } from '../../../spec/index.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { Keccak } from './keccak.ts'
import { LiveTree } from './live-tree.ts'
import { leavesOf } from './load-program.ts'

describe('LiveTree', () => {
  it('fills a region with more leaves than its memory had room for', () => {
    const tree = new LiveTree(new Keccak())
    const room = tree.keccak.bytes.length
    const bytes = createRandom(TEST_SEED).bytes(room)
    tree.fill(REGION.INPUT, leavesOf(byteLeaves(bytes)))
    expect(tree.keccak.bytes.length).toBeGreaterThan(room)
    expect(tree.at(tree.leaf(regionIndex(REGION.INPUT)))).toEqual(byteTreeRoot(bytes))
  })
})
