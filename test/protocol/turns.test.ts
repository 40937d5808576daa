import { getAddress, toHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { answered, commitment, deadlineOf, decodeTurn, encodeTurn, type Side, type Turn } from '../../protocol/turns.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { deployTwins, randomHash, randomUint64, type Twins } from '../helpers/twins.ts'

const ROUNDS = 100

const random = createRandom(TEST_SEED)
let twins: Twins

beforeAll(async () => {
  console.log(`seed ${TEST_SEED}`)
  twins = await deployTwins()
})

const randomSide = (): Side => ({
  player: getAddress(toHex(random.bytes(20))),
  left: randomUint64(random),
  seat: random.chance(0.5) ? 0 : 1,
})

const randomTurn = (): Turn => ({
  mover: randomSide(),
  waiter: randomSide(),
  lo: randomUint64(random),
  len: randomUint64(random) || 1n,
  moved: randomUint64(random) >> 24n,
  least: randomUint64(random) >> 24n,
  ply: randomUint64(random) >> 16n,
})

describe('encodeTurn', () => {
  test('packs as the contract packs', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const turn = randomTurn()
      const { mover, waiter, lo, len, moved, least, ply } = turn
      const packed = encodeTurn(turn)
      const side = ({ player, left, seat }: Side) => [player, left, BigInt(seat)] as const
      expect(await twins.evm.read(twins.contract, 'side', side(mover))).toBe(packed.mover)
      expect(await twins.evm.read(twins.contract, 'side', side(waiter))).toBe(packed.waiter)
      const position = [lo, len, Number(moved), Number(least), Number(ply)] as const
      expect(await twins.evm.read(twins.contract, 'position', position)).toBe(packed.position)
    }
  })
})

describe('decodeTurn', () => {
  test('undoes encodeTurn', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const turn = randomTurn()
      expect(decodeTurn(encodeTurn(turn))).toEqual(turn)
    }
  })
})

describe('commitment', () => {
  test('is what the contract stores', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [turn, root] = [randomTurn(), randomHash(random)]
      const args = [encodeTurn(turn), root] as const
      expect(await twins.evm.read(twins.contract, 'commitment', args)).toBe(commitment(turn, root))
    }
  })
})

describe('answered', () => {
  const ARITY = 16
  const turn: Turn = {
    mover: { player: getAddress(toHex(1n, { size: 20 })), left: 100n, seat: 1 },
    waiter: { player: getAddress(toHex(2n, { size: 20 })), left: 20n, seat: 0 },
    lo: 1000n,
    len: 100n,
    moved: 7000n,
    least: 50n,
    ply: 3n,
  }

  test('narrows to the disputed segment, swaps sides, charges the mover and tops up the other', () => {
    expect(answered(turn, 14, 7030n, ARITY)).toEqual({
      mover: { ...turn.waiter, left: 50n },
      waiter: { ...turn.mover, left: 70n },
      lo: 1098n,
      len: 2n,
      moved: 7030n,
      least: 50n,
      ply: 4n,
    })
  })

  test('deadlineOf is the last move plus what the mover has left', () => expect(deadlineOf(turn)).toBe(7100n))
})
