import { concatHex, keccak256 } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Hash } from '../../../interpreter/index.ts'
import { rootOf } from '../../../protocol/bisection.ts'
import { gameId, seatOf } from '../../../protocol/game-ids.ts'
import * as slots from '../../../protocol/slots.ts'
import { commitment, deadlineOf, encodeTurn, type Seat } from '../../../protocol/turns.ts'
import { eventsOf, revertsWith } from '../../helpers/evm.ts'
import { play, sendMove, sendTimeout, standingOf } from '../../helpers/toy-game.ts'
import { ToyMarket } from '../../helpers/toy-market.ts'
import { follow, pretend, type ToyMove } from '../../helpers/toy-players.ts'
import type { ToyClaim } from '../../helpers/toy-task.ts'
import { hashOf } from '../../helpers/twins.ts'

const STEPS = 64n
const ARITY = 4
const MOST = 2 ** 24 - 1
const BODY = 208n

let market: ToyMarket
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  market = await ToyMarket.create({ arity: ARITY })
  const task = await market.createTask(STEPS, 50n)
  honest = market.claim(task, market.account(1))
  liar = lying(2, 100n)
  await market.takeAndPost(honest)
  await market.enter(liar)
})

const lying = (account: number, substep: bigint): ToyClaim =>
  market.claim(honest.task, market.account(account), { ...honest.machine, lie: { substep, by: substep } })

const inMapping = (key: Hash, slot: Hash): Hash => keccak256(concatHex([key, slot]))

/** Where the market keeps a value: in its second mapping, by task and value. */
const valueSlot = ({ task, value }: ToyClaim): Hash => inMapping(value, inMapping(task.id, hashOf(1n)))

/** Where the games keep a game: in their only mapping. */
const gameSlot = (game: Hash): Hash => inMapping(game, hashOf(0n))

const slotOf = (game: Hash): Promise<Hash> => market.evm.read(market.games, 'standing', [game])

/** Ordinals of the game between two claims: among those of the first, and of the second. */
async function ordinals(first: ToyClaim, second: ToyClaim): Promise<[number, number]> {
  const slot = await slotOf(gameId(first.entry, second.entry))
  const seat = seatOf(first.entry, second.entry)
  return [slots.ordinalOf(slot, seat), slots.ordinalOf(slot, (1 - seat) as Seat)]
}

describe('the ordinals of games', () => {
  test('count the games of both sides in the order of opening, whoever opened', async () => {
    const [third, fourth] = [lying(3, 90n), lying(4, 80n)]
    await market.enter(third)
    await market.enter(fourth)
    await market.open(honest, liar)
    await market.open(third, honest)
    await market.open(liar, third)
    await market.open(fourth, honest)
    expect(await ordinals(honest, liar)).toEqual([1, 1])
    expect(await ordinals(honest, third)).toEqual([2, 1])
    expect(await ordinals(liar, third)).toEqual([2, 2])
    expect(await ordinals(honest, fourth)).toEqual([3, 1])
    const games = await Promise.all([honest, liar, third, fourth].map((claim) => market.entry(claim)))
    expect(games.map((entry) => entry.games)).toEqual([3, 2, 2, 1])
  })

  test('are counted in the value’s slot for its first entry and in the entry’s own for a later one', async () => {
    const [second, rival] = [market.claim(honest.task, market.account(3)), lying(4, 100n)]
    await market.enter(second)
    await market.enter(rival)
    await market.open(second, liar)
    await market.open(rival, second)
    await market.open(honest, liar)
    expect(await ordinals(second, liar)).toEqual([1, 1])
    expect(await ordinals(second, rival)).toEqual([2, 1])
    expect(await ordinals(honest, liar)).toEqual([1, 2])
    expect((await market.value(honest)).firstGames).toBe(1)
    expect((await market.value(liar)).firstGames).toBe(2)
    expect([(await market.entry(second)).games, (await market.entry(rival)).games]).toEqual([2, 1])
  })

  test('stay through every move and the proof', async () => {
    await market.open(honest, liar)
    const third = lying(3, 90n)
    await market.enter(third)
    let { game, standing } = standingOf(market, await market.open(third, honest))
    for (;;) {
      expect(await ordinals(honest, third)).toEqual([2, 1])
      const { machine } = standing.turn.mover.player === honest.owner ? honest : third
      const move = follow(machine)(standing, ARITY) as ToyMove
      if (standing.turn.len === 1n && machine !== honest.machine) break
      const receipt = await sendMove(market, game, standing, move)
      if (move.kind === 'prove') break
      ;({ game, standing } = standingOf(market, receipt))
    }
    expect(standing.turn.len).toBe(1n)
    expect(await ordinals(honest, third)).toEqual([2, 1])
  })

  test.each(['prove', 'timeout'] as const)('stay when a game ends by %s', async (how) => {
    const third = lying(3, 100n)
    await market.enter(third)
    await market.open(third, honest)
    const opening = await market.open(honest, liar)
    const { machine } = liar
    const bySeat = (mine: ToyClaim, theirs: ToyClaim) => (seatOf(mine.entry, theirs.entry) === 0 ? 0 : 1)
    const silent = () => undefined
    const other = how === 'prove' ? pretend(machine) : silent
    const strategies = bySeat(honest, liar) === 0 ? [follow(honest.machine), other] : [other, follow(honest.machine)]
    const { winner, receipts } = await play(market, opening, strategies as [typeof other, typeof other])
    const ended = receipts.at(-1)
    expect(eventsOf(market.games, ended ?? opening, how === 'prove' ? 'Proved' : 'TimedOut')).toHaveLength(1)
    expect(winner).toBe(bySeat(honest, liar))
    expect(await ordinals(honest, liar)).toEqual([2, 1])
    expect(slots.isWonBy(await slotOf(gameId(honest.entry, liar.entry)), winner)).toBe(true)
  })

  test('are counted up to 2^24 - 1 and no further', async () => {
    const { first, firstStatus, alive, count } = await market.value(honest)
    const status = (BigInt(firstStatus) << 160n) | BigInt(first)
    const rest = (BigInt(count) << 224n) | (BigInt(alive) << 192n)
    const packed = hashOf(rest | (BigInt(MOST - 1) << 168n) | status)
    await market.evm.setStorage(market.contract.address, valueSlot(honest), packed)
    expect(await market.value(honest)).toEqual({ first, firstStatus, firstGames: MOST - 1, alive, count })
    await market.open(honest, liar)
    expect(await ordinals(honest, liar)).toEqual([MOST, 1])
    const third = lying(3, 90n)
    await market.enter(third)
    await revertsWith(market.open(third, honest), 'TooManyGames', [honest.entry])
    await revertsWith(market.open(honest, third), 'TooManyGames', [honest.entry])
  })
})

describe('the body of a slot', () => {
  test('is compared in all of its 208 bits, and the ordinals are not', async () => {
    const { game, standing } = standingOf(market, await market.open(honest, liar))
    await market.evm.advanceTo(deadlineOf(standing.turn) + 1n)
    const slot = BigInt(await slotOf(game))
    const args = [game, encodeTurn(standing.turn), rootOf(standing.sequence)] as const
    for (let bit = 0n; bit < 256n; bit++) {
      await market.evm.setStorage(market.games.address, gameSlot(game), hashOf(slot ^ (1n << bit)))
      const ends = market.evm.read(market.games, 'timeout', args)
      if (bit < BODY) await revertsWith(ends, 'NotTheStandingAssertion')
      else await ends
    }
  })

  test('of a game that was won is no assertion that anybody can answer', async () => {
    const { game, standing } = standingOf(market, await market.open(honest, liar))
    await market.evm.at(deadlineOf(standing.turn) + 1n)
    await sendTimeout(market, game, standing)
    const named = slots.standing(slots.withOrdinals(1, 1), commitment(standing.turn, rootOf(standing.sequence)))
    const won = slots.won(named, seatOf(honest.entry, liar.entry))
    expect(await slotOf(game)).toBe(won)
    await revertsWith(sendTimeout(market, game, standing), 'NotTheStandingAssertion', [won, named])
  })

  test('of a game that was never opened is empty, whatever game is named', async () => {
    const { standing } = standingOf(market, await market.open(honest, liar))
    await market.evm.advanceTo(deadlineOf(standing.turn) + 1n)
    const never = gameId(honest.entry, lying(3, 90n).entry)
    expect(await slotOf(never)).toBe(hashOf(0n))
    const named = slots.standing(hashOf(0n), commitment(standing.turn, rootOf(standing.sequence)))
    await revertsWith(sendTimeout(market, never, standing), 'NotTheStandingAssertion', [hashOf(0n), named])
  })
})

describe('games are opened', () => {
  test('by their market alone', async () => {
    const { standing } = standingOf(market, await market.open(honest, liar))
    const [first, ...inner] = standing.sequence
    const last = inner.pop()
    const args = [hashOf(7n), 1, 1, encodeTurn(standing.turn), first as Hash, inner, last as Hash] as const
    for (const sender of [honest.owner, market.account(0), market.stranger]) {
      await revertsWith(market.evm.send(sender, market.games, 'open', args), 'NotTheArena', [sender])
    }
  })

  test('with a setting that says who opens, who judges and who answers for operators', async () => {
    const { stepper, market: arena, vault } = market.rules
    expect(await market.evm.read(market.games, 'setting', [])).toEqual([stepper, BigInt(ARITY), arena, vault])
  })
})
