import { describe, expect, it } from 'vitest'
import { quoteAt } from '../../client/index.ts'
import { SOLVING_GAS } from '../../protocol/index.ts'
import { answerOf, solverOf } from '../helpers/answers.ts'
import { INPUT, useClient } from '../helpers/client-fixture.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'
import { writing } from '../helpers/small-tasks.ts'

const fixture = useClient()
const GWEI = 10n ** 9n

describe('quoteAt', () => {
  it.each([
    ['a few bytes', SMALL_TASK, 0],
    ['a few kilobytes', writing(new Uint8Array(4096).fill(7)), 4096],
  ])('recommends a price that pays for an undisputed task with %s of output', async (_, wasm, outputBytes) => {
    const { market, solver } = fixture.current
    const task = await fixture.current.requested({ program: await market.publish(wasm) })
    const calls = solverOf(market, solver, task.request)
    const truth = answerOf(wasm, INPUT, task.request.order.maxSteps)
    const take = await calls.take()
    const post = await calls.post(truth)
    await fixture.current.pastChallenge(task)
    const finalise = await calls.finalise(truth)
    const used = take.gasUsed + post.gasUsed + finalise.gasUsed
    const { recommended, cost } = quoteAt(market.rules, { baseFee: GWEI, tip: 0n }, { maxSteps: 1000n, outputBytes })
    expect(cost).toBeGreaterThanOrEqual(used * GWEI)
    expect(cost).toBeLessThan(used * 2n * GWEI)
    expect(recommended.minPrice).toBeGreaterThan(cost)
  })

  it('recommends whole gwei: a quarter more than the cost at least, four times the cost at most', () => {
    const { rules } = fixture.current.market
    const { cost, recommended } = quoteAt(rules, { baseFee: 3n * GWEI, tip: 7n }, { maxSteps: 1000n })
    expect(cost).toBe(SOLVING_GAS * (3n * GWEI + 7n))
    expect(recommended.minPrice % GWEI).toBe(0n)
    expect(recommended.minPrice - (cost * 5n) / 4n).toBeLessThan(GWEI)
    expect(recommended.maxPrice - cost * 4n).toBeLessThan(GWEI)
  })

  it('adds what the run shall be paid for', () => {
    const { rules } = fixture.current.market
    const quote = (weiPerGigastep: bigint) =>
      quoteAt(rules, { baseFee: GWEI, tip: 0n }, { maxSteps: 5n * 10n ** 9n, weiPerGigastep }).recommended.minPrice
    expect(quote(GWEI) - quote(0n)).toBe(5n * GWEI)
  })
})
