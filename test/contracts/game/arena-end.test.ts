import type { Address } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { eventsOf, revertsWith } from '../../helpers/evm.ts'
import { defeat, lying, outlast, playBetween, sendTimeout, standingOf } from '../../helpers/toy-game.ts'
import { ENTRY, FUNDED, FUNDS, RULES, ToyMarket, VERDICT } from '../../helpers/toy-market.ts'
import { follow, pretend } from '../../helpers/toy-players.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const STEPS = 64n
const HALF = RULES.bond / 2n
const GWEI = 10n ** 9n

let market: ToyMarket
let task: ToyTask
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  market = await ToyMarket.create({ arity: 4 })
  task = await market.createTask(STEPS, 50n)
  honest = truth(1)
  liar = lie(2, 100n)
})

const truth = (account: number): ToyClaim => market.claim(task, market.account(account))
const lie = (account: number, substep: bigint): ToyClaim => lying(market, task, market.account(account), substep)

const goTo = async (phase: 'challenge' | 'opening' | 'end') => market.evm.advanceTo((await market.phases(task))[phase])

/** Tokens, free and locked, and wei that an owner has in the vault more than it began with. */
async function gains(owner: Address): Promise<{ tokens: bigint; locked: bigint; wei: bigint }> {
  const { free, locked, gweiFree } = await market.funds(owner)
  return { tokens: free + locked - FUNDS.tokens, locked, wei: gweiFree * GWEI - FUNDS.wei }
}

/** Nothing is left behind any entry: the vault holds what its accounts have and what is to be burned. */
async function expectAllPaid(burned: bigint, escrow: bigint): Promise<void> {
  let [tokens, wei] = [0n, 0n]
  for (const account of market.evm.accounts.slice(0, FUNDED)) {
    const { free, locked, gweiFree } = await market.funds(account)
    expect(locked).toBe(0n)
    tokens += free
    wei += gweiFree * GWEI
  }
  expect(await market.evm.read(market.vault, 'toBurn', [])).toBe(burned)
  expect(await market.evm.read(market.token, 'balanceOf', [market.vault.address])).toBe(tokens + burned)
  expect(await market.evm.balanceOf(market.vault.address)).toBe(wei + escrow)
}

const ESCROW = 5n * GWEI

describe('the end of an arena', () => {
  test('one value only: everybody has its stake back, whoever asks for it', async () => {
    const second = truth(3)
    await market.takeAndPost(honest)
    await market.enter(second)
    await goTo('challenge')
    expect(await market.verdict(task)).toBe(VERDICT.SETTLED)
    for (const claim of [second, honest]) {
      const receipt = await market.release(claim)
      expect(eventsOf(market.contract, receipt, 'EntryReleased').map(({ args }) => args)).toEqual([
        { task: task.id, entry: claim.entry },
      ])
      await revertsWith(market.release(claim), 'NotAlive', [claim.entry])
      expect(await gains(claim.owner)).toEqual({ tokens: 0n, locked: 0n, wei: 0n })
    }
    await expectAllPaid(0n, ESCROW)
  })

  test('the winner has half of the loser’s bond and its gas back; the rest of the deposit is the requester’s', async () => {
    await market.takeAndPost(liar)
    await market.enter(honest)
    await defeat(market, honest, liar)
    await goTo('opening')
    await market.release(honest)
    const deposit = await market.deposit(task)
    await market.payDead(liar, [honest])
    expect(await gains(honest.owner)).toEqual({ tokens: HALF, locked: 0n, wei: deposit / 4n })
    expect(await gains(liar.owner)).toEqual({ tokens: -RULES.bond, locked: 0n, wei: -deposit })
    await revertsWith(market.payDead(liar, []), 'NotDead', [liar.entry])
    await revertsWith(market.release(liar), 'NotAlive', [liar.entry])
    await expectAllPaid(RULES.bond - HALF, ESCROW)
  })

  test('void: the living have their stake back, the dead lose it', async () => {
    const third = lie(3, 90n)
    await market.takeAndPost(honest)
    for (const claim of [liar, third]) await market.enter(claim)
    await outlast(market, honest, third)
    await goTo('end')
    expect(await market.verdict(task)).toBe(VERDICT.VOID)
    for (const claim of [honest, liar]) await market.release(claim)
    await market.payDead(third, [honest])
    for (const { owner } of [honest, liar]) expect(await gains(owner)).toEqual({ tokens: 0n, locked: 0n, wei: 0n })
    expect((await gains(third.owner)).tokens).toBe(-RULES.bond)
    await expectAllPaid(RULES.bond, ESCROW)
    await market.close(task, 'voidTask')
    await expectAllPaid(RULES.bond, 0n)
  })

  test('conceding to oneself loses half a bond and three quarters of a deposit', async () => {
    const self = truth(2)
    await market.takeAndPost(liar)
    await market.enter(self)
    await outlast(market, self, liar)
    await goTo('opening')
    await market.payDead(liar, [self])
    await market.release(self)
    const deposit = await market.deposit(task)
    expect(await gains(liar.owner)).toEqual({
      tokens: HALF - RULES.bond,
      locked: 0n,
      wei: deposit / 4n - deposit,
    })
  })

  test('needs no hurry: all is paid long after it', async () => {
    await market.takeAndPost(liar)
    await market.enter(honest)
    await outlast(market, honest, liar)
    await market.evm.advanceTo((await market.phases(task)).end + 1_000_000n)
    await market.release(honest)
    await market.payDead(liar, [honest])
    await expectAllPaid(RULES.bond - HALF, ESCROW)
    await market.finalise(honest)
    expect((await market.stored(task)).status).toBe(4)
  })
})

describe('an honest watcher against a crowd', () => {
  test('one living truth beats six liars who never answer, all at once, and a traitor who throws it', async () => {
    const traitor = truth(7)
    const liars = Array.from({ length: 6 }, (_, i) => lie(2 + (i % 5), 100n + BigInt(i)))
    const [first] = liars as [ToyClaim, ...ToyClaim[]]
    await market.takeAndPost(first)
    for (const claim of [traitor, ...liars.slice(1)]) await market.enter(claim)
    await outlast(market, first, traitor)
    await goTo('challenge')
    await market.enter(honest)
    const games = []
    for (const rival of liars) games.push(standingOf(market, await market.open(honest, rival)))
    await market.evm.advanceTo((await market.evm.now()) + RULES.budget + 3n)
    for (const { game, standing } of games) await sendTimeout(market, game, standing)
    for (const rival of liars) await market.bury(honest, rival)
    await goTo('opening')
    expect(await market.verdict(task)).toBe(VERDICT.SETTLED)
    await market.release(honest)
    await market.payDead(first, [traitor, honest])
    for (const rival of liars.slice(1)) await market.payDead(rival, [honest])
    await market.payDead(traitor, [first])
    expect((await gains(honest.owner)).tokens).toBe(6n * HALF)
    await expectAllPaid(7n * RULES.bond - 6n * HALF, ESCROW)
  })

  test('is not hurt by being attacked by all of them at once: one stake backs all its games', async () => {
    await market.takeAndPost(honest)
    const liars = Array.from({ length: 5 }, (_, i) => lie(2 + i, 100n + BigInt(i)))
    for (const rival of liars) {
      await market.enter(rival)
      const played = { opener: pretend(rival.machine), target: follow(honest.machine) }
      expect((await playBetween(market, rival, honest, played)).openerWon).toBe(false)
      await market.bury(honest, rival)
    }
    expect(await gains(honest.owner)).toMatchObject({ tokens: 0n, locked: RULES.bond })
    expect(await market.entry(honest)).toEqual({ status: ENTRY.ALIVE, games: 5, ordinal: 0 })
    await goTo('opening')
    expect(await market.verdict(task)).toBe(VERDICT.SETTLED)
  })
})
