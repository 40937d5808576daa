import { describe, expect, it } from 'vitest'
import { afterwards, oneApproval } from '../../daemon/bonds.ts'
import type { Action } from '../../protocol/index.ts'
import { enter } from '../../protocol/index.ts'
import { FALSE, RULES, situationOf } from '../helpers/situations.ts'

const { bond } = RULES
const [entry] = enter(situationOf({}), 'noAnswer').actions as [Action]
const [approval] = enter(situationOf({ allowance: 0n }), 'noAnswer').actions as [Action]
const settle: Action = { kind: 'settle', reason: 'unanimous', task: entry.task, claim: FALSE }

describe('afterwards', () => {
  it('counts the bond of an entry, and one that waits for its allowance', () => {
    const funds = { balance: 5n * bond, allowance: 2n * bond }
    expect(afterwards(funds, [entry, settle], bond)).toEqual({ balance: 4n * bond, allowance: bond })
    expect(afterwards(funds, [approval], bond)).toEqual({ balance: 4n * bond, allowance: 2n * bond })
  })
})

describe('oneApproval', () => {
  it('allows at once for all that enter now or next', () => {
    expect(oneApproval([entry, settle, approval, approval], bond)).toEqual([
      { ...approval, amount: 3n * bond },
      entry,
      settle,
    ])
  })

  it('leaves alone what needs none', () => {
    expect(oneApproval([entry, settle], bond)).toEqual([entry, settle])
  })
})
