import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  clocksOf,
  depositOf,
  finalisingEnd,
  gasPriceAt,
  type MarketRules,
  type Phases,
  phasesOf,
  postingEnd,
  priceAt,
  refundOf,
  type Verdict,
  verdictAt,
} from '../../protocol/rules.ts'
import { runOut } from '../helpers/market-steps.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { RULES, ToyMarket } from '../helpers/toy-market.ts'
import type { ToyTask } from '../helpers/toy-task.ts'

const GWEI = 10n ** 9n
/** Steps a second of the slowest player, and tasks for which it takes less than a second up to years. */
const SPEED = 1_000n
const STEPS = [1n, 999n, 1_000n, 1_001n, 65_537n, 10n ** 9n]
const VERDICTS: readonly Verdict[] = ['pending', 'settled', 'void']

let market: ToyMarket
let rules: MarketRules
let fresh: unknown

beforeAll(async () => {
  console.log(`seed ${TEST_SEED}`)
  market = await ToyMarket.create({ speed: SPEED, maxSteps: 10n ** 9n })
  rules = market.rules
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

/** A task that was asked for, taken and posted, and its times. */
async function posted(maxSteps: bigint) {
  const task = await market.createTask(maxSteps)
  const claim = market.claim(task, market.account(1))
  await market.take(task, claim.owner)
  const taken = await market.evm.now()
  const postingEnd = await market.evm.read(market.contract, 'postingEnd', [task.origin])
  await market.post(claim)
  return { task, claim, taken, postingEnd, at: await market.evm.now() }
}

describe('phasesOf, clocksOf and postingEnd', () => {
  test.each(STEPS)('agree with the market for a task of %d steps', async (maxSteps) => {
    const { task, taken, at, ...told } = await posted(maxSteps)
    expect(await market.phases(task)).toEqual(phasesOf(rules, at, maxSteps))
    expect(told.postingEnd).toBe(postingEnd(rules, taken, maxSteps))
    const [challenge, support, opening, budget, minimum] = await market.evm.read(market.contract, 'timingOf', [
      maxSteps,
    ])
    expect({ budget, least: minimum }).toEqual(clocksOf(rules, maxSteps))
    const phases = phasesOf(rules, 0n, maxSteps)
    expect([challenge, challenge + support, challenge + support + opening]).toEqual([
      phases.challenge,
      phases.support,
      phases.opening,
    ])
  })
})

describe('depositOf', () => {
  test.each(STEPS)('agrees with the market for a task of %d steps', async (maxSteps) => {
    const { task } = await posted(maxSteps)
    const gasPrice = BigInt((await market.stored(task)).gasPrice) * 10n ** 7n
    const deposit = await market.deposit(task)
    expect(deposit).toBe(depositOf(rules, gasPrice, maxSteps))
    expect(deposit).toBe(4n * refundOf(rules, gasPrice, maxSteps))
    expect(deposit % (4n * GWEI)).toBe(0n)
  })

  test('is 1.2 times the price of gas of both sides of two of the longest disputes', () => {
    // 1 << 16 steps at arity 16 are five moves: a side makes at most three of them.
    const gas = RULES.enterGas + 3n * RULES.moveGas
    expect(depositOf(rules, gasPriceAt(rules, 0n), 2n ** 16n)).toBe((4n * gas * 12n * GWEI) / 10n)
  })
})

describe('gasPriceAt', () => {
  test.each([
    [0n, (12n * GWEI) / 10n],
    [GWEI / 2n, (12n * GWEI) / 10n],
    [GWEI, (24n * GWEI) / 10n],
    [GWEI + 1n, (24n * GWEI) / 10n + 10n ** 7n],
    [10n ** 18n, (2n ** 24n - 1n) * 10n ** 7n],
  ])('makes of a base fee of %d wei %d', (baseFee, wanted) => {
    expect(gasPriceAt(rules, baseFee)).toBe(wanted)
  })
})

describe('priceAt', () => {
  test('agrees with the market at any time', async () => {
    const random = createRandom(TEST_SEED)
    for (const [minPrice, maxPrice, ramp] of [
      [3n, 5n, 60],
      [0n, 1_000_003n, 7_777],
      [7n, 7n, 10],
      [2n, 9n, 0],
    ] as const) {
      const asking = { minPrice: minPrice * GWEI, maxPrice: maxPrice * GWEI, ramp }
      const { request } = await market.createTask(10n, 0n, asking)
      const start = await market.evm.now()
      const times = [start - 1n, start, start + 1n, ...[0, 1, 2].map(() => start + BigInt(random.below(ramp + 2)))]
      for (const time of [...times, start + BigInt(ramp) - 1n, start + BigInt(ramp), 2n ** 39n]) {
        expect(await market.evm.read(market.contract, 'priceAt', [request, time])).toBe(priceAt(request, start, time))
      }
    }
  })
})

describe('verdictAt and finalisingEnd', () => {
  /** The verdict of the market and that of the twin, a second before and at each end of a phase that is to come. */
  async function expectSame(task: ToyTask, phases: Phases, seen: number, alive: number): Promise<void> {
    const now = await market.evm.now()
    for (const time of Object.values(phases).flatMap((end: bigint) => [end - 1n, end])) {
      if (time <= now) continue
      await market.evm.at(time)
      expect(VERDICTS[await market.verdict(task)], `${time}`).toBe(verdictAt(phases, seen, alive, time))
    }
  }

  const rivalOf = ({ task }: Awaited<ReturnType<typeof posted>>) =>
    market.claim(task, market.account(2), { ...task.truth, lie: { substep: 5n, by: 1n } })

  test('agree with the market where one value was seen', async () => {
    const { task, at } = await posted(1_000n)
    const phases = phasesOf(rules, at, task.maxSteps)
    await expectSame(task, phases, 1, 1)
    const end = finalisingEnd(rules, phases, 1)
    await market.evm.at(end)
    await expect(market.close(task, 'abandon')).rejects.toThrow('FinalisingOpen')
    await market.evm.at(end + 1n)
    await market.close(task, 'abandon')
  })

  test('agree with the market where two values live', async () => {
    const found = await posted(1_000n)
    await market.enter(rivalOf(found))
    await expectSame(found.task, phasesOf(rules, found.at, found.task.maxSteps), 2, 2)
  })

  test('agree with the market where one of two values died', async () => {
    const found = await posted(1_000n)
    const rival = rivalOf(found)
    await runOut(market, await market.enterAndOpen(rival, found.claim))
    await market.bury(rival, found.claim)
    const phases = phasesOf(rules, found.at, found.task.maxSteps)
    await expectSame(found.task, phases, 2, 1)
    const end = finalisingEnd(rules, phases, 2)
    await market.evm.at(end)
    await expect(market.close(found.task, 'abandon')).rejects.toThrow('FinalisingOpen')
    await market.evm.at(end + 1n)
    await market.close(found.task, 'abandon')
  })
})
