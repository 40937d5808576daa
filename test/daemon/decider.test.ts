import { describe, expect, it } from 'vitest'
import type { Content, ContentReason } from '../../daemon/content.ts'
import { createDecider } from '../../daemon/decider.ts'
import { createPrograms, idle, nextActions, type Programs, type Question, type Strategy } from '../../protocol/index.ts'
import { unanswered } from '../helpers/doubt.ts'
import { FALSE, gameOf, LIE, MINE, OTHER, PHASES, type Setting, situationOf, TRUTH } from '../helpers/situations.ts'

const game = gameOf(FALSE, MINE, TRUTH, 0n, 8n)
const OWED: Setting = { entries: [MINE], now: PHASES.challenge, status: 'abandoned' }
const RIVAL_LATE: Setting = { entries: [MINE, FALSE], games: [game], now: game.deadline + 1n }

const broken: Programs = {
  ...createPrograms([]),
  compute: () => {
    throw new RangeError('out of memory')
  },
}

const contentThatLacks = (lacks: ContentReason): Content => ({
  module: () => ({ lacks, message: '' }),
  input: () => ({ lacks, message: '' }),
  held: () => undefined,
  retain: () => undefined,
  atRest: async () => undefined,
})

/** What is decided, and what is told, by a player with these programs. */
function decide(programs: Programs, setting: Setting, strategy: Strategy = nextActions, content?: Content) {
  const told: string[] = []
  const decider = createDecider({
    ...{ programs, idle, strategy, content },
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

  it.each([
    ['programSought', 'info'],
    ['programMissing', 'error'],
  ] as const)('tells with a stake of %s as %s', (lacks, level) => {
    const { told } = decide(createPrograms([]), RIVAL_LATE, nextActions, contentThatLacks(lacks))
    expect(told).toEqual([`${level} refused ${lacks}`])
  })

  describe('where the computation is made elsewhere', () => {
    function elsewhere(compute: Programs['compute']) {
      const asked: Question[] = []
      const programs = {
        ...createPrograms([]),
        compute,
        ask: (_: string, questions: readonly Question[]) => void asked.push(...questions),
      }
      return { asked, programs }
    }

    it('does what needs no truth until it is there, and says that it waits', () => {
      const { programs, asked } = elsewhere(() => ({ waits: true }))
      expect(decide(programs, RIVAL_LATE)).toEqual({ kinds: ['timeout'], told: ['info computing undefined'] })
      expect(asked).toEqual([])
    })

    it('asks for what a decision lacks, and does what it does not lack anything for', () => {
      const { programs, asked } = elsewhere(() => ({ trace: unanswered(TRUTH).trace }))
      const rival = gameOf(OTHER, MINE, TRUTH, 0n, 8n)
      const now = rival.deadline + 1n
      const mine = { ...gameOf(MINE, FALSE, LIE, 0n, 8n), deadline: now }
      const { kinds, told } = decide(programs, { entries: [MINE, FALSE, OTHER], games: [rival, mine], now })
      expect(kinds).toEqual(['timeout'])
      expect(told).toContain('info skipped computing')
      expect(asked).toEqual([{ asks: 'hash', step: 4n }])
    })

    it('asks for what a whole strategy lacks', () => {
      const { programs, asked } = elsewhere(() => ({ trace: unanswered(TRUTH).trace }))
      const strategy: Strategy = ({ trace }) => ({
        actions: [],
        skips: [],
        questions: [{ asks: 'walk', step: BigInt(trace.result().length) }],
      })
      expect(decide(programs, OWED, strategy)).toEqual({ kinds: [], told: ['info skipped computing'] })
      expect(asked).toEqual([{ asks: 'result' }])
    })
  })
})
