import { describe, expect, it } from 'vitest'
import { byUrgency, pressureOn } from '../../daemon/urgency.ts'
import type { TaskView } from '../../protocol/index.ts'
import {
  entryOf,
  FALSE,
  gameOf,
  LEAST,
  LIE,
  ME,
  MINE,
  PHASES,
  POSTED,
  POSTING_END,
  RIVAL,
  RULES,
  TRUTH,
  taskOf,
} from '../helpers/situations.ts'

const sort = (tasks: readonly TaskView[], me = ME, now = POSTED) => byUrgency(RULES, tasks, me, now)
const ours = gameOf(MINE, FALSE, LIE, 0n, 8n)
const both = { entries: [MINE, FALSE] }

describe('byUrgency', () => {
  const open = taskOf({})
  const expiresFirst = taskOf({ order: { expires: 1 } })
  const foreign = taskOf({ entries: [FALSE] })
  const later: TaskView = { ...foreign, phases: { ...PHASES, challenge: PHASES.challenge + 1n } }
  const taken = taskOf({ status: 'taken' })
  const takenBefore: TaskView = { ...taken, takenAt: (taken.takenAt ?? 0n) - 1n }
  const atRest = taskOf({ ...both, games: [gameOf(FALSE, MINE, TRUTH, 0n, 8n)] })
  const onMove = taskOf({ ...both, games: [ours] })
  const sooner = taskOf({ ...both, games: [{ ...ours, deadline: ours.deadline - 1n }] })

  it('puts what can be lost before what can be won', () => {
    const [staked, others] = sort([open, foreign, atRest, taken])
    expect(new Set(staked)).toEqual(new Set([atRest, taken]))
    expect(new Set(others)).toEqual(new Set([open, foreign]))
  })

  it('puts running clocks first, then what it has to post, then the ends of phases', () => {
    expect(sort([atRest, taken, onMove, takenBefore, sooner])[0]).toEqual([sooner, onMove, takenBefore, taken, atRest])
  })

  it('puts the ends of phases before what may be taken, and that by when it expires', () => {
    expect(sort([open, expiresFirst, later, foreign])[1]).toEqual([foreign, later, expiresFirst, open])
  })

  it('takes the phase that is running now', () => {
    const early = taskOf({ entries: [entryOf(RIVAL, TRUTH)] })
    const now = PHASES.challenge
    const late: TaskView = { ...foreign, phases: { ...PHASES, challenge: now + 1n, support: now + 1n } }
    expect(sort([early, late], ME, now)[1]).toEqual([late, early])
  })

  it('asks whose stake it is', () => {
    expect(sort([foreign, taken], RIVAL)).toEqual([[foreign], [taken]])
  })
})

describe('pressureOn', () => {
  const pressure = (task: TaskView, now = POSTED) => pressureOn(RULES, task, ME, now)

  it('is none where no stake is in', () => {
    expect([pressure(taskOf({})), pressure(taskOf({ entries: [FALSE] }))]).toEqual(['none', 'none'])
    expect(pressure(taskOf({ status: 'taken', solver: RIVAL }))).toBe('none')
  })

  it('is pressing once half of the least time for a move is left on a clock', () => {
    const task = taskOf({ ...both, games: [ours] })
    const half = ours.deadline - LEAST / 2n
    expect([pressure(task, half), pressure(task, half + 1n)]).toEqual(['staked', 'pressing'])
    expect(pressure(taskOf({ ...both, games: [gameOf(FALSE, MINE, TRUTH, 0n, 8n)] }), half + 1n)).toBe('staked')
  })

  it('is pressing in the last time to post what was taken', () => {
    const task = taskOf({ status: 'taken' })
    const late = POSTING_END - LEAST + 1n
    expect([pressure(task, late - 1n), pressure(task, late)]).toEqual(['staked', 'pressing'])
  })
})
