import { describe, expect, it } from 'vitest'
import { idleVerifier, verifier, verify } from '../../verifier/index.ts'
import { entryOf, FALSE, PHASES, RIVAL, situationOf, TRUTH } from '../helpers/situations.ts'

describe('verify', () => {
  it('leaves taking and posting to solvers', () => {
    for (const status of ['open', 'taken'] as const) {
      const situation = situationOf({ status, solver: RIVAL })
      expect(verify(situation).actions).toEqual([])
      expect(idleVerifier(situation)?.reason).toBe('noFalseAnswer')
    }
  })

  it('stakes nothing while only the truth is there', () => {
    const entries = [entryOf(RIVAL, TRUTH)]
    for (const now of Object.values(PHASES)) expect(verify(situationOf({ entries, now })).actions).toEqual([])
  })

  it('enters and opens as soon as a false answer is there', () => {
    expect(verify(situationOf({ entries: [FALSE] })).actions.map(({ kind }) => kind)).toEqual(['enterAndOpen'])
  })
})

describe('verifier', () => {
  it('plays that way whatever a task pays', () => {
    expect(verifier.play({ minProfit: 10n ** 30n })).toEqual({ strategy: verify, idle: idleVerifier })
  })
})
