import { zeroHash } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { isWonBy, ordinalOf, standing, withOrdinals, won } from '../../protocol/slots.ts'
import type { Seat } from '../../protocol/turns.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { deployTwins, randomHash, type Twins } from '../helpers/twins.ts'

const ROUNDS = 50
const MOST_GAMES = 2 ** 24 - 1
const SEATS: readonly Seat[] = [0, 1]

const random = createRandom(TEST_SEED)
let twins: Twins

beforeAll(async () => {
  console.log(`seed ${TEST_SEED}`)
  twins = await deployTwins()
})

const randomOrdinal = (): number => (random.chance(0.2) ? MOST_GAMES : 1 + random.below(MOST_GAMES))

describe('the slot of a game', () => {
  test('agrees with the contract through its whole life', async () => {
    const { evm, contract } = twins
    for (let round = 0; round < ROUNDS; round++) {
      const ordinals = [randomOrdinal(), randomOrdinal()] as const
      const opened = withOrdinals(...ordinals)
      expect(await evm.read(contract, 'withOrdinals', ordinals)).toBe(opened)
      const commitment = randomHash(random)
      const running = standing(opened, commitment)
      expect(await evm.read(contract, 'standing', [opened, commitment])).toBe(running)
      const seat = SEATS[random.below(2)] as Seat
      const over = won(running, seat)
      expect(await evm.read(contract, 'won', [running, BigInt(seat)])).toBe(over)
      for (const word of [opened, running, over]) {
        for (const at of SEATS) {
          expect(await evm.read(contract, 'ordinalOf', [word, BigInt(at)])).toBe(BigInt(ordinalOf(word, at)))
          expect(await evm.read(contract, 'isWonBy', [word, BigInt(at)])).toBe(isWonBy(word, at))
          expect(ordinalOf(word, at)).toBe(ordinals[at])
        }
      }
      expect(SEATS.map((at) => isWonBy(over, at))).toEqual(SEATS.map((at) => at === seat))
    }
  })

  test('of a game that was never opened has no ordinals and no winner', () => {
    for (const seat of SEATS) expect([ordinalOf(zeroHash, seat), isWonBy(zeroHash, seat)]).toEqual([0, false])
  })
})
