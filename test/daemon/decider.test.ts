import { describe, expect, it } from 'vitest'
import { createDecider } from '../../daemon/decider.ts'
import { createPrograms, idle, nextActions, type Programs } from '../../protocol/index.ts'
import { FALSE, gameOf, MINE, PHASES, type Setting, situationOf, TRUTH } from '../helpers/situations.ts'

const game = gameOf(FALSE, MINE, TRUTH, 0n, 8n)
const OWED: Setting = { entries: [MINE], now: PHASES.challenge, status: 'abandoned' }
const RIVAL_LATE: Setting = { entries: [MINE, FALSE], games: [game], now: game.deadline + 1n }

const broken: Programs = {
  ...createPrograms([]),
  compute: () => {
    throw new RangeError('out of memory')
  },
}

/** What is decided, and what is told, by a player with these programs. */
function decide(programs: Programs, setting: Setting) {
  const told: string[] = []
  const decider = createDecider({
    ...{ programs, idle, strategy: nextActions },
    log: (level, event, fields) => told.push(`${level} ${event} ${fields?.reason}`),
  })
  const { trace: _, ...glance } = situationOf(setting)
  return { kinds: decider(glance).map(({ kind }) => kind), told }
}

describe('createDecider', () => {
  it.each([
    ['refused', createPrograms([]), 'error refused unknownProgram'],
    ['failing', broken, 'error taskFailed RangeError'],
  ])('collects what takes no computation where the computation is %s', (_, programs, line) => {
    expect(decide(programs, OWED)).toEqual({ kinds: ['release'], told: [expect.any(String)] })
    expect(decide(programs, RIVAL_LATE)).toEqual({ kinds: ['timeout'], told: [line] })
  })

  it('does nothing where it has no stake and knows no truth', () => {
    expect(decide(broken, { entries: [FALSE] })).toEqual({ kinds: [], told: ['error taskFailed RangeError'] })
  })
})
