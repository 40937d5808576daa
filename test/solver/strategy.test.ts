import { describe, expect, it } from 'vitest'
import { idle, nextActions } from '../../protocol/index.ts'
import { idleSolver, solve } from '../../solver/index.ts'
import { FALSE, MINE, RULES, situationOf } from '../helpers/situations.ts'

describe('solve', () => {
  it('answers a task that has no answer', () => {
    expect(solve(situationOf({})).actions).toMatchObject([{ kind: 'enter', reason: 'noAnswer', value: MINE.value }])
  })

  it('says why it cannot', () => {
    expect(solve(situationOf({ balance: RULES.bond - 1n })).skips).toMatchObject([{ reason: 'balanceTooSmall' }])
  })

  it.each([[MINE], [FALSE], [MINE, FALSE]])('then plays as everybody honest does', (...entries) => {
    expect(solve(situationOf({ entries }))).toEqual(nextActions(situationOf({ entries })))
  })
})

describe('idleSolver', () => {
  it('computes what nobody answered, if it has a bond', () => {
    expect(idleSolver(situationOf({}))).toBe(undefined)
    expect(idleSolver(situationOf({ balance: RULES.bond - 1n }))?.reason).toBe('balanceTooSmall')
  })

  it('is then as idle as everybody', () => {
    const situation = situationOf({ entries: [FALSE], balance: 0n })
    expect(idleSolver(situation)).toEqual(idle(situation))
  })
})
