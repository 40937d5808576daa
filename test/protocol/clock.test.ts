import { beforeAll, describe, expect, test } from 'vitest'
import { deadline, handOver, spend } from '../../protocol/clock.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { deployTwins, randomUint64, type Twins } from '../helpers/twins.ts'

const ROUNDS = 200

const random = createRandom(TEST_SEED)
let twins: Twins

beforeAll(async () => {
  console.log(`seed ${TEST_SEED}`)
  twins = await deployTwins()
})

describe('deadline, spend and handOver', () => {
  test('agree with the contract over the whole range of 64 bits', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [moved, left, time] = [randomUint64(random), randomUint64(random), randomUint64(random)]
      expect(await twins.evm.read(twins.contract, 'deadline', [moved, left])).toBe(deadline(moved, left))
      expect(await twins.evm.read(twins.contract, 'spend', [moved, left, time])).toBe(spend(moved, left, time))
      expect(await twins.evm.read(twins.contract, 'handOver', [left, time])).toBe(handOver(left, time))
    }
  })
})

describe('spend', () => {
  test('takes exactly the time since the last move', () => expect(spend(100n, 50n, 130n)).toBe(20n))

  test('leaves nothing, and never less, at and after the deadline', () => {
    expect(spend(100n, 50n, 150n)).toBe(0n)
    expect(spend(100n, 50n, 10_000n)).toBe(0n)
  })

  test('never gives time back', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const left = randomUint64(random)
      expect(spend(randomUint64(random), left, randomUint64(random))).toBeLessThanOrEqual(left)
    }
  })
})

describe('handOver', () => {
  test('tops up to the minimum, and only to it', () => {
    expect(handOver(0n, 50n)).toBe(50n)
    expect(handOver(49n, 50n)).toBe(50n)
    expect(handOver(51n, 50n)).toBe(51n)
  })
})
