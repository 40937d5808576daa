import { getAddress, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { entryId, gameId, type Place, seatOf, taskId } from '../../protocol/game-ids.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { deployTwins, randomHash, randomUint64, type Twins } from '../helpers/twins.ts'

const ROUNDS = 50
/** Not the id that chains of tests have by themselves: a constant in its place must not pass. */
const CHAIN_ID = 5

const random = createRandom(TEST_SEED)
let twins: Twins
let place: Place

beforeAll(async () => {
  console.log(`seed ${TEST_SEED}`)
  twins = await deployTwins({ chainId: CHAIN_ID })
  place = { chainId: BigInt(CHAIN_ID), arena: twins.contract.address }
})

const randomAddress = () => getAddress(toHex(random.bytes(20)))

describe('taskId', () => {
  test('agrees with the contract', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [creator, program, inputRoot] = [randomAddress(), randomHash(random), randomHash(random)]
      const [maxSteps, salt] = [randomUint64(random), randomHash(random)]
      const args = [creator, program, inputRoot, maxSteps, salt] as const
      const expected = taskId(place, { creator, program, inputRoot, maxSteps, salt })
      expect(await twins.evm.read(twins.contract, 'taskId', args)).toBe(expected)
    }
  })
})

describe('entryId', () => {
  test('agrees with the contract', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const args = [randomHash(random), randomAddress(), randomHash(random)] as const
      expect(await twins.evm.read(twins.contract, 'entryId', args)).toBe(entryId(place, ...args))
    }
  })

  test('differs by chain and by arena', () => {
    const [task, owner, value] = [randomHash(random), randomAddress(), randomHash(random)]
    const here = entryId(place, task, owner, value)
    expect(entryId({ ...place, chainId: place.chainId + 1n }, task, owner, value)).not.toBe(here)
    expect(entryId({ ...place, arena: randomAddress() }, task, owner, value)).not.toBe(here)
  })
})

describe('gameId and seatOf', () => {
  test('agree with the contract in either order, and give each entry its seat', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [a, b] = [randomHash(random), randomHash(random)]
      expect(await twins.evm.read(twins.contract, 'gameId', [a, b])).toBe(gameId(a, b))
      expect(gameId(b, a)).toBe(gameId(a, b))
      expect(seatOf(a, b)).toBe(BigInt(a) < BigInt(b) ? 0 : 1)
      expect(seatOf(a, b) + seatOf(b, a)).toBe(1)
    }
  })
})
