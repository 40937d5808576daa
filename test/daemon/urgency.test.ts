import { describe, expect, it } from 'vitest'
import { byUrgency } from '../../daemon/urgency.ts'
import type { TaskView } from '../../protocol/index.ts'
import {
  FALSE,
  gameOf,
  LIE,
  ME,
  MINE,
  PHASES,
  POSTED,
  RIVAL,
  type Setting,
  situationOf,
  TRUTH,
} from '../helpers/situations.ts'

const taskOf = (setting: Setting): TaskView => situationOf(setting).task
const ours = gameOf(MINE, FALSE, LIE, 0n, 8n)
const both = { entries: [MINE, FALSE] }

describe('byUrgency', () => {
  const open = taskOf({})
  const foreign = taskOf({ entries: [FALSE] })
  const late: TaskView = { ...foreign, phases: { ...PHASES, challenge: PHASES.challenge + 1n } }
  const atRest = taskOf({ ...both, games: [gameOf(FALSE, MINE, TRUTH, 0n, 8n)] })
  const onMove = taskOf({ ...both, games: [ours] })
  const sooner = taskOf({ ...both, games: [{ ...ours, deadline: ours.deadline - 1n }] })
  const won = taskOf({ ...both, games: [{ ...ours, deadline: 0n, winner: MINE.id }] })

  it('puts what is at stake before what is not, and a running clock before all', () => {
    const [staked, others] = byUrgency([open, late, foreign, won, atRest, onMove, sooner], ME, POSTED)
    expect(staked).toEqual([sooner, onMove, won, atRest])
    expect(others).toEqual([foreign, late, open])
  })

  it('asks whose stake it is', () => {
    expect(byUrgency([foreign], RIVAL, POSTED)).toEqual([[foreign], []])
  })
})
