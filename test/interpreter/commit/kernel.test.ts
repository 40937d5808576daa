import createKeccak from 'keccak'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { scalarKernelWasm } from '../../../interpreter/commit/generated/scalar-kernel.ts'
import { vectorKernelWasm } from '../../../interpreter/commit/generated/vector-kernel.ts'
import {
  CAPACITY,
  chooseKernel,
  type Kernel,
  referenceKernel,
  SHORT_BYTES,
} from '../../../interpreter/commit/kernel.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

const oracle = (bytes: Uint8Array): string =>
  `0x${createKeccak('keccak256').update(Buffer.from(bytes)).digest().toString('hex')}`

const KERNELS: readonly (readonly [name: string, kernel: Kernel])[] = [
  ['of vectors', chooseKernel([vectorKernelWasm])],
  ['of numbers', chooseKernel([scalarKernelWasm])],
  ['of reference', referenceKernel()],
]

/** Messages that repeat none of the kernel's own constants, and those of single bits, which carry through all lanes. */
function messages(seed: number, count: number): Uint8Array[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, i) => {
    const message = random.chance(0.8) ? random.bytes(64) : new Uint8Array(64)
    message[i % 64]! ^= 1 << (i % 8)
    return message
  })
}

const slices = ({ memory }: Kernel, from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => toHex(memory.slice(from + 32 * i, from + 32 * i + 32)))

describe.each(KERNELS)('the kernel %s', (_, kernel) => {
  it.each([1, 2, 3, 4, 5, 6, 7, CAPACITY - 1, CAPACITY])('hashes %i pairs', (count) => {
    console.log(`seed ${TEST_SEED}`)
    const pairs = messages(TEST_SEED + count, count)
    for (const [i, pair] of pairs.entries()) kernel.memory.set(pair, kernel.pairs + 64 * i)
    const digests = pairs.map(oracle)
    kernel.hashPairs(kernel.pairs, kernel.digests, count)
    expect(slices(kernel, kernel.digests, count)).toEqual(digests)
    kernel.hashPairs(kernel.pairs, kernel.pairs, count)
    expect(slices(kernel, kernel.pairs, count)).toEqual(digests)
  })

  it.each([false, true])('hashes digests beside a sibling: on the left %s', (isLeft) => {
    const nodes = messages(TEST_SEED, 5).map((message) => message.slice(0, 32))
    const sibling = new Uint8Array(32).fill(0xa5)
    for (const [i, node] of nodes.entries()) kernel.memory.set(node, kernel.digests + 32 * i)
    kernel.memory.set(sibling, kernel.sibling)
    const pairs = nodes.map((node) =>
      isLeft ? Uint8Array.of(...sibling, ...node) : Uint8Array.of(...node, ...sibling),
    )
    kernel.hashBeside(4, isLeft)
    expect(slices(kernel, kernel.digests, 5)).toEqual([...pairs.slice(0, 4).map(oracle), toHex(nodes[4]!)])
  })

  it('leaves alone what it is not asked to hash', () => {
    kernel.memory.fill(7, kernel.pairs, kernel.digests + 32 * CAPACITY)
    kernel.hashPairs(kernel.pairs + 64, kernel.digests + 32, 3)
    const touched = slices(kernel, kernel.digests, 5)
    expect([touched[0], touched[4]]).toEqual([`0x${'07'.repeat(32)}`, `0x${'07'.repeat(32)}`])
    expect(touched.slice(1, 4)).toEqual(new Array(3).fill(oracle(new Uint8Array(64).fill(7))))
  })

  it('hashes messages of every length that one block holds, whatever lay there before', () => {
    const random = createRandom(TEST_SEED)
    for (let length = 0; length <= SHORT_BYTES; length++) {
      const message = random.bytes(length)
      kernel.memory.fill(0xff, kernel.pairs, kernel.pairs + 200)
      kernel.memory.set(message, kernel.pairs)
      kernel.hashShort(kernel.pairs, length, kernel.digests)
      expect(slices(kernel, kernel.digests, 1)).toEqual([oracle(message)])
    }
  })
})

/** A binary that no engine takes. */
function refused(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const unknown = binary.slice()
  unknown[4] = 9
  return unknown
}

describe('chooseKernel', () => {
  it('takes the first binary that the engine runs, else the reference', () => {
    const sizes = [
      [vectorKernelWasm, refused(scalarKernelWasm)],
      [refused(vectorKernelWasm), scalarKernelWasm],
      [refused(vectorKernelWasm), refused(scalarKernelWasm)],
    ].map((binaries) => chooseKernel(binaries).memory.length)
    expect(sizes.map((size) => size % 65536)).toEqual([0, 0, 32800])
    expect(sizes[2]).toBe(referenceKernel().memory.length)
  })
})

describe('KERNEL', () => {
  const path = '../../../interpreter/commit/kernel.ts'
  afterEach(() => {
    vi.doUnmock(path)
    vi.resetModules()
  })

  it.each(KERNELS)('makes no difference to a tree: %s', async (_, kernel) => {
    vi.resetModules()
    vi.doMock(path, async () => ({
      ...(await vi.importActual<typeof import('../../../interpreter/commit/kernel.ts')>(path)),
      KERNEL: kernel,
    }))
    const { RegionTree } = await import('../../../interpreter/commit/region-tree.ts')
    const { regionRoot } = await import('../../../interpreter/commit/byte-tree.ts')
    const hashPairs = vi.spyOn(kernel, 'hashPairs')
    const bytes = createRandom(TEST_SEED).bytes(5000)
    const tree = new RegionTree(20)
    tree.setLeaves(0, bytes)
    expect(toHex(tree.root())).toBe(toHex(regionRoot(bytes, 20)))
    expect(toHex(tree.root())).toBe(rootByOracle(bytes, 20))
    expect(hashPairs).toHaveBeenCalled()
  })
})

/** Root of the region that begins with some bytes, hashed one by one by an independent library. */
function rootByOracle(bytes: Uint8Array, depth: number): string {
  const keccak = (data: Buffer) => createKeccak('keccak256').update(data).digest()
  let level: Buffer[] = Array.from({ length: Math.ceil(bytes.length / 32) }, (_, i) => {
    const leaf = Buffer.alloc(32)
    leaf.set(bytes.subarray(32 * i, 32 * i + 32))
    return leaf
  })
  for (
    let height = 0, zero: Buffer = Buffer.alloc(32);
    height < depth;
    height++, zero = keccak(Buffer.concat([zero, zero]))
  ) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) =>
      keccak(Buffer.concat([level[2 * i]!, level[2 * i + 1] ?? zero])),
    )
  }
  return `0x${level[0]!.toString('hex')}`
}
