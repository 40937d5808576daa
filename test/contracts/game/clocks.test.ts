import { beforeEach, describe, expect, test } from 'vitest'
import type { Hash } from '../../../interpreter/index.ts'
import { maxMoves, rootOf } from '../../../protocol/bisection.ts'
import { clocksOf } from '../../../protocol/rules.ts'
import { answered, deadlineOf, encodeTurn } from '../../../protocol/turns.ts'
import { eventsOf, revertsWith } from '../../helpers/evm.ts'
import { sendMove, sendTimeout, standingOf, winnerOf } from '../../helpers/toy-game.ts'
import { RULES, ToyMarket } from '../../helpers/toy-market.ts'
import { follow, type Standing, type ToyMove } from '../../helpers/toy-players.ts'
import type { ToyClaim } from '../../helpers/toy-task.ts'

const STEPS = 64n
const ARITY = 4
const CLOCKS = clocksOf(RULES, STEPS)

let market: ToyMarket
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  market = await ToyMarket.create({ arity: ARITY })
  const task = await market.createTask(STEPS)
  honest = market.claim(task, market.account(1))
  liar = market.claim(task, market.account(2), { ...task.truth, lie: { substep: STEPS * 12n - 2n, by: 1n } })
  await market.takeAndPost(honest)
  await market.enter(liar)
})

/** The move that the player on move would make; its own machine tells. */
function moveOf({ turn, sequence }: Standing): ToyMove {
  const claim = turn.mover.player === honest.owner ? honest : liar
  return follow(claim.machine)({ turn, sequence }, ARITY) as ToyMove
}

/** Plays `plies` moves, each at the time that `when` names. */
async function playPlies(opening: { game: Hash; standing: Standing }, plies: number, when: (s: Standing) => bigint) {
  let { game, standing } = opening
  for (let ply = 0; ply < plies; ply++) {
    await market.evm.at(when(standing))
    ;({ game, standing } = standingOf(market, await sendMove(market, game, standing, moveOf(standing))))
  }
  return { game, standing }
}

const soon = ({ turn }: Standing): bigint => turn.moved + 1n
const atTheLast = ({ turn }: Standing): bigint => deadlineOf(turn)

const open = async (opener: ToyClaim, target: ToyClaim) => standingOf(market, await market.open(opener, target))

describe('timeout', () => {
  const plies = Array.from({ length: maxMoves(STEPS, ARITY) }, (_, ply) => ply)

  test.each(plies)('before ply %i: not at the deadline, but one second later, and the waiter wins', async (ply) => {
    for (const [opener, target] of [
      [honest, liar],
      [liar, honest],
    ] as const) {
      const snapshot = await market.evm.snapshot()
      const { game, standing } = await playPlies(await open(opener, target), ply, soon)
      const deadline = deadlineOf(standing.turn)
      await market.evm.at(deadline)
      await revertsWith(sendTimeout(market, game, standing), 'ClockStillRuns', [deadline])
      await market.evm.at(deadline + 1n)
      const receipt = await sendTimeout(market, game, standing)
      const { seat } = standing.turn.waiter
      expect(eventsOf(market.games, receipt, 'TimedOut').map(({ args }) => args)).toEqual([
        { game, seat: BigInt(seat) },
      ])
      expect(await winnerOf(market, game)).toBe(seat)
      await market.evm.restore(snapshot)
    }
  })

  test('lets anyone end a game after the deadline', async () => {
    const { game, standing } = await open(honest, liar)
    const { turn, sequence } = standing
    const deadline = deadlineOf(turn)
    const args = [game, encodeTurn(turn), rootOf(sequence)] as const
    for (const sender of [market.stranger, honest.owner, liar.owner]) {
      const snapshot = await market.evm.snapshot()
      await market.evm.at(deadline)
      await revertsWith(market.evm.send(sender, market.games, 'timeout', args), 'ClockStillRuns', [deadline])
      await market.evm.at(deadline + 1n)
      await market.evm.send(sender, market.games, 'timeout', args)
      expect(await winnerOf(market, game)).toBe(turn.waiter.seat)
      await market.evm.restore(snapshot)
    }
  })

  test.each(plies)('ply %i is still on time at the deadline and late one second after', async (ply) => {
    const { game, standing } = await playPlies(await open(honest, liar), ply, soon)
    const deadline = deadlineOf(standing.turn)
    const snapshot = await market.evm.snapshot()
    await market.evm.at(deadline + 1n)
    await revertsWith(sendMove(market, game, standing, moveOf(standing)), 'ClockRanOut', [deadline])
    await market.evm.restore(snapshot)
    await market.evm.at(deadline)
    if (isLie(standing)) await revertsWith(sendMove(market, game, standing, moveOf(standing)), 'SubstepHolds')
    else await sendMove(market, game, standing, moveOf(standing))
  })

  test('says which assertion it ends: not another turn, not another root, not twice', async () => {
    const opened = await open(honest, liar)
    const { game, standing } = await playPlies(opened, 1, soon)
    await market.evm.advanceTo(deadlineOf(standing.turn) + 1n)
    await revertsWith(sendTimeout(market, game, opened.standing), 'NotTheStandingAssertion')
    const elsewhere = { ...standing, sequence: opened.standing.sequence }
    await revertsWith(sendTimeout(market, game, elsewhere), 'NotTheStandingAssertion')
    await sendTimeout(market, game, standing)
    await revertsWith(sendTimeout(market, game, standing), 'NotTheStandingAssertion')
  })
})

/** Whether the liar is to prove: the stepper will not support it. */
const isLie = ({ turn }: Standing): boolean => turn.len === 1n && turn.mover.player === liar.owner

describe('chess clocks', () => {
  test('a move charges the mover the time since the last move, and nothing to the other', async () => {
    const { game, standing } = await open(honest, liar)
    await market.evm.at(standing.turn.moved + 300n)
    const move = moveOf(standing) as ToyMove & { kind: 'bisect' }
    const next = standingOf(market, await sendMove(market, game, standing, move)).standing.turn
    expect(next).toEqual(answered(standing.turn, move.segment, standing.turn.moved + 300n, ARITY))
    expect(next.waiter.left).toBe(CLOCKS.budget - 300n)
    expect(next.mover.left).toBe(CLOCKS.budget)
  })

  test('time saved on one move is there for the next, time spent is not', async () => {
    const { standing } = await playPlies(await open(honest, liar), 2, ({ turn }) => turn.moved + 400n)
    expect(standing.turn.mover.left).toBe(CLOCKS.budget - 400n)
    expect(deadlineOf(standing.turn)).toBe(standing.turn.moved + CLOCKS.budget - 400n)
  })

  test('no last-second win: whoever comes on move with an empty clock has the minimum', async () => {
    const { standing } = await playPlies(await open(honest, liar), 2, atTheLast)
    expect(standing.turn.mover.left).toBe(CLOCKS.least)
    expect(deadlineOf(standing.turn)).toBe(standing.turn.moved + CLOCKS.least)
  })

  test('no frozen player: with both clocks empty, each still moves at every ply', async () => {
    const last = await playPlies(await open(liar, honest), maxMoves(STEPS, ARITY) - 1, atTheLast)
    expect(last.standing.turn.len).toBe(1n)
    expect([last.standing.turn.mover.left, last.standing.turn.waiter.left]).toEqual([CLOCKS.least, 0n])
  })

  test('the slowest game opened at the last second is over, and its loser buried, before the end', async () => {
    const { opening, end } = await market.phases(honest.task)
    for (const [opener, target] of [
      [honest, liar],
      [liar, honest],
    ] as const) {
      const snapshot = await market.evm.snapshot()
      await market.evm.at(opening - 1n)
      const opened = await open(opener, target)
      const { game, standing } = await playPlies(opened, maxMoves(STEPS, ARITY) - 1, atTheLast)
      await market.evm.at(deadlineOf(standing.turn) + 1n)
      await sendTimeout(market, game, standing)
      expect(await market.evm.now()).toBeLessThan(end)
      const winner = standing.turn.waiter.player === honest.owner ? honest : liar
      await market.evm.at(end - 1n)
      await market.bury(winner, winner === honest ? liar : honest)
      await market.evm.restore(snapshot)
    }
  })
})
