import { beforeEach, describe, expect, test } from 'vitest'
import type { Hash } from '../../../interpreter/index.ts'
import { entryId, originOf, taskId } from '../../../protocol/game-ids.ts'
import { Evm, encode, revertsWith } from '../../helpers/evm.ts'
import { bisectArgs, lying, moveData, outlast, sendMove, sendTimeout, standingOf } from '../../helpers/toy-game.ts'
import { ToyMarket } from '../../helpers/toy-market.ts'
import { follow, type Standing, type ToyMove } from '../../helpers/toy-players.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const STEPS = 64n
const ARITY = 4

type Bisect = ToyMove & { kind: 'bisect' }

/** A market with a task on which two owners disagree, and their game. */
interface Dispute {
  readonly market: ToyMarket
  readonly task: ToyTask
  readonly honest: ToyClaim
  readonly liar: ToyClaim
  readonly game: Hash
  readonly standing: Standing
}

let evm: Evm
let here: Dispute
let there: Dispute

async function dispute(market: ToyMarket, task: ToyTask): Promise<Dispute> {
  const honest = market.claim(task, market.account(1))
  const liar = lying(market, task, market.account(2), 100n)
  await market.takeAndPost(honest)
  await market.enter(liar)
  const { game, standing } = standingOf(market, await market.open(honest, liar))
  return { market, task, honest, liar, game, standing }
}

/** The same dispute in two markets of one chain, and nothing that tells them apart but their addresses. */
beforeEach(async () => {
  evm = await Evm.create()
  const markets = [
    await ToyMarket.create({ arity: ARITY }, evm),
    await ToyMarket.create({ arity: ARITY }, evm),
  ] as const
  here = await dispute(markets[0], await markets[0].createTask(STEPS))
  there = await dispute(markets[1], await markets[1].createTask(STEPS))
})

const firstMove = ({ liar, standing }: Dispute): Bisect => follow(liar.machine)(standing, ARITY) as Bisect

describe('two markets', () => {
  test('give one request different ids of task, entries and games', () => {
    expect(there.task.origin).toEqual(here.task.origin)
    expect(there.task.id).not.toBe(here.task.id)
    expect(there.honest.value).toBe(here.honest.value)
    expect(there.honest.entry).not.toBe(here.honest.entry)
    expect(there.game).not.toBe(here.game)
  })

  test('do not take each other’s moves, whichever id they name', async () => {
    const stolen = moveData(here.market, here.game, here.standing, firstMove(here))
    await revertsWith(evm.sendData(here.liar.owner, there.market.games, stolen), 'NotTheStandingAssertion')
    const renamed = moveData(there.market, there.game, here.standing, firstMove(here))
    await revertsWith(evm.sendData(here.liar.owner, there.market.games, renamed), 'NotTheStandingAssertion')
    await evm.advanceTo(here.standing.turn.moved + 5000n)
    await revertsWith(sendTimeout(there.market, here.game, here.standing), 'NotTheStandingAssertion')
    await revertsWith(sendTimeout(there.market, there.game, here.standing), 'NotTheStandingAssertion')
    await sendTimeout(there.market, there.game, there.standing)
  })

  test('do not bury by each other’s games, nor open each other’s', async () => {
    await evm.at(here.standing.turn.moved + 5000n)
    await sendTimeout(here.market, here.game, here.standing)
    await revertsWith(there.market.bury(there.honest, there.liar), 'NotWonBySeat')
    const opening = encode(here.market.contract, 'open', here.market.openArgs(here.honest, here.liar))
    await revertsWith(evm.sendData(here.honest.owner, there.market.contract, opening), 'GameExists', [there.game])
    await here.market.bury(here.honest, here.liar)
  })
})

describe('two chains', () => {
  test('give everything different ids, so nothing that one took is known to the other', async () => {
    const other = await ToyMarket.create({ arity: ARITY }, await Evm.create({ chainId: 7_777 }))
    expect(other.contract.address).toBe(here.market.contract.address)
    const task = await other.createTask(STEPS)
    expect(task.request).toEqual(here.task.request)
    expect(task.id).toBe(taskId(other.rules, originOf(here.task.request)))
    expect(task.id).not.toBe(here.task.id)
    const { owner, value } = here.honest
    expect(entryId(other.rules, here.task.id, owner, value)).not.toBe(here.honest.entry)
    const elsewhere = await dispute(other, task)
    expect(elsewhere.game).not.toBe(here.game)
    const stolen = moveData(here.market, here.game, here.standing, firstMove(here))
    await revertsWith(other.evm.sendData(here.liar.owner, other.games, stolen), 'NotTheStandingAssertion')
  })
})

describe('two games of one market', () => {
  test('do not take each other’s moves, though the same two owners play over the same range', async () => {
    const { market, task, honest } = here
    const twin = lying(market, task, market.account(2), 100n, 7n)
    await market.enter(twin)
    const second = standingOf(market, await market.open(honest, twin))
    const args = bisectArgs(here.game, here.standing, firstMove(here).segment, firstMove(here).mine)
    for (const game of [second.game, there.game]) {
      const replayed = market.evm.send(here.liar.owner, market.games, 'bisect', [game, ...args.slice(1)] as never)
      await revertsWith(replayed, 'NotTheStandingAssertion')
    }
    await sendMove(market, here.game, here.standing, firstMove(here))
    await revertsWith(sendMove(market, second.game, here.standing, firstMove(here)), 'NotTheStandingAssertion')
  })

  test('bury nobody but their own losers', async () => {
    const { market, task, honest, liar } = here
    const third = lying(market, task, market.account(3), 90n)
    await market.enter(third)
    await market.open(honest, third)
    await evm.at(here.standing.turn.moved + 5000n)
    await sendTimeout(market, here.game, here.standing)
    await revertsWith(market.bury(honest, third), 'NotWonBySeat')
    await revertsWith(market.bury(third, liar), 'NotWonBySeat')
    await market.bury(honest, liar)
  })
})

describe('two tasks of one market', () => {
  test('do not share entries, values or burials', async () => {
    const { market, honest, liar, task } = here
    const other = await market.createTask(STEPS, 0n)
    const twin = market.taskOf(task.program, STEPS, { salt: honest.entry })
    await market.request(twin)
    await market.takeAndPost(market.claim(twin, market.account(1)))
    await market.enter(lying(market, twin, market.account(2), 100n))
    expect(market.claim(twin, market.account(1)).value).toBe(honest.value)
    await outlast(market, market.claim(twin, market.account(1)), lying(market, twin, market.account(2), 100n))
    expect((await market.entry(liar)).status).toBe(1)
    await revertsWith(market.bury(honest, liar), 'NotWonBySeat')
    await market.takeAndPost(lying(market, other, market.account(5), 70n))
    await revertsWith(market.open({ ...honest, task: other }, { ...liar, task: other }), 'NotAlive')
  })
})
