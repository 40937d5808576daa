import type { Address } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { argsOf } from '../../helpers/artifact.ts'
import { type Receipt, revertsWith } from '../../helpers/evm.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { claimOfEnding, runOut } from '../../helpers/market-steps.ts'
import { defeat, lying, outlast } from '../../helpers/toy-game.ts'
import { ENTRY, ToyMarket, VERDICT } from '../../helpers/toy-market.ts'
import type { ToyClaim, ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
const TERMS = { minPrice: 4n * GWEI, maxPrice: 7n * GWEI, ramp: 0 }

let market: ToyMarket
let task: ToyTask
let requester: Address
let liar: Address
let accomplice: Address
let honest: Address
let others: readonly Address[]
let bond: bigint
let deposit: bigint
let refund: bigint
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create()
  ;[, requester, liar, accomplice, honest] = market.evm.accounts as [Address, Address, Address, Address, Address]
  others = market.evm.accounts.slice(5, 9)
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

const truthOf = (owner: Address): ToyClaim => market.claim(task, owner)

const settles = async (truth: ToyClaim): Promise<void> => {
  const { opening } = await market.phases(task)
  if ((await market.evm.now()) < opening) await market.evm.advanceTo(opening)
  expect(await market.verdict(task)).toBe(VERDICT.SETTLED)
  expect(await market.value(truth)).toMatchObject({ alive: expect.toSatisfy((alive: number) => alive > 0) })
}

describe('self-concession before an honest challenger finishes', () => {
  /** The liar posts; its accomplice and an honest verifier hold the truth; the lie concedes to the accomplice. */
  async function concede(accompliceFirst: boolean): Promise<{ lie: ToyClaim; order: ToyClaim[] }> {
    const [lie, own, right] = [lying(market, task, liar, 5n), truthOf(accomplice), truthOf(honest)]
    await market.takeAndPost(lie)
    for (const claim of [own, right]) await market.enter(claim)
    const order = accompliceFirst ? [own, right] : [right, own]
    const openings = new Map<ToyClaim, Receipt>()
    for (const claim of order) openings.set(claim, await market.open(claim, lie))
    await runOut(market, openings.get(own) as Receipt)
    await market.bury(own, lie)
    await settles(right)
    return { lie, order }
  }

  const owners = () => ({ liar, accomplice, honest, requester })

  test('leaves the half to the honest one if it opened first, though the accomplice finished', async () => {
    const { lie, order } = await concede(false)
    const { gained } = await gains(market, owners(), () => market.payDead(lie, order))
    expect(gained).toEqual({
      liar: { locked: -bond },
      accomplice: { wei: refund },
      honest: { free: bond / 2n, wei: refund },
      requester: { wei: deposit - 2n * refund },
    })
  })

  test('burns half of the bond if the accomplice opened first, and the honest one has its gas', async () => {
    const { lie, order } = await concede(true)
    const { gained } = await gains(market, owners(), () => market.payDead(lie, order))
    expect(gained).toEqual({
      liar: { locked: -bond },
      accomplice: { free: bond / 2n, wei: refund },
      honest: { wei: refund },
      requester: { wei: deposit - 2n * refund },
    })
    expect(await market.evm.read(market.vault, 'toBurn', [])).toBe(bond - bond / 2n)
  })

  /** What the four refunds do not cover: it costs the liar half a bond, and the honest one the gas of a dispute. */
  test('takes the gas of a fifth opponent where four accomplices opened before it', async () => {
    const lie = lying(market, task, liar, 5n)
    const own = [accomplice, ...others.slice(0, 3)].map(truthOf)
    const right = truthOf(honest)
    await market.takeAndPost(lie)
    const openings: Receipt[] = []
    for (const claim of [...own, right]) {
      await market.enter(claim)
      openings.push(await market.open(claim, lie))
    }
    await runOut(market, openings[0] as Receipt)
    await market.bury(own[0] as ToyClaim, lie)
    await settles(right)
    const { gained } = await gains(market, owners(), () => market.payDead(lie, own))
    expect(gained).toEqual({
      liar: { locked: -bond },
      accomplice: { free: bond / 2n, wei: refund },
      honest: {},
      requester: {},
    })
    const released = await gains(market, { honest }, () => market.release(right))
    expect(released.gained).toEqual({ honest: { free: bond, locked: -bond, wei: deposit } })
  })
})

describe('the last second', () => {
  test('of the challenge phase: a traitor solver throws the truth, and the truth is entered again', async () => {
    const [traitor, lie] = [truthOf(liar), lying(market, task, accomplice, 5n)]
    await market.takeAndPost(traitor)
    const { challenge, support } = await market.phases(task)
    await market.evm.at(challenge - 1n)
    await market.enter(lie)
    await outlast(market, lie, traitor)
    expect(await market.entry(traitor)).toMatchObject({ status: ENTRY.DEAD })
    const right = truthOf(honest)
    await market.evm.at(support - 1n)
    await market.enter(right)
    await defeat(market, right, lie)
    await settles(right)
    const owners = { liar, accomplice, honest, requester }
    const { gained } = await gains(market, owners, async () => {
      await market.finalise(right)
      await market.payPrice(right, [honest])
      await market.payDead(lie, [traitor, right])
      await market.payDead(traitor, [lie])
      return market.release(right)
    })
    expect(gained).toEqual({
      liar: { locked: -bond },
      accomplice: { locked: -bond },
      honest: { free: bond + bond / 2n, locked: -bond, wei: TERMS.maxPrice + deposit + refund },
      requester: { wei: deposit + 3n * refund },
    })
    await expectConserved(market, 0n)
  })

  test('of the support phase: a false copy comes, and is still opened against', async () => {
    const [lie, right] = [lying(market, task, liar, 5n), truthOf(honest)]
    await market.takeAndPost(lie)
    await market.enter(right)
    await defeat(market, right, lie)
    const { support, opening } = await market.phases(task)
    const copy = lying(market, task, accomplice, 5n)
    await market.evm.at(support - 1n)
    await market.enter(copy)
    await market.evm.at(opening - 2n)
    await defeat(market, right, copy)
    await settles(right)
    const { gained } = await gains(market, { accomplice, honest }, async () => market.payDead(copy, [right]))
    expect(gained).toEqual({ accomplice: { locked: -bond }, honest: { free: bond / 2n, wei: refund } })
  })

  test('before an honest entry: the target dies, and the entry is made all the same', async () => {
    const [lie, killer] = [lying(market, task, liar, 1n), lying(market, task, accomplice, 2n)]
    await market.takeAndPost(lie)
    await market.enter(killer)
    await outlast(market, killer, lie)
    const right = truthOf(honest)
    const receipt = await market.enterAndOpen(right, lie)
    expect(argsOf(market.contract, receipt, 'Opened')).toEqual([])
    expect(await market.entry(right)).toMatchObject({ status: ENTRY.ALIVE, games: 0 })
    await defeat(market, right, killer)
    await settles(right)
  })
})

describe('copies', () => {
  test('of a lie cost a bond each, of which half burns even where they concede to their own kind', async () => {
    const lie = lying(market, task, liar, 5n)
    const [copy, own] = [lying(market, task, accomplice, 5n), truthOf(liar)]
    await market.takeAndPost(lie)
    for (const claim of [copy, own]) await market.enter(claim)
    for (const loser of [lie, copy]) await outlast(market, own, loser)
    await settles(own)
    const { gained } = await gains(market, { liar, accomplice }, async () => {
      await market.payDead(lie, [own])
      await market.payDead(copy, [own])
      return market.release(own)
    })
    expect(gained).toEqual({
      liar: { free: bond + 2n * (bond / 2n), locked: -2n * bond, wei: deposit + 2n * refund },
      accomplice: { locked: -bond },
    })
    expect(await market.evm.read(market.vault, 'toBurn', [])).toBe(2n * (bond - bond / 2n))
  })

  test('of the truth earn nothing but their stake', async () => {
    const [lie, right, copy] = [lying(market, task, liar, 5n), truthOf(honest), truthOf(accomplice)]
    await market.takeAndPost(lie)
    for (const claim of [right, copy]) await market.enter(claim)
    await outlast(market, right, lie)
    await settles(right)
    const { gained } = await gains(market, { accomplice, honest }, async () => {
      await market.finalise(right)
      await market.payDead(lie, [right])
      return market.release(copy)
    })
    const back = { free: bond, locked: -bond, wei: deposit }
    expect(gained).toEqual({
      accomplice: back,
      honest: { free: bond + bond / 2n, locked: -bond, wei: deposit + refund + TERMS.maxPrice },
    })
  })
})

describe('a truth copied out of a waiting transaction', () => {
  /** What nothing in the rules prevents: entries are public before they are made. */
  test('and sent in front of it takes price and half of the bond, but neither stake nor gas of the honest one', async () => {
    const [lie, copy, right] = [lying(market, task, liar, 5n), truthOf(accomplice), truthOf(honest)]
    await market.takeAndPost(lie)
    await market.enterAndOpen(copy, lie)
    await runOut(market, await market.enterAndOpen(right, lie))
    await market.bury(right, lie)
    await settles(right)
    const { gained } = await gains(market, { accomplice, honest }, async () => {
      await market.finalise(right)
      await market.payDead(lie, [copy, right])
      return market.release(right)
    })
    const back = { locked: -bond, wei: deposit + refund }
    expect(gained).toEqual({
      accomplice: { ...back, free: bond + bond / 2n, wei: back.wei + TERMS.maxPrice },
      honest: { ...back, free: bond },
    })
  })
})

describe('one account as requester, solver and verifier', () => {
  test('loses half of a bond by playing itself, and gains nothing without', async () => {
    const own = await market.createTask(1000n, 10n, { requester: liar, ...TERMS })
    const [lie, right] = [lying(market, own, liar, 5n), market.claim(own, liar)]
    const played = await gains(market, { liar }, async () => {
      await market.takeAndPost(lie)
      await market.enter(right)
      await outlast(market, right, lie)
      await market.evm.advanceTo((await market.phases(own)).opening)
      await market.finalise(right)
      return market.payDead(lie, [right])
    })
    expect(played.gained).toEqual({ liar: { free: -(bond - bond / 2n), wei: TERMS.maxPrice } })
    const quiet = await gains(market, { liar }, async () => {
      const task = await market.createTask(1000n, 10n, { requester: liar, ...TERMS })
      await market.takeAndPost(market.claim(task, liar))
      await market.evm.advanceTo((await market.phases(task)).challenge)
      return market.finalise(market.claim(task, liar))
    })
    expect(quiet.gained).toEqual({ liar: {} })
  })
})

describe('ill-formed entries', () => {
  const endings = [
    [{ status: 0, steps: 999n }, 'NotFinal', [0n, 999n, 1000n]],
    [{ status: 3, steps: 1000n }, 'NotFinal', [3n, 1000n, 1000n]],
    [{ status: 1, steps: 0n }, 'StepsOutOfRange', [0n, 1000n]],
    [{ status: 1, steps: 1001n }, 'StepsOutOfRange', [1001n, 1000n]],
    [{ status: 2, steps: 2n ** 63n }, 'StepsOutOfRange', [2n ** 63n, 1000n]],
    [{ status: 1, steps: 2n ** 64n - 1n }, 'StepsOutOfRange', [2n ** 64n - 1n, 1000n]],
  ] as const

  test('are refused, as the solver’s and as anybody’s', async () => {
    await market.take(task, liar)
    for (const [ending, error, args] of endings) {
      await revertsWith(market.post(claimOfEnding(market, task, liar, ending).claim), error, args)
    }
    const wide = { ...claimOfEnding(market, task, liar).claim }
    const regs = wide.regs | (1n << 200n)
    await revertsWith(market.post({ ...wide, regs }), 'RegistersTooWide', [regs])
    await market.post(truthOf(liar))
    for (const [ending, error, args] of endings) {
      await revertsWith(market.enter(claimOfEnding(market, task, accomplice, ending).claim), error, args)
    }
    await revertsWith(market.enter({ ...wide, owner: accomplice, regs }), 'RegistersTooWide', [regs])
  })
})
