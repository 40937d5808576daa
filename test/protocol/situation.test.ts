import { describe, expect, it } from 'vitest'
import { reserveOf } from '../../protocol/index.ts'
import {
  dead,
  entryOf,
  FALSE,
  FINAL,
  LIE,
  ME,
  MINE,
  PHASES,
  RESERVE,
  RIVAL,
  RULES,
  taskOf,
} from '../helpers/situations.ts'

describe('reserveOf', () => {
  it('adds up a dispute for each stake that can be lost', () => {
    const tasks = [
      taskOf({ status: 'taken' }),
      taskOf({ entries: [MINE, FALSE] }),
      taskOf({ entries: [MINE, entryOf(ME, LIE)] }),
      taskOf({ status: 'taken', solver: RIVAL }),
      taskOf({ entries: [dead(MINE), FALSE] }),
      taskOf({ entries: [MINE], now: PHASES.challenge }),
      taskOf({ ...FINAL, entries: [MINE] }),
    ]
    expect(reserveOf(RULES, tasks, ME)).toBe(4n * RESERVE)
  })
})
