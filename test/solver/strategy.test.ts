import { describe, expect, it } from 'vitest'
import { idle, nextActions, OUTPUT_BYTE_GAS, SOLVING_GAS } from '../../protocol/index.ts'
import { idleSolver, solve, solver } from '../../solver/index.ts'
import { FALSE, MINE, ORDER, POSTED, RULES, situationOf, TRUTH } from '../helpers/situations.ts'

describe('solve', () => {
  it('takes what pays, and posts what it took', () => {
    expect(solve(situationOf({ baseFee: 1n })).actions).toMatchObject([{ kind: 'take', reason: 'pricePays' }])
    const taken = situationOf({ status: 'taken' })
    expect(solve(taken).actions).toMatchObject([{ kind: 'post', reason: 'taskTaken', value: MINE.value }])
  })

  it('says why it cannot', () => {
    expect(solve(situationOf({ stake: RULES.bond - 1n, baseFee: 1n })).skips).toMatchObject([
      { reason: 'stakeTooSmall' },
    ])
  })

  it.each([[MINE], [FALSE], [MINE, FALSE]])('then plays as everybody honest does', (...entries) => {
    expect(solve(situationOf({ entries }))).toEqual(nextActions(situationOf({ entries })))
  })
})

describe('idleSolver', () => {
  it('computes what it could take', () => {
    expect(idleSolver(situationOf({ baseFee: 1n }))).toBe(undefined)
    expect(idleSolver(situationOf({ stake: RULES.bond - 1n, baseFee: 1n }))?.reason).toBe('stakeTooSmall')
  })

  it('is then as idle as everybody', () => {
    const situation = situationOf({ entries: [FALSE], stake: 0n })
    expect(idleSolver(situation)).toEqual(idle(situation))
  })
})

describe('solver', () => {
  const now = POSTED + 100n
  const outputBytes = BigInt(TRUTH.result().output.length)
  /** Before the output is known, and then. */
  const hope = ORDER.maxPrice - SOLVING_GAS
  const profit = hope - outputBytes * OUTPUT_BYTE_GAS

  it('takes for what its operator wants to earn, not for less', () => {
    const situation = situationOf({ now, baseFee: 1n })
    const reasonsFor = (minProfit: bigint) =>
      solver
        .play({ minProfit })
        .strategy(situation)
        .skips.map(({ reason }) => reason)
    expect(reasonsFor(profit)).toEqual([])
    expect(reasonsFor(profit + 1n)).toEqual(['priceTooLow'])
  })

  it('computes nothing that will never pay so much', () => {
    const situation = situationOf({ now, baseFee: 1n })
    const idleFor = (minProfit: bigint) => solver.play({ minProfit }).idle?.(situation)?.reason
    expect(idleFor(hope)).toBe(undefined)
    expect(idleFor(hope + 1n)).toBe('priceTooLow')
  })
})
