import { describe, expect, it } from 'vitest'
import { verify } from '../../verifier/index.ts'
import { entryOf, FALSE, PHASES, RIVAL, situationOf, TRUTH } from '../helpers/situations.ts'

describe('verify', () => {
  it('leaves the first answer to the solver', () => {
    expect(verify(situationOf({})).actions).toEqual([])
  })

  it('stakes nothing while only the truth is there', () => {
    const entries = [entryOf(RIVAL, TRUTH)]
    for (const now of Object.values(PHASES)) expect(verify(situationOf({ entries, now })).actions).toEqual([])
  })

  it('enters and opens as soon as a false answer is there', () => {
    expect(verify(situationOf({ entries: [FALSE] })).actions.map(({ kind }) => kind)).toEqual(['enterAndOpen'])
  })
})
