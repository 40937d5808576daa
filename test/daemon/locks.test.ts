import { describe, expect, it } from 'vitest'
import { afterwards, isLocking } from '../../daemon/locks.ts'
import { type Action, nextActions } from '../../protocol/index.ts'
import { solve } from '../../solver/index.ts'
import { DEPOSIT, FALSE, ME, MINE, RESERVE, RULES, situationOf } from '../helpers/situations.ts'

const open = situationOf({ baseFee: 1n })
const [take] = solve(open).actions as [Action]
const [enterAndOpen] = nextActions(situationOf({ entries: [FALSE] })).actions as [Action]
const [bury] = nextActions(situationOf({ entries: [MINE, FALSE] })).actions as [Action]

describe('afterwards', () => {
  it('counts bond, cap, deposit and the gas of a dispute of each stake that is locked', () => {
    const me = { owner: ME, stake: 500n, allowance: 400n, ether: 9n * DEPOSIT, wallet: 9n * RESERVE, reserved: RESERVE }
    expect(afterwards(me, RULES, open.task, [take, bury, enterAndOpen])).toEqual({
      ...me,
      ...{ stake: 500n - 2n * RULES.bond, allowance: 400n - 2n * RULES.bond },
      ...{ ether: 7n * DEPOSIT, reserved: 3n * RESERVE },
    })
    expect(afterwards(me, RULES, open.task, [bury])).toEqual(me)
  })
})

describe('isLocking', () => {
  it('is true of what locks a stake of its own', () => {
    expect([take, enterAndOpen, bury].map(isLocking)).toEqual([true, true, false])
  })
})
