import { describe, expect, it } from 'vitest'
import { afterwards, mayHaveLocked } from '../../daemon/locks.ts'
import {
  type Action,
  NodeFailed,
  NotEnoughEther,
  nextActions,
  type Outcome,
  SimulationRefused,
  TransactionNotMined,
  TransactionReverted,
  WaitsAtFeeLimit,
  type WriterError,
} from '../../protocol/index.ts'
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

describe('mayHaveLocked', () => {
  const hash = `0x${'1'.repeat(64)}` as const
  const mined = (action: Action): Outcome => ({ kind: 'mined', action, hash, gasUsed: 1n })
  const failed = (error: WriterError): Outcome => ({ kind: 'failed', action: take, error })

  it('is true of a stake that is locked, not of other actions', () => {
    expect([take, enterAndOpen, bury].map((action) => mayHaveLocked(mined(action)))).toEqual([true, true, false])
    expect(mayHaveLocked({ kind: 'alreadyDone', action: take, told: 'WrongStatus' })).toBe(false)
  })

  it('is true of what was sent or may have been, and can still be mined', () => {
    const open = [new TransactionNotMined(hash), new WaitsAtFeeLimit(hash, 1n), new NodeFailed('gone')]
    expect(open.map((error) => mayHaveLocked(failed(error)))).toEqual([true, true, true])
    const over = [new NotEnoughEther(1n, 2n), new SimulationRefused('OrderExpired', []), new TransactionReverted(hash)]
    expect(over.map((error) => mayHaveLocked(failed(error)))).toEqual([false, false, false])
  })
})
