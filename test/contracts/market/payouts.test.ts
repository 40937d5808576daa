import type { Address } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gameId } from '../../../protocol/game-ids.ts'
import { argsOf } from '../../helpers/artifact.ts'
import { type Receipt, revertsWith } from '../../helpers/evm.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { FLAG, runOut } from '../../helpers/market-steps.ts'
import { lying, outlast } from '../../helpers/toy-game.ts'
import { BURN, ENTRY, ToyMarket, VERDICT } from '../../helpers/toy-market.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
const TERMS = { minPrice: 4n * GWEI, maxPrice: 7n * GWEI, ramp: 0, tip: 3n * GWEI, callbackGas: 100_000 }
const ESCROW = TERMS.maxPrice + TERMS.tip
const NOBODY: Address = '0x0000000000000000000000000000000000000000'

let market: ToyMarket
let task: ToyTask
let requester: Address
let liar: Address
let honest: readonly [Address, Address, Address, Address, Address, Address]
let bond: bigint
let deposit: bigint
let refund: bigint
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create()
  ;[, requester, liar] = market.evm.accounts as [Address, Address, Address]
  honest = market.evm.accounts.slice(3, 9) as unknown as typeof honest
  bond = market.rules.bond
  task = await market.createTask(1000n, 10n, { requester, ...TERMS })
  deposit = await market.deposit(task)
  refund = deposit / 4n
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

const told = (receipt: Receipt, event: string) => argsOf(market.contract, receipt, event)
const truthOf = (owner: Address): ToyClaim => market.claim(task, owner)

/** The liar posts, and these owners enter the truth. */
async function lieAgainst(owners: readonly Address[]): Promise<{ lie: ToyClaim; truths: ToyClaim[] }> {
  const lie = lying(market, task, liar, 5n)
  const truths = owners.map(truthOf)
  await market.takeAndPost(lie)
  for (const truth of truths) await market.enter(truth)
  return { lie, truths }
}

/** All of them open against the lie, in this order; the first buries it. */
async function gangUp(lie: ToyClaim, truths: readonly ToyClaim[]): Promise<void> {
  const openings: Receipt[] = []
  for (const truth of truths) openings.push(await market.open(truth, lie))
  await runOut(market, openings[0] as Receipt)
  await market.bury(truths[0] as ToyClaim, lie)
}

const toVerdict = async () => market.evm.advanceTo((await market.phases(task)).opening)
const toVoid = async () => market.evm.advanceTo((await market.phases(task)).end)

describe('release', () => {
  test('gives the living their stake back', async () => {
    const [a, b] = honest
    const { lie, truths } = await lieAgainst([a, b])
    const [first, second] = truths as [ToyClaim, ToyClaim]
    await outlast(market, first, lie)
    await revertsWith(market.release(first), 'WrongVerdict', [VERDICT.PENDING])
    await toVerdict()
    const { receipt, gained } = await gains(market, { a, b, liar, requester }, () => market.release(second))
    expect(gained).toEqual({ a: {}, b: { free: bond, locked: -bond, wei: deposit }, liar: {}, requester: {} })
    expect(told(receipt, 'EntryReleased')).toEqual([{ task: task.id, entry: second.entry }])
    const released = { subject: second.entry, owner: b, tokens: bond, amount: deposit }
    expect(argsOf(market.vault, receipt, 'Released')).toEqual([released])
    expect(await market.entry(second)).toMatchObject({ status: ENTRY.RELEASED })
    await revertsWith(market.release(second), 'NotAlive', [second.entry])
    await revertsWith(market.release(lie), 'NotAlive', [lie.entry])
    await revertsWith(market.release(truthOf(honest[2])), 'NotAlive', [truthOf(honest[2]).entry])
    await market.release(first)
    await market.payDead(lie, [first])
    await expectConserved(market, ESCROW)
  })

  test('gives all the living theirs where the task is void', async () => {
    const { lie, truths } = await lieAgainst([honest[0]])
    await toVoid()
    const living = { liar, a: honest[0], requester }
    const { gained } = await gains(market, living, async () => {
      await market.release(lie)
      return market.release(truths[0] as ToyClaim)
    })
    const back = { free: bond, locked: -bond, wei: deposit }
    expect(gained).toEqual({ liar: back, a: back, requester: {} })
    await revertsWith(market.bury(truths[0] as ToyClaim, lie), 'BuryingClosed')
    await market.close(task, 'voidTask')
    await expectConserved(market, 0n)
  })
})

describe('payDead, settled', () => {
  test('pays half of the bond to the first opponent that lives', async () => {
    const [a, b, c] = honest
    const { lie, truths } = await lieAgainst([a, b, c])
    const [first, second, third] = truths as [ToyClaim, ToyClaim, ToyClaim]
    // The first to open dies; the third wins before the second.
    const openings = [await market.open(first, lie), await market.open(second, lie), await market.open(third, lie)]
    const killer = lying(market, task, honest[3], 2n)
    await market.enter(killer)
    await outlast(market, killer, first)
    await runOut(market, openings[2] as Receipt)
    await market.bury(third, lie)
    await outlast(market, second, killer)
    await toVerdict()
    await revertsWith(market.payDead(lie, [second]), 'WrongOpponent')
    const owners = { a, b, c, liar, requester }
    const { receipt, gained } = await gains(market, owners, () => market.payDead(lie, [first, second, third]))
    expect(gained).toEqual({
      a: {},
      b: { free: bond / 2n, wei: refund },
      c: { wei: refund },
      liar: { locked: -bond },
      requester: { wei: deposit - 2n * refund },
    })
    const divided = { task: task.id, entry: lie.entry, rewarded: b, cursor: 3n, refunds: 2n, divided: true }
    expect(told(receipt, 'EntryDivided')).toEqual([divided])
    const slashed = { subject: lie.entry, owner: liar, winner: b, tokens: bond, reward: bond / 2n }
    expect(argsOf(market.vault, receipt, 'Slashed')).toEqual([slashed])
    // Whoever held the truth and died played nobody who lived: all of its bond burns.
    const traitor = await gains(market, owners, () => market.payDead(first, [lie, killer]))
    expect(traitor.gained).toEqual({ a: { locked: -bond }, b: {}, c: {}, liar: {}, requester: { wei: deposit } })
    const burned = { subject: first.entry, owner: a, winner: NOBODY, tokens: bond, reward: 0n }
    expect(argsOf(market.vault, traitor.receipt, 'Slashed')).toEqual([burned])
    await market.payDead(killer, [first, second])
    for (const alive of [second, third]) await market.release(alive)
    expect(await market.evm.read(market.vault, 'toBurn', [])).toBe(bond + 2n * (bond - bond / 2n))
    await market.evm.send(market.stranger, market.vault, 'burn', [])
    expect(await market.evm.read(market.token, 'balanceOf', [BURN])).toBe(bond + 2n * (bond - bond / 2n))
    await expectConserved(market, ESCROW)
  })

  test('repays the gas of the first four opponents that live', async () => {
    const [a, b, c, d, e, f] = honest
    const { lie, truths } = await lieAgainst(honest)
    await gangUp(lie, truths)
    await toVerdict()
    const owners = { a, b, c, d, e, f, liar, requester }
    const { receipt, gained } = await gains(market, owners, () => market.payDead(lie, truths))
    const repaid = { wei: refund }
    expect(gained).toEqual({
      a: { free: bond / 2n, wei: refund },
      b: repaid,
      c: repaid,
      d: repaid,
      e: {},
      f: {},
      liar: { locked: -bond },
      requester: {},
    })
    const divided = { task: task.id, entry: lie.entry, rewarded: a, cursor: 4n, refunds: 4n, divided: true }
    expect(told(receipt, 'EntryDivided')).toEqual([divided])
    for (const truth of truths) await market.release(truth)
    await expectConserved(market, ESCROW)
  })

  test('shares out the stake of the dead', async () => {
    const { lie, truths } = await lieAgainst([honest[0]])
    const [truth] = truths as [ToyClaim]
    await outlast(market, truth, lie)
    await revertsWith(market.payDead(lie, [truth]), 'WrongVerdict', [VERDICT.PENDING])
    await toVerdict()
    const owners = { a: honest[0], liar, requester }
    const { gained } = await gains(market, owners, () => market.payDead(lie, [truth]))
    expect(gained).toEqual({
      a: { free: bond / 2n, wei: refund },
      liar: { locked: -bond },
      requester: { wei: 3n * refund },
    })
    expect(await market.entry(lie)).toMatchObject({ status: ENTRY.DIVIDED })
    await revertsWith(market.payDead(lie, []), 'NotDead', [lie.entry])
    await revertsWith(market.payDead(truth, []), 'NotDead', [truth.entry])
    await expectConserved(market, ESCROW + deposit)
  })

  test('goes on where the last call ended, and pays the same in pieces of any size', async () => {
    const { lie, truths } = await lieAgainst(honest)
    await gangUp(lie, truths)
    await toVerdict()
    const cuts = [
      [1, 1, 1, 1],
      [2, 2],
      [3, 3],
      [0, 4],
    ]
    const [a, b, c, d, e, f] = honest
    const owners = { a, b, c, d, e, f, liar, requester }
    const whole = await market.evm.snapshot()
    const { gained: expected } = await gains(market, owners, () => market.payDead(lie, truths))
    await market.evm.restore(whole)
    for (const sizes of cuts) {
      const before = await market.evm.snapshot()
      const { gained, receipt } = await gains(market, owners, async () => {
        let done = 0
        let last: Receipt | undefined
        for (const size of sizes) {
          last = await market.payDead(lie, truths.slice(done, done + size))
          done += size
        }
        return last as Receipt
      })
      expect(gained).toEqual(expected)
      expect(told(receipt, 'EntryDivided')).toMatchObject([{ cursor: 4n, refunds: 4n, divided: true }])
      await market.evm.restore(before)
    }
  })

  test('tells how far it came, and takes opponents in no order but that of opening', async () => {
    const { lie, truths } = await lieAgainst(honest)
    const [a, b, c] = truths as [ToyClaim, ToyClaim, ToyClaim]
    await gangUp(lie, [b, a])
    await toVerdict()
    const gameWith = (truth: ToyClaim) => gameId(lie.entry, truth.entry)
    await revertsWith(market.payDead(lie, [a]), 'WrongOpponent', [gameWith(a), 2n, 1n])
    await revertsWith(market.payDead(lie, [c]), 'WrongOpponent', [gameWith(c), 0n, 1n])
    const { receipt } = await gains(market, { liar }, () => market.payDead(lie, [b]))
    const rewarded = honest[1]
    const progress = { task: task.id, entry: lie.entry, rewarded, cursor: 1n, refunds: 1n, divided: false }
    expect(told(receipt, 'EntryDivided')).toEqual([progress])
    const payout = await market.evm.read(market.contract, 'payoutOf', [lie.entry])
    expect(payout).toEqual({ cursor: 1, refunds: 1, rewarded: true })
    expect(await market.entry(lie)).toMatchObject({ status: ENTRY.DEAD, games: 2 })
    await revertsWith(market.payDead(lie, [b]), 'WrongOpponent', [gameWith(b), 1n, 2n])
    await revertsWith(market.payDead(lie, [a, c]), 'WrongOpponent', [gameWith(c), 0n, 3n])
    await market.payDead(lie, [a])
    expect(await market.entry(lie)).toMatchObject({ status: ENTRY.DIVIDED })
  })

  test('pays those who had their stake back before as well', async () => {
    const { lie, truths } = await lieAgainst([honest[0]])
    const [truth] = truths as [ToyClaim]
    await outlast(market, truth, lie)
    await toVerdict()
    await market.release(truth)
    const { gained } = await gains(market, { a: honest[0] }, () => market.payDead(lie, [truth]))
    expect(gained).toEqual({ a: { free: bond / 2n, wei: refund } })
  })
})

describe('payDead, void', () => {
  test('burns the bond and gives the deposit to the requester', async () => {
    const [a, b] = honest
    const { lie, truths } = await lieAgainst([a])
    const other = lying(market, task, b, 2n)
    await market.enter(other)
    await outlast(market, truths[0] as ToyClaim, lie)
    await toVoid()
    const owners = { a, b, liar, requester }
    const { receipt, gained } = await gains(market, owners, () => market.payDead(lie, []))
    expect(gained).toEqual({ a: {}, b: {}, liar: { locked: -bond }, requester: { wei: deposit } })
    const divided = { task: task.id, entry: lie.entry, rewarded: NOBODY, cursor: 0n, refunds: 0n, divided: true }
    expect(told(receipt, 'EntryDivided')).toEqual([divided])
    const slashed = { subject: lie.entry, owner: liar, winner: NOBODY, tokens: bond, reward: 0n }
    expect(argsOf(market.vault, receipt, 'Slashed')).toEqual([slashed])
    await market.close(task, 'voidTask')
    for (const alive of [truths[0] as ToyClaim, other]) await market.release(alive)
    await expectConserved(market, 0n)
  })
})

describe('payPrice', () => {
  /** Three hold the truth; the first two die; the third beats the killer. */
  async function firstTwoDie(): Promise<readonly [ToyClaim, ToyClaim, ToyClaim, ToyClaim]> {
    const [a, b, c] = honest
    const [first, second, third] = [truthOf(a), truthOf(b), truthOf(c)]
    const killer = lying(market, task, liar, 5n)
    await market.takeAndPost(first)
    for (const claim of [second, third, killer]) await market.enter(claim)
    await outlast(market, killer, first)
    await outlast(market, killer, second)
    await outlast(market, third, killer)
    await toVerdict()
    return [first, second, third, killer]
  }

  test('pays the price to the earliest living entry when the first one is dead', async () => {
    const [first, , third, killer] = await firstTwoDie()
    const [a, b, c] = honest
    await revertsWith(market.payPrice(third, [b, c]), 'WrongStatus')
    const opened = await gains(market, { a, b, c, requester }, () => market.finalise(first))
    expect(opened.gained).toEqual({ a: {}, b: {}, c: {}, requester: {} })
    expect(told(opened.receipt, 'PricePaid')).toEqual([])
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.PRICE_DUE })
    await revertsWith(market.payPrice(killer, [liar]), 'NotTheFinalValue', [killer.value])
    await revertsWith(market.payPrice(third, [c]), 'WrongEntry', [third.entry, 2n, 1n])
    await revertsWith(market.payPrice(third, [a]), 'WrongEntry', [first.entry, 0n, 1n])
    const { receipt, gained } = await gains(market, { a, b, c, requester }, () => market.payPrice(third, [b, c]))
    expect(gained).toEqual({ a: {}, b: {}, c: { wei: TERMS.maxPrice }, requester: {} })
    expect(told(receipt, 'PricePaid')).toEqual([{ task: task.id, solver: c, price: TERMS.maxPrice }])
    expect(await market.stored(task)).toMatchObject({ flags: 0 })
    await revertsWith(market.payPrice(third, [b, c]), 'NoPriceDue', [task.id])
    await market.release(third)
    await expectConserved(market, TERMS.tip + 3n * deposit)
  })

  test('goes on where the last call ended, and pays whoever had its stake back', async () => {
    const [, second, third] = await firstTwoDie()
    const [, b, c] = honest
    await market.finalise(third)
    await market.release(third)
    await market.payPrice(third, [])
    await market.payPrice(third, [b])
    await revertsWith(market.payPrice(third, [b, c]), 'WrongEntry', [second.entry, 1n, 2n])
    await revertsWith(market.payPrice(third, [honest[5]]), 'WrongEntry', [truthOf(honest[5]).entry, 0n, 2n])
    const { gained } = await gains(market, { c }, () => market.payPrice(third, [c]))
    expect(gained).toEqual({ c: { wei: TERMS.maxPrice } })
  })

  test('pays beside the callback, which waits for nothing', async () => {
    const [, , third] = await firstTwoDie()
    await market.finalise(third)
    await market.deliver(task)
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.PRICE_DUE | FLAG.TIP_PAID | FLAG.DELIVERED })
    await market.payPrice(third, honest.slice(1, 3))
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.TIP_PAID | FLAG.DELIVERED })
  })
})
