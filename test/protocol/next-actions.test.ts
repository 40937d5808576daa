import { describe, expect, it } from 'vitest'
import { packRegisters, unpackRegisters } from '../../interpreter/index.ts'
import { type Action, concerns, enter, idle, nextActions, type Skip, type SkipReason } from '../../protocol/index.ts'
import {
  entryOf,
  FALSE,
  gameOf,
  LIE,
  ME,
  MINE,
  OTHER,
  OTHER_LIE,
  PHASES,
  POSTED,
  RIVAL,
  RULES,
  type Setting,
  situationOf,
  THIRD,
  TRUTH,
} from '../helpers/situations.ts'

const OTHER_TRUTH = entryOf(RIVAL, TRUTH)
const dead = (entry: typeof FALSE) => ({ ...entry, status: 'dead', buriedBy: MINE.id }) as const
const ours = gameOf(MINE, FALSE, LIE, 0n, 8n)
const theirs = gameOf(FALSE, MINE, TRUTH, 0n, 8n)
const both = { entries: [MINE, FALSE] }

/** One situation for each kind of action, in which it is the first thing to do; and what it must say. */
const ACTIONS: Record<Action['kind'], [Setting, Partial<Action>]> = {
  approve: [{ entries: [FALSE], allowance: RULES.bond - 1n }, { amount: RULES.bond }],
  enter: [
    { entries: [dead(FALSE), OTHER_TRUTH], now: PHASES.challenge },
    { reason: 'supportTruth', root: TRUTH.final.root, regs: TRUTH.final.regs },
  ],
  enterAndOpen: [{ entries: [FALSE] }, { reason: 'truthMissing', target: { owner: RIVAL, value: FALSE.value } }],
  open: [both, { reason: 'rivalAlive', value: MINE.value, inner: [TRUTH.hashAt(4n)] }],
  bisect: [
    { ...both, games: [ours] },
    { segment: 1, start: TRUTH.hashAt(4n), end: LIE.final.value },
  ],
  prove: [{ ...both, games: [gameOf(MINE, FALSE, LIE, 5n, 1n)] }, { substep: 0 }],
  timeout: [{ ...both, games: [theirs], now: theirs.deadline + 1n }, { game: theirs.id }],
  bury: [{ ...both, games: [{ ...ours, winner: MINE.id }] }, { loser: { owner: RIVAL, value: FALSE.value } }],
  settle: [{ entries: [MINE], now: PHASES.challenge }, { claim: { owner: ME, value: MINE.value } }],
  voidTask: [{ ...both, games: [{ ...ours, winner: FALSE.id }], now: PHASES.end }, { reason: 'endedWithoutUnanimity' }],
  withdraw: [{ entries: [MINE], status: 'settled', settled: MINE.value }, { claim: { owner: ME, value: MINE.value } }],
  divide: [
    { entries: [{ ...MINE, status: 'withdrawn' }, dead(FALSE)], status: 'settled', settled: MINE.value },
    { dead: { owner: RIVAL, value: FALSE.value }, winner: { owner: ME, value: MINE.value } },
  ],
}

/** One situation for each reason to leave something, and what is left. */
const SKIPS: Record<SkipReason, [Setting, Skip['subject']]> = {
  noFalseAnswer: [{}, 'enter'],
  truthStands: [{ entries: [FALSE, OTHER_TRUTH] }, 'enter'],
  enteringClosed: [{ entries: [FALSE, OTHER_TRUTH], now: PHASES.support }, 'enter'],
  onlyOneValueSeen: [{ entries: [OTHER_TRUTH], now: PHASES.challenge }, 'enter'],
  truthNotSeenInTime: [{ entries: [FALSE], now: PHASES.challenge }, 'enter'],
  balanceTooSmall: [{ entries: [FALSE], balance: RULES.bond - 1n }, 'enter'],
  openingClosed: [{ ...both, now: PHASES.opening }, 'open'],
  rivalDead: [{ entries: [MINE, dead(FALSE)], games: [ours] }, 'answer'],
  ownEntryDead: [{ entries: [dead(MINE), FALSE], games: [ours] }, 'answer'],
  ownClockRanOut: [{ ...both, games: [ours], now: ours.deadline + 1n }, 'answer'],
  standingStartForeign: [{ ...both, games: [gameOf(MINE, FALSE, LIE, 6n, 1n)] }, 'answer'],
  nothingToDispute: [{ ...both, games: [gameOf(MINE, FALSE, TRUTH, 0n, 8n)] }, 'answer'],
  rivalOnMove: [{ ...both, games: [theirs] }, 'timeout'],
  gameLost: [{ ...both, games: [{ ...ours, winner: FALSE.id }] }, 'bury'],
  buryingClosed: [{ ...both, games: [{ ...ours, winner: MINE.id }], now: PHASES.end }, 'bury'],
  challengeOpen: [{ entries: [MINE] }, 'settle'],
  openingOpen: [{ entries: [MINE, dead(FALSE)], now: PHASES.challenge }, 'settle'],
  valuesCompete: [{ ...both, games: [theirs] }, 'settle'],
  nothingAtStake: [{ entries: [FALSE, OTHER_TRUTH] }, 'settle'],
}

describe('nextActions', () => {
  it.each(Object.entries(ACTIONS))('begins with %s where that is due', (kind, [setting, wanted]) => {
    expect(nextActions(situationOf(setting)).actions[0]).toMatchObject({ kind, ...wanted })
  })

  it.each(Object.entries(SKIPS))('says %s where that is the reason', (reason, [setting, subject]) => {
    expect(nextActions(situationOf(setting)).skips).toContainEqual(expect.objectContaining({ subject, reason }))
  })

  it('does the same in whatever order the entries and the games stand', () => {
    const urgent = { ...gameOf(MINE, OTHER, OTHER_LIE, 0n, 8n), deadline: ours.deadline - 1n }
    const [entries, games] = [
      [MINE, FALSE, OTHER, THIRD, OTHER_TRUTH],
      [ours, urgent],
    ]
    const straight = nextActions(situationOf({ entries, games }))
    const turned = nextActions(situationOf({ entries: entries.toReversed(), games: games.toReversed() }))
    expect(straight.actions.map(({ kind }) => kind)).toEqual(['bisect', 'bisect', 'open'])
    expect(turned.actions).toEqual(straight.actions)
    expect(new Set(turned.skips)).toEqual(new Set(straight.skips))
  })

  it('answers before anything else, the game with the nearest deadline first', () => {
    const urgent = { ...gameOf(MINE, OTHER, OTHER_LIE, 0n, 8n), deadline: ours.deadline - 1n }
    const { actions } = nextActions(situationOf({ entries: [MINE, FALSE, OTHER, THIRD], games: [ours, urgent] }))
    expect(actions.map((action) => [action.kind, 'game' in action && action.game])).toEqual([
      ['bisect', urgent.id],
      ['bisect', ours.id],
      ['open', false],
    ])
  })

  it('opens against every living rival, and against no ally', () => {
    const { actions } = nextActions(situationOf({ entries: [MINE, FALSE, OTHER, dead(THIRD), OTHER_TRUTH] }))
    expect(actions.map((action) => 'target' in action && action.target.value)).toEqual([FALSE.value, OTHER.value])
  })

  it.each([ours, theirs])('neither moves nor calls a clock once nobody can be buried', (game) => {
    const { actions } = nextActions(situationOf({ ...both, games: [game], now: PHASES.end }))
    expect(actions.map(({ kind }) => kind)).toEqual(['voidTask'])
    const late = { ...game, deadline: PHASES.end + 1n }
    expect(nextActions(situationOf({ ...both, games: [late], now: PHASES.end })).actions).toEqual(actions)
  })

  it('moves in the last second of its clock', () => {
    expect(nextActions(situationOf({ ...both, games: [ours], now: ours.deadline })).actions[0]?.kind).toBe('bisect')
  })

  it('does not call the clock of a rival that has its last second left', () => {
    expect(nextActions(situationOf({ ...both, games: [theirs], now: theirs.deadline })).actions).toEqual([])
  })

  it.each(['open', 'live'] as const)('stakes nothing on a task that is %s and has no false answer', (status) => {
    const entries = status === 'open' ? [] : [OTHER_TRUTH]
    for (const now of [POSTED, ...Object.values(PHASES)]) {
      expect(nextActions(situationOf({ entries, now })).actions).toEqual([])
    }
  })

  it('divides only the bonds of those that it buried itself', () => {
    const entries = [MINE, dead(FALSE), { ...dead(OTHER), buriedBy: OTHER_TRUTH.id }, OTHER_TRUTH]
    const { actions } = nextActions(situationOf({ entries, status: 'settled', settled: MINE.value }))
    expect(actions.map((action) => [action.kind, 'dead' in action && action.dead.value])).toEqual([
      ['withdraw', false],
      ['divide', FALSE.value],
    ])
  })

  it('takes its bond back from a void task, and divides none', () => {
    const { actions } = nextActions(situationOf({ entries: [MINE, dead(FALSE)], status: 'void' }))
    expect(actions.map(({ kind }) => kind)).toEqual(['withdraw'])
  })
})

describe('enter', () => {
  it('enters alone where no target is given', () => {
    const { root, regs, value } = TRUTH.final
    const situation = situationOf({})
    const wanted = { kind: 'enter', reason: 'noAnswer', task: situation.task.id, root, regs, value }
    expect(enter(situation, 'noAnswer')).toEqual({ actions: [wanted], skips: [] })
  })

  it.each([
    [1n, 4n],
    [16n, 8n],
  ])('opens over the larger step count of both, against %d steps', (steps, middle) => {
    const target = { ...FALSE, regs: packRegisters({ ...unpackRegisters(FALSE.regs), steps }) }
    const [action] = enter(situationOf({ entries: [target] }), 'truthMissing', target).actions
    expect(action).toMatchObject({ kind: 'enterAndOpen', inner: [TRUTH.hashAt(middle)] })
  })
})

describe('idle', () => {
  const REASONS: [SkipReason | undefined, Setting][] = [
    ['noFalseAnswer', {}],
    ['enteringClosed', { entries: [FALSE, OTHER_TRUTH], now: PHASES.support }],
    ['onlyOneValueSeen', { entries: [FALSE], now: PHASES.challenge }],
    ['balanceTooSmall', { entries: [FALSE], balance: RULES.bond - 1n }],
    [undefined, { entries: [FALSE] }],
    [undefined, { entries: [FALSE, OTHER_TRUTH], now: PHASES.challenge }],
    [undefined, { entries: [MINE, FALSE], balance: 0n, now: PHASES.end }],
    [undefined, { entries: [MINE], status: 'settled', settled: MINE.value, now: PHASES.end }],
  ]
  it.each(REASONS)('says %s of what needs no computing for that', (reason, setting) => {
    expect(idle(situationOf(setting))?.reason).toBe(reason)
  })

  it.each(REASONS.filter(([reason]) => reason !== undefined))(
    'says %s only where nothing would be done',
    (_, setting) => expect(nextActions(situationOf(setting)).actions).toEqual([]),
  )
})

describe('concerns', () => {
  const over = (setting: Setting) => situationOf({ status: 'settled', settled: MINE.value, ...setting }).task
  const withdrawn = { ...MINE, status: 'withdrawn' } as const

  it.each(['open', 'live'] as const)('says yes to everybody of a task that is %s', (status) => {
    expect(concerns(situationOf({ status }).task, ME)).toBe(true)
  })

  it('says yes to the owner of a bond that waits', () => {
    expect(concerns(over({ entries: [MINE] }), ME)).toBe(true)
  })

  it('says yes to who buried an entry that waits to be divided', () => {
    expect(concerns(over({ entries: [withdrawn, dead(FALSE)] }), ME)).toBe(true)
  })

  it('says no to others, and to all once everything is shared out', () => {
    expect(concerns(over({ entries: [MINE, dead(FALSE)] }), RIVAL)).toBe(false)
    expect(concerns(over({ entries: [withdrawn, { ...dead(FALSE), status: 'divided' }] }), ME)).toBe(false)
  })
})
