import { describe, expect, it } from 'vitest'
import { nextActions, withoutTrace } from '../../protocol/index.ts'
import {
  ALLY,
  dead,
  FALSE,
  gameOf,
  LEAST,
  LIE,
  MINE,
  OTHER,
  PHASES,
  type Setting,
  situationOf,
  THIRD,
  TRUTH,
} from '../helpers/situations.ts'

const both = { entries: [MINE, FALSE] }
const rivalOnMove = gameOf(FALSE, MINE, TRUTH, 0n, 8n)
const onMove = gameOf(MINE, FALSE, LIE, 0n, 8n)
const late = { now: rivalOnMove.deadline + 1n }

const actionsOf = (setting: Setting) => {
  const { trace: _, ...glance } = situationOf(setting)
  return withoutTrace(glance).actions
}

describe('withoutTrace', () => {
  it.each<[string, Setting]>([
    ['timeout', { ...both, games: [rivalOnMove], ...late }],
    ['bury', { ...both, games: [{ ...rivalOnMove, winner: MINE.id }] }],
    ['release', { entries: [MINE], now: PHASES.challenge, status: 'abandoned' }],
    ['payDead', { entries: [MINE, dead(FALSE)], now: PHASES.opening, status: 'final' }],
  ])('does %s as whoever computed does', (kind, setting) => {
    const expected = nextActions(situationOf(setting)).actions.filter((action) => action.kind === kind)
    expect(expected.length).toBe(1)
    expect(actionsOf(setting)).toEqual(expect.arrayContaining(expected))
  })

  it('leaves what is due to the opening of the result for the least time of a move', () => {
    const settled = { entries: [MINE, dead(FALSE)] }
    expect(actionsOf({ ...settled, now: PHASES.opening + LEAST - 1n })).toEqual([])
    const kinds = actionsOf({ ...settled, now: PHASES.opening + LEAST }).map(({ kind }) => kind)
    expect(kinds).toEqual(['release', 'payDead'])
  })

  it.each<[string, Setting]>([
    ['where the rival still has time', { ...both, games: [rivalOnMove], now: rivalOnMove.deadline }],
    ['where the own clock ran out', { ...both, games: [onMove], ...late }],
    ['in a game that is lost', { ...both, games: [{ ...onMove, winner: FALSE.id }] }],
    ['against a dead rival', { entries: [MINE, dead(FALSE), OTHER], games: [{ ...rivalOnMove, winner: MINE.id }] }],
    ['for a dead entry of its own', { entries: [dead(MINE), FALSE, THIRD, ALLY], games: [rivalOnMove], ...late }],
    ['in games of others', { entries: [ALLY, FALSE], games: [gameOf(FALSE, ALLY, TRUTH, 0n, 8n)], ...late }],
    ['on an answer that it cannot check', { entries: [FALSE] }],
    ['in a task that is open', {}],
  ])('does nothing %s', (_, setting) => {
    expect(actionsOf(setting)).toEqual([])
  })
})
