import { expect, it, vi } from 'vitest'
import { zeroNode } from '../../../interpreter/commit/merkle.ts'
import { RegionTree } from '../../../interpreter/commit/region-tree.ts'

/** Tells nodes and sides apart; the real hash takes a minute for so many. */
const { quickHash } = vi.hoisted(() => ({
  quickHash(bytes: Uint8Array): Uint8Array {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, 16)
    const hash = new Uint32Array(8)
    for (let i = 0; i < 8; i++) hash[i] = Math.imul(words[i]! + i, 0x01000193) ^ words[8 + i]!
    return new Uint8Array(hash.buffer)
  },
}))

vi.mock('../../../interpreter/commit/hash.ts', async (original) => ({
  ...(await original<typeof import('../../../interpreter/commit/hash.ts')>()),
  keccak256: quickHash,
}))

const DEPTH = 27
const PERIOD = 128
const MANY = 2 ** 24

const leafOf = (index: number): Uint8Array => new Uint8Array(32).fill(1 + (index % PERIOD))
const pairOf = (left: Uint8Array, right: Uint8Array): Uint8Array => quickHash(Uint8Array.of(...left, ...right))

/** Root of `2 ** height` leaves from one that begins a period. */
function rootOf(height: number): Uint8Array {
  let level = Array.from({ length: Math.min(PERIOD, 2 ** height) }, (_, i) => leafOf(i))
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => pairOf(level[2 * i]!, level[2 * i + 1]!))
  }
  let root = level[0]!
  for (let at = Math.log2(PERIOD); at < height; at++) root = pairOf(root, root)
  return root
}

it('takes in more changed leaves at once than a set of the language can hold', () => {
  const tree = new RegionTree(DEPTH)
  const leaves = Array.from({ length: PERIOD }, (_, i) => leafOf(i))
  for (let index = 0; index < MANY + PERIOD; index++) tree.setLeaf(index, leaves[index % PERIOD]!)
  let more = rootOf(Math.log2(PERIOD))
  for (let height = Math.log2(PERIOD); height < 24; height++) more = pairOf(more, zeroNode(height))
  let root = pairOf(rootOf(24), more)
  for (let height = 25; height < DEPTH; height++) root = pairOf(root, zeroNode(height))
  expect(tree.root()).toEqual(root)
}, 120_000)
