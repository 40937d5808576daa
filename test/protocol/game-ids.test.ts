import { getAddress, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  entryId,
  gameId,
  originOf,
  type Place,
  type Request,
  seatOf,
  taskId,
  termsOf,
} from '../../protocol/game-ids.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { ToyMarket } from '../helpers/toy-market.ts'
import { deployTwins, randomHash, randomUint64, type Twins } from '../helpers/twins.ts'

const ROUNDS = 50
/** Not the id that chains of tests have by themselves: a constant in its place must not pass. */
const CHAIN_ID = 5

const random = createRandom(TEST_SEED)
let twins: Twins
let place: Place
let market: ToyMarket

beforeAll(async () => {
  console.log(`seed ${TEST_SEED}`)
  twins = await deployTwins({ chainId: CHAIN_ID })
  place = { chainId: BigInt(CHAIN_ID), market: twins.contract.address }
  market = await ToyMarket.create({}, twins.evm)
})

const randomAddress = () => getAddress(toHex(random.bytes(20)))
const randomNumber = (bytes: number) => BigInt(toHex(random.bytes(bytes)))

const randomRequest = (): Request => ({
  initial: randomHash(random),
  requester: randomAddress(),
  inputRoot: randomHash(random),
  byReference: random.chance(0.5),
  order: {
    program: randomHash(random),
    maxSteps: randomUint64(random),
    minPrice: randomNumber(12),
    maxPrice: randomNumber(12),
    ramp: Number(randomNumber(4)),
    expires: Number(randomNumber(5)),
    tip: randomNumber(12),
    callbackGas: Number(randomNumber(4)),
    salt: randomHash(random),
  },
})

describe('originOf, termsOf and taskId', () => {
  test('agree with the market', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const request = randomRequest()
      const origin = originOf(request)
      expect(await market.evm.read(market.contract, 'originOf', [request])).toEqual(origin)
      expect(await market.evm.read(market.contract, 'taskId', [origin])).toBe(taskId(market.rules, origin))
    }
  })

  test('tell requests apart by each of their fields', () => {
    const request = randomRequest()
    const other = randomRequest()
    const changed = [
      ...(['initial', 'requester', 'inputRoot'] as const).map((key) => ({ ...request, [key]: other[key] })),
      { ...request, byReference: !request.byReference },
      ...(Object.keys(request.order) as (keyof Request['order'])[]).map((key) => ({
        ...request,
        order: { ...request.order, [key]: other.order[key] },
      })),
    ]
    expect(new Set([request, ...changed].map(termsOf)).size).toBe(changed.length + 1)
  })
})

describe('taskId', () => {
  test('agrees with the contract', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const origin = { initial: randomHash(random), maxSteps: randomUint64(random), terms: randomHash(random) }
      expect(await twins.evm.read(twins.contract, 'taskId', [origin])).toBe(taskId(place, origin))
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

  test('differs by chain and by market', () => {
    const [task, owner, value] = [randomHash(random), randomAddress(), randomHash(random)]
    const here = entryId(place, task, owner, value)
    expect(entryId({ ...place, chainId: place.chainId + 1n }, task, owner, value)).not.toBe(here)
    expect(entryId({ ...place, market: randomAddress() }, task, owner, value)).not.toBe(here)
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
