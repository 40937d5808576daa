import { beforeAll, describe, expect, test } from 'vitest'
import { cut, gap, maxMoves, pair, pathLength, pathTo, rootFrom, rootOf, segments } from '../../protocol/bisection.ts'
import { SUBSTEPS } from '../../spec/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { deployTwins, hashOf, randomHash, randomUint64, type Twins } from '../helpers/twins.ts'

const ARITIES = [2, 3, 4, 5, 8, 12, 16, 17, 31, 32]
const EDGES = [1n, 2n, 3n, 15n, 16n, 17n, 2n ** 32n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]
const ROUNDS = 150

const random = createRandom(TEST_SEED)
let twins: Twins

beforeAll(async () => {
  console.log(`seed ${TEST_SEED}`)
  twins = await deployTwins()
})

const lengths = (): bigint[] => [...EDGES, ...Array.from({ length: ROUNDS }, () => randomUint64(random) || 1n)]
const sequence = (n: number) => Array.from({ length: n + 1 }, () => randomHash(random))

describe('gap and segments', () => {
  test('agree with the contract and cover the range exactly', async () => {
    for (const len of lengths()) {
      const arity = random.pick(ARITIES)
      const args = [len, BigInt(arity)] as const
      expect(await twins.evm.read(twins.contract, 'gap', args)).toBe(gap(len, arity))
      const n = segments(len, arity)
      expect(await twins.evm.read(twins.contract, 'segments', args)).toBe(BigInt(n))
      if (len === 1n) continue
      expect(n).toBeLessThanOrEqual(arity)
      expect(BigInt(n) * gap(len, arity)).toBeGreaterThanOrEqual(len)
      expect(BigInt(n - 1) * gap(len, arity)).toBeLessThan(len)
    }
  })

  test('a range of one step has one segment for each substep', () => {
    for (const arity of ARITIES) expect(segments(1n, arity)).toBe(SUBSTEPS)
  })

  test('a range below the arity has one segment for each step', () => {
    for (let len = 2; len <= 16; len++) expect(segments(BigInt(len), 16)).toBe(len)
  })
})

describe('cut', () => {
  test('agrees with the contract, and the segments follow one another', async () => {
    for (const len of lengths()) {
      const arity = random.pick(ARITIES)
      if (len === 1n) continue
      const n = segments(len, arity)
      const segment = random.below(n)
      const { from, steps } = cut(len, arity, segment)
      expect(await twins.evm.read(twins.contract, 'cut', [len, BigInt(arity), BigInt(segment)])).toEqual([from, steps])
      expect(cut(len, arity, 0).from).toBe(0n)
      expect(from + steps).toBe(segment + 1 < n ? cut(len, arity, segment + 1).from : len)
      expect(steps).toBeGreaterThan(0n)
    }
  })
})

describe('pathLength', () => {
  test('agrees with the contract for every number of segments', async () => {
    for (let n = 1; n <= 32; n++) {
      expect(pathLength(n)).toBe(Math.ceil(Math.log2(n)))
      expect(await twins.evm.read(twins.contract, 'pathLength', [BigInt(n)])).toBe(BigInt(pathLength(n)))
    }
  })
})

describe('rootOf, pathTo and rootFrom', () => {
  test('agree with the contract for every number of segments and every index', async () => {
    for (let n = 1; n <= 32; n++) {
      const hashes = sequence(n)
      const root = rootOf(hashes)
      expect(await twins.evm.read(twins.contract, 'rootOf', [hashes])).toBe(root)
      for (let i = 0; i < n; i++) {
        const leaf = pair(hashes[i] ?? '0x', hashes[i + 1] ?? '0x')
        const path = pathTo(hashes, i)
        expect(path).toHaveLength(pathLength(n))
        expect(rootFrom(leaf, i, path)).toBe(root)
        expect(await twins.evm.read(twins.contract, 'rootFrom', [leaf, BigInt(i), path])).toBe(root)
      }
    }
  })

  test('a root of one segment is its pair', () => {
    const [start, end] = [hashOf(1n), hashOf(2n)]
    expect(rootOf([start, end])).toBe(pair(start, end))
  })

  test('another hash, index or order of siblings leads elsewhere', () => {
    const hashes = sequence(16)
    const root = rootOf(hashes)
    const path = pathTo(hashes, 5)
    const leaf = pair(hashes[5] ?? '0x', hashes[6] ?? '0x')
    expect(rootFrom(leaf, 4, path)).not.toBe(root)
    expect(rootFrom(leaf, 5, path.toReversed())).not.toBe(root)
    expect(rootFrom(pair(hashes[6] ?? '0x', hashes[5] ?? '0x'), 5, path)).not.toBe(root)
  })
})

describe('maxMoves', () => {
  test('agrees with the contract', async () => {
    for (const len of lengths()) {
      const arity = random.pick(ARITIES)
      const expected = BigInt(maxMoves(len, arity))
      expect(await twins.evm.read(twins.contract, 'maxMoves', [len, BigInt(arity)])).toBe(expected)
    }
  })

  test('is 33 for 2^32 steps in binary search and 9 at arity 16', () => {
    expect(maxMoves(2n ** 32n, 2)).toBe(33)
    expect(maxMoves(2n ** 32n, 16)).toBe(9)
  })

  test('is an upper bound on every way down', () => {
    for (let round = 0; round < 2000; round++) {
      const arity = random.pick(ARITIES)
      const start = randomUint64(random) || 1n
      let [len, moves] = [start, 1]
      for (; len > 1n; moves++) len = cut(len, arity, random.below(segments(len, arity))).steps
      expect(moves).toBeLessThanOrEqual(maxMoves(start, arity))
    }
  })
})
