import { concatHex } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { rootOf } from '../../../protocol/bisection.ts'
import { gameId, seatOf } from '../../../protocol/game-ids.ts'
import { clocksOf } from '../../../protocol/rules.ts'
import { deadlineOf, encodeTurn } from '../../../protocol/turns.ts'
import { encode, eventsOf, revertsWith, withWord } from '../../helpers/evm.ts'
import { defeat, lying, outlast, playBetween, sendMove, sendTimeout, standingOf } from '../../helpers/toy-game.ts'
import { toyHash, toyState } from '../../helpers/toy-machine.ts'
import { ENTRY, RULES, ToyMarket } from '../../helpers/toy-market.ts'
import { follow, pretend, type ToyMove } from '../../helpers/toy-players.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'
import { hashOf } from '../../helpers/twins.ts'

const STEPS = 64n

let market: ToyMarket
let task: ToyTask
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  market = await ToyMarket.create({ arity: 4 })
  task = await market.createTask(STEPS)
  honest = truth(1)
  liar = lie(2, 100n)
  await market.takeAndPost(liar)
})

const truth = (account: number): ToyClaim => market.claim(task, market.account(account))
const lie = (account: number, substep: bigint): ToyClaim => lying(market, task, market.account(account), substep)

describe('open', () => {
  beforeEach(() => market.enter(honest))

  test('puts the target on move with full clocks, over the larger step count, and names both entries', async () => {
    const receipt = await market.open(honest, liar)
    const game = gameId(liar.entry, honest.entry)
    expect(eventsOf(market.contract, receipt, 'Opened').map(({ args }) => args)).toEqual([
      { task: task.id, opener: honest.entry, target: liar.entry, game },
    ])
    const { standing, game: moved } = standingOf(market, receipt)
    const { budget, least } = clocksOf(RULES, STEPS)
    expect(moved).toBe(game)
    expect(standing.turn).toEqual({
      mover: { player: liar.owner, left: budget, seat: seatOf(liar.entry, honest.entry) },
      waiter: { player: honest.owner, left: budget, seat: seatOf(honest.entry, liar.entry) },
      lo: 0n,
      len: STEPS,
      moved: await market.evm.now(),
      least,
      ply: 0n,
    })
    expect(standing.sequence[0]).toBe(toyHash(toyState(task.truth, 0n)))
    expect(standing.sequence.at(-1)).toBe(honest.value)
  })

  test('goes over the larger of both step counts, whoever opens', async () => {
    const early = market.claim(task, market.account(3), { ...task.truth, stopsAt: 9n })
    await market.enter(early)
    const opened = [await market.open(early, liar), await market.open(honest, early)]
    expect(opened.map((receipt) => standingOf(market, receipt).standing.turn.len)).toEqual([STEPS, STEPS])
  })

  test('opens once for each pair of living entries', async () => {
    await market.open(honest, liar)
    const game = gameId(honest.entry, liar.entry)
    await revertsWith(market.open(honest, liar), 'GameExists', [game])
    await revertsWith(market.open(liar, honest), 'GameExists', [game])
    await outlast(market, honest, await entered(lie(3, 90n)))
    await revertsWith(market.open(honest, lie(3, 90n)), 'NotAlive', [lie(3, 90n).entry])
  })

  const entered = async (claim: ToyClaim): Promise<ToyClaim> => {
    await market.enter(claim)
    return claim
  }

  test('not again once the game is over and nobody was buried', async () => {
    const { game, standing } = standingOf(market, await market.open(honest, liar))
    await market.evm.at(deadlineOf(standing.turn) + 1n)
    await sendTimeout(market, game, standing)
    await revertsWith(market.open(liar, honest), 'GameExists', [game])
  })

  test('needs a living entry of the owner, a living target, and different values', async () => {
    const stranger = truth(3)
    await revertsWith(market.open(stranger, liar), 'NotAlive', [stranger.entry])
    const absent = lie(3, 90n)
    await revertsWith(market.open(honest, absent), 'NotAlive', [absent.entry])
    await market.enter(stranger)
    await revertsWith(market.open(honest, stranger), 'SameValue', [honest.value])
    await defeat(market, honest, liar)
    await revertsWith(market.open(stranger, liar), 'NotAlive', [liar.entry])
    await revertsWith(market.open(liar, stranger), 'NotAlive', [liar.entry])
  })

  test('cannot be made over a range that is not the claims’: a final state opened with other steps is another one', async () => {
    const shorter = market.claim(task, liar.owner, { ...liar.machine, stopsAt: 1n })
    await revertsWith(market.open(honest, shorter), 'NotAlive', [shorter.entry])
  })

  test('takes exactly the inner hashes', async () => {
    const inner = market.inner(honest, liar)
    const open = (hashes: typeof inner) =>
      market.evm.send(honest.owner, market.contract, 'open', market.openArgs(honest, liar, hashes))
    await revertsWith(open(inner.slice(1)), 'SequenceLength', [2n, 3n])
    await revertsWith(open([...inner, hashOf(1n)]), 'SequenceLength', [4n, 3n])
  })

  test.each(['open', 'enterAndOpen'] as const)(
    '%s takes no trailing bytes, and its array in one place',
    async (name) => {
      const opener = name === 'open' ? honest : truth(5)
      const data = encode(market.contract, name, market.openArgs(opener, liar))
      const size = BigInt((data.length - 2) / 2)
      const send = (bytes: typeof data) => market.evm.sendData(opener.owner, market.contract, bytes)
      await revertsWith(send(concatHex([data, '0x00'])), 'CalldataNotExact', [size + 1n, size])
      await revertsWith(send(concatHex([data, hashOf(0n)])), 'CalldataNotExact', [size + 32n, size])
      const gap = concatHex([data.slice(0, 10 + 64 * 10) as typeof data, hashOf(0n), `0x${data.slice(10 + 64 * 10)}`])
      await revertsWith(send(withWord(gap, 9, 11n * 32n)), 'ArrayMisplaced', [11n * 32n, 10n * 32n])
      await send(data)
    },
  )

  test('one owner may hold both sides of a game; the winner is told by seat', async () => {
    const regret = truth(2)
    await market.enter(regret)
    await defeat(market, regret, liar)
    expect((await market.entry(liar)).status).toBe(ENTRY.DEAD)
    expect((await market.entry(regret)).status).toBe(ENTRY.ALIVE)
  })
})

describe('enterAndOpen', () => {
  test('enters and opens in one transaction', async () => {
    const receipt = await market.enterAndOpen(honest, liar)
    expect(eventsOf(market.contract, receipt, 'Entered')).toHaveLength(1)
    expect(eventsOf(market.contract, receipt, 'Opened')).toHaveLength(1)
    expect(eventsOf(market.vault, receipt, 'Locked')).toHaveLength(1)
  })

  test('enters even if the target has died', async () => {
    await market.enter(honest)
    await defeat(market, honest, liar)
    const late = truth(4)
    const receipt = await market.enterAndOpen(late, liar)
    expect(eventsOf(market.contract, receipt, 'Entered')).toHaveLength(1)
    expect(eventsOf(market.contract, receipt, 'Opened')).toHaveLength(0)
    expect(await market.entry(late)).toMatchObject({ status: ENTRY.ALIVE, games: 0 })
    expect((await market.entry(liar)).games).toBe(1)
  })

  test('is refused against an entry that never was', async () => {
    await revertsWith(market.enterAndOpen(honest, lie(6, 90n)), 'NotAlive', [lie(6, 90n).entry])
    expect((await market.entry(honest)).status).toBe(ENTRY.NONE)
  })

  test('is refused against the same value', async () => {
    await revertsWith(market.enterAndOpen(lie(3, 100n), liar), 'SameValue', [liar.value])
  })
})

describe('bury', () => {
  beforeEach(() => market.enter(honest))

  const play = () =>
    playBetween(market, honest, liar, { opener: follow(honest.machine), target: pretend(liar.machine) })

  test('buries only the loser of a finished game', async () => {
    const game = gameId(honest.entry, liar.entry)
    const [winning, losing] = [honest, liar].map((claim, i) =>
      BigInt(seatOf(claim.entry, [liar, honest][i]?.entry ?? '0x')),
    )
    await revertsWith(market.bury(honest, liar), 'NotWonBySeat', [game, winning])
    await play()
    await revertsWith(market.bury(liar, honest), 'NotWonBySeat', [game, losing])
    const receipt = await market.bury(honest, liar)
    expect(eventsOf(market.contract, receipt, 'Buried').map(({ args }) => args)).toEqual([
      { task: task.id, winner: honest.entry, loser: liar.entry },
    ])
    expect(await market.value(liar)).toMatchObject({ alive: 0, count: 1, firstStatus: ENTRY.DEAD })
    expect(await market.stored(task)).toMatchObject({ valuesSeen: 2, valuesAlive: 1 })
    await revertsWith(market.bury(honest, liar), 'NotAlive', [liar.entry])
    await revertsWith(market.bury(liar, honest), 'NotAlive', [liar.entry])
  })

  test('needs a game that is over', async () => {
    const game = gameId(honest.entry, liar.entry)
    const seats = [seatOf(honest.entry, liar.entry), seatOf(liar.entry, honest.entry)].map(BigInt)
    await market.open(honest, liar)
    await revertsWith(market.bury(honest, liar), 'NotWonBySeat', [game, seats[0]])
    await revertsWith(market.bury(liar, honest), 'NotWonBySeat', [game, seats[1]])
  })

  test('a game whose winner died first is void: one entry always lives', async () => {
    const third = lie(3, 90n)
    await market.enter(third)
    const give = () => undefined
    await playBetween(market, liar, third, { opener: give, target: give })
    await defeat(market, honest, liar)
    await revertsWith(market.bury(liar, third), 'NotAlive', [liar.entry])
    expect((await market.entry(third)).status).toBe(ENTRY.ALIVE)
  })

  test('follows the proof or the timeout in one transaction, by anyone', async () => {
    const { game, standing } = standingOf(market, await market.open(honest, liar))
    const { games } = market
    const timeout = encode(games, 'timeout', [game, encodeTurn(standing.turn), rootOf(standing.sequence)])
    const burial = encode(games, 'bury', [task.origin, honest, liar])
    const both = () => market.evm.send(market.stranger, games, 'multicall', [[timeout, burial]])
    await market.evm.at(deadlineOf(standing.turn))
    await revertsWith(both(), 'ClockStillRuns', [deadlineOf(standing.turn)])
    await market.evm.at(deadlineOf(standing.turn) + 1n)
    const receipt = await both()
    expect(eventsOf(market.contract, receipt, 'Buried').map(({ args }) => args)).toEqual([
      { task: task.id, winner: honest.entry, loser: liar.entry },
    ])
    expect(eventsOf(games, receipt, 'TimedOut')).toHaveLength(1)
    expect((await market.entry(liar)).status).toBe(ENTRY.DEAD)
  })

  test('is no easier through the games: they only pass it on', async () => {
    const { games } = market
    await market.open(honest, liar)
    const game = gameId(honest.entry, liar.entry)
    const seat = BigInt(seatOf(honest.entry, liar.entry))
    const early = market.evm.send(market.stranger, games, 'bury', [task.origin, honest, liar])
    await revertsWith(early, 'NotWonBySeat', [game, seat])
  })

  test('moves do not ask whether the entries still live', async () => {
    const third = lie(3, 90n)
    await market.enter(third)
    const { standing, game } = standingOf(market, await market.open(third, liar))
    await defeat(market, honest, liar)
    const move = follow(liar.machine)(standing, 4) as ToyMove
    const next = standingOf(market, await sendMove(market, game, standing, move)).standing
    await market.evm.at(deadlineOf(next.turn) + 1n)
    await sendTimeout(market, game, next)
    await revertsWith(market.bury(liar, third), 'NotAlive', [liar.entry])
  })
})
