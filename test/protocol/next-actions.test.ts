import { decodeFunctionData } from 'viem'
import { describe, expect, it } from 'vitest'
import { packRegisters, unpackRegisters } from '../../interpreter/index.ts'
import {
  type Action,
  aloneCallOf,
  answersOf,
  concerns,
  gamesAbi,
  idle,
  marketAbi,
  nextActions,
  type Skip,
  type SkipReason,
  solverStrategy,
  whenKnown,
} from '../../protocol/index.ts'
import { unanswered, withAgreement } from '../helpers/doubt.ts'
import {
  ALLY,
  addressOf,
  CALLBACK,
  DEPOSIT,
  dead,
  entryOf,
  FALSE,
  FINAL,
  gameOf,
  LARGE_TRUTH,
  LIE,
  ME,
  MINE,
  OTHER,
  OTHER_LIE,
  PHASES,
  POSTED,
  POSTING_END,
  RESERVE,
  RIVAL,
  RULES,
  released,
  type Setting,
  situationOf,
  THIRD,
  TRUTH,
  taskOf,
} from '../helpers/situations.ts'

const GWEI = 10n ** 9n
const RELEASED = released(MINE)
const ours = gameOf(MINE, FALSE, LIE, 0n, 8n)
const theirs = gameOf(FALSE, MINE, TRUTH, 0n, 8n)
const both = { entries: [MINE, FALSE] }

/** A solver that asks for nothing but its gas. */
const play = solverStrategy({ minProfit: 0n, gas: 1_000n })

/** One situation for each kind of action, in which it is the first thing to do; and what it must say. */
const ACTIONS: Record<Action['kind'], [Setting, Partial<Action>]> = {
  take: [{}, { reason: 'pricePays', owner: ME, reserve: RESERVE }],
  post: [{ status: 'taken' }, { root: TRUTH.final.root, regs: TRUTH.final.regs, value: MINE.value }],
  noShow: [{ status: 'taken', solver: RIVAL, now: POSTING_END + 1n }, { reason: 'solverLate' }],
  enter: [
    { entries: [dead(FALSE), ALLY], now: PHASES.challenge },
    { reason: 'supportTruth', owner: ME, root: TRUTH.final.root, regs: TRUTH.final.regs, reserve: RESERVE },
  ],
  enterAndOpen: [
    { entries: [FALSE], reserved: 5n, wallet: RESERVE + 5n },
    {
      reason: 'truthMissing',
      target: { owner: RIVAL, value: FALSE.value, root: FALSE.root, regs: FALSE.regs },
      reserve: RESERVE + 5n,
    },
  ],
  open: [both, { reason: 'rivalAlive', owner: ME, value: MINE.value, inner: [TRUTH.hashAt(4n)] }],
  bisect: [
    { ...both, games: [ours] },
    { segment: 1, start: TRUTH.hashAt(4n), end: LIE.final.value },
  ],
  prove: [{ ...both, games: [gameOf(MINE, FALSE, LIE, 5n, 1n)] }, { substep: 0 }],
  timeout: [{ ...both, games: [theirs], now: theirs.deadline + 1n }, { game: theirs.id }],
  bury: [{ ...both, games: [{ ...ours, winner: MINE.id }] }, { loser: { owner: RIVAL, value: FALSE.value } }],
  finalise: [
    { entries: [MINE], now: PHASES.challenge },
    { reason: 'priceDue', regs: MINE.regs, output: TRUTH.result().output, path: TRUTH.result().path },
  ],
  finaliseLarge: [
    { entries: [MINE], now: PHASES.challenge, trace: LARGE_TRUTH },
    { reason: 'priceDue', length: RULES.maxOutput + 1n, outputRoot: LARGE_TRUTH.result().root },
  ],
  deliver: [
    { ...FINAL, entries: [RELEASED], order: CALLBACK },
    { reason: 'tipPays', output: FINAL.result.output },
  ],
  payPrice: [
    { ...FINAL, entries: [dead(ALLY, []), { ...RELEASED, ordinal: 1 }], priceDue: true },
    { value: MINE.value, owners: [ME] },
  ],
  voidTask: [{ ...both, now: PHASES.end }, { reason: 'endedWithoutUnanimity' }],
  release: [{ ...FINAL, entries: [MINE] }, { claim: { owner: ME, value: MINE.value } }],
  payDead: [
    { ...FINAL, entries: [RELEASED, dead(FALSE)], now: PHASES.opening },
    { reason: 'rewardDue', dead: { owner: RIVAL, value: FALSE.value }, opponents: [{ owner: ME, value: MINE.value }] },
  ],
}

/** One situation for each reason to leave something, and what is left; others are those of `idle` and `withoutTrace`. */
const SKIPS: Record<Exclude<SkipReason, 'onlyOneValueSeen' | 'notComputed'>, [Setting, Skip['subject']]> = {
  orderExpired: [{ now: 20_001n }, 'take'],
  priceTooLow: [{ order: { minPrice: 0n, ramp: 10_000 }, baseFee: 1_000n * GWEI }, 'take'],
  takenByOther: [{ status: 'taken', solver: RIVAL, now: POSTING_END }, 'noShow'],
  lastNoShow: [{ status: 'taken', solver: RIVAL, now: POSTING_END + 1n, noShows: 2 }, 'noShow'],
  postingClosed: [{ status: 'taken', now: POSTING_END + 1n }, 'post'],
  computing: [{ ...both, games: [ours], trace: unanswered(TRUTH).trace }, 'answer'],
  executionsDiffer: [{ entries: [FALSE], trace: withAgreement(TRUTH, 'differs') }, 'enter'],
  executionUnconfirmed: [{ trace: withAgreement(TRUTH, 'inconclusive') }, 'take'],
  stakeTooSmall: [{ entries: [FALSE], stake: RULES.bond - 1n }, 'enter'],
  capTooSmall: [{ entries: [FALSE], allowance: RULES.bond - 1n }, 'enter'],
  depositTooSmall: [{ ether: DEPOSIT - 1n }, 'take'],
  reserveTooSmall: [{ entries: [FALSE], reserved: 1n }, 'enter'],
  noFalseAnswer: [{ entries: [ALLY] }, 'enter'],
  truthStands: [{ entries: [FALSE, ALLY] }, 'enter'],
  enteringClosed: [{ entries: [FALSE, ALLY], now: PHASES.support }, 'enter'],
  truthNotSeenInTime: [{ entries: [FALSE, OTHER], now: PHASES.challenge }, 'enter'],
  openingClosed: [{ ...both, now: PHASES.opening }, 'open'],
  rivalDead: [{ entries: [MINE, dead(FALSE)], games: [ours] }, 'answer'],
  ownEntryDead: [{ entries: [dead(MINE), FALSE, OTHER], games: [ours] }, 'answer'],
  ownClockRanOut: [{ ...both, games: [ours], now: ours.deadline + 1n }, 'answer'],
  standingStartForeign: [{ ...both, games: [gameOf(MINE, FALSE, LIE, 6n, 1n)] }, 'answer'],
  nothingToDispute: [{ ...both, games: [gameOf(MINE, FALSE, TRUTH, 0n, 8n)] }, 'answer'],
  rivalOnMove: [{ ...both, games: [theirs] }, 'timeout'],
  gameLost: [{ ...both, games: [{ ...ours, winner: FALSE.id }] }, 'bury'],
  challengeOpen: [{ entries: [MINE] }, 'finalise'],
  openingOpen: [{ entries: [MINE, dead(FALSE)], now: PHASES.challenge }, 'finalise'],
  valuesCompete: [{ ...both, games: [theirs], now: PHASES.challenge }, 'finalise'],
  nothingAtStake: [{ entries: [FALSE, ALLY] }, 'finalise'],
  othersTurn: [{ entries: [ALLY, { ...MINE, ordinal: 1 }], now: PHASES.challenge }, 'finalise'],
  falsehoodSettled: [{ entries: [entryOf(ME, LIE)], now: PHASES.challenge }, 'finalise'],
  noTip: [{ ...FINAL, entries: [RELEASED], order: { callbackGas: 100_000 } }, 'deliver'],
  tipTooSmall: [{ ...FINAL, entries: [RELEASED], order: { ...CALLBACK, tip: 159_999n * GWEI } }, 'deliver'],
}

const decide = (setting: Setting) => play(situationOf(setting))
const kindsOf = (setting: Setting) => decide(setting).actions.map(({ kind }) => kind)

describe('solverStrategy and nextActions', () => {
  it.each(Object.entries(ACTIONS))('begin with %s where that is due', (kind, [setting, wanted]) => {
    const action = decide(setting).actions[0]
    expect(action).toMatchObject({ kind, task: taskOf(setting).id, ...wanted })
    // Each is a function of the market or of its games, under the same name.
    const { to, data } = aloneCallOf(action as Action, RULES)
    const abi = to === RULES.games ? gamesAbi : marketAbi
    expect(decodeFunctionData({ abi, data }).functionName).toBe(kind)
    expect(to).toBe(['bisect', 'prove', 'timeout'].includes(kind) ? RULES.games : RULES.market)
  })

  it.each(Object.entries(SKIPS))('say %s where that is the reason', (reason, [setting, subject]) => {
    expect(decide(setting).skips).toContainEqual(expect.objectContaining({ subject, reason }))
  })
})

describe('nextActions', () => {
  const urgent = { ...gameOf(MINE, OTHER, OTHER_LIE, 0n, 8n), deadline: ours.deadline - 1n }

  it('does the same in whatever order the entries and the games stand', () => {
    const [entries, games] = [
      [MINE, FALSE, OTHER, THIRD, ALLY],
      [ours, urgent],
    ]
    const straight = nextActions(situationOf({ entries, games }))
    const turned = nextActions(situationOf({ entries: entries.toReversed(), games: games.toReversed() }))
    expect(straight.actions.map(({ kind }) => kind)).toEqual(['bisect', 'bisect', 'open'])
    expect(turned.actions).toEqual(straight.actions)
    expect(new Set(turned.skips)).toEqual(new Set(straight.skips))
  })

  it('answers before anything else, the game with the nearest deadline first', () => {
    const { actions } = nextActions(situationOf({ entries: [MINE, FALSE, OTHER, THIRD], games: [ours, urgent] }))
    expect(actions.map((action) => [action.kind, 'game' in action && action.game])).toEqual([
      ['bisect', urgent.id],
      ['bisect', ours.id],
      ['open', false],
    ])
  })

  it('opens against every living rival, and against no ally', () => {
    const { actions } = nextActions(situationOf({ entries: [MINE, FALSE, OTHER, dead(THIRD), ALLY] }))
    expect(actions.map((action) => 'target' in action && action.target.value)).toEqual([FALSE.value, OTHER.value])
  })

  it.each([
    [1n, 4n],
    [16n, 8n],
  ])('opens over the larger step count of both, against %d steps', (steps, middle) => {
    const target = { ...FALSE, regs: packRegisters({ ...unpackRegisters(FALSE.regs), steps }) }
    const [action] = nextActions(situationOf({ entries: [target] })).actions
    expect(action).toMatchObject({ kind: 'enterAndOpen', inner: [TRUTH.hashAt(middle)] })
  })

  it.each([ours, theirs])('neither moves nor calls a clock once nobody can be buried', (game) => {
    const late = { ...game, deadline: PHASES.end + 1n }
    for (const games of [[game], [late]]) {
      expect(kindsOf({ ...both, games, now: PHASES.end })).toEqual(['voidTask', 'release'])
    }
  })

  it('asks at once for all that the answers to all games lack, and for nothing twice', () => {
    const sheet = unanswered(TRUTH)
    const situation = situationOf({ entries: [MINE, FALSE, OTHER], games: [ours, urgent], trace: sheet.trace })
    const asked: string[][] = []
    for (let i = 0; i < 5; i++) {
      const questions = sheet.lacks(nextActions(situation).questions ?? [])
      if (questions.length === 0) break
      asked.push(
        questions.map((question) => ('step' in question ? `${question.asks} ${question.step}` : question.asks)),
      )
      sheet.fill(answersOf(TRUTH, questions, RULES.maxOutput))
    }
    // Both games are over steps 0 to 8; then one goes on from 0 to 4, the other from 4 to 8.
    expect(asked).toEqual([['hash 4'], ['hash 2', 'hash 6']])
    expect(nextActions(situation)).toEqual(nextActions({ ...situation, trace: TRUTH }))
  })

  it('answers one game while it waits for what another takes', () => {
    const sheet = unanswered(TRUTH)
    const early = { entries: [MINE, FALSE, OTHER], trace: sheet.trace }
    sheet.fill(
      answersOf(
        TRUTH,
        [4n, 6n].map((step) => ({ asks: 'hash', step })),
        RULES.maxOutput,
      ),
    )
    const { actions, skips, questions } = nextActions(situationOf({ ...early, games: [ours, urgent] }))
    expect(actions.map((action) => 'game' in action && action.game)).toEqual([ours.id])
    expect(skips).toContainEqual({ task: taskOf(early).id, subject: 'answer', reason: 'computing', id: urgent.id })
    expect(questions).toEqual([{ asks: 'hash', step: 2n }])
  })

  it('asks for a second execution before it stakes, together with the first sequence', () => {
    const sheet = unanswered(TRUTH)
    const ask = () =>
      whenKnown(situationOf({ entries: [FALSE] }), 'task', undefined, () =>
        nextActions(situationOf({ entries: [FALSE], trace: sheet.trace })),
      )
    expect(ask()).toMatchObject({ actions: [], questions: [{ asks: 'agreement' }, { asks: 'hash', step: 4n }] })
    sheet.fill(answersOf(withAgreement(TRUTH, 'differs'), ask().questions ?? [], RULES.maxOutput))
    expect(ask().actions).toEqual([])
    sheet.fill([{ asks: 'agreement', said: 'agrees' }])
    expect(ask().actions).toMatchObject([{ kind: 'enterAndOpen' }])
  })

  it.each(['differs', 'inconclusive'] as const)('defends what it staked where a second execution %s', (agreement) => {
    const trace = withAgreement(TRUTH, agreement)
    expect(kindsOf({ ...both, games: [ours], trace })[0]).toBe('bisect')
    expect(kindsOf({ entries: [FALSE], trace })).toEqual([])
    expect(kindsOf({ entries: [dead(FALSE), ALLY], now: PHASES.challenge, trace })).toEqual([])
  })

  it('moves in the last second of its clock', () => {
    expect(kindsOf({ ...both, games: [ours], now: ours.deadline })[0]).toBe('bisect')
  })

  it('does not call the clock of a rival that has its last second left', () => {
    expect(kindsOf({ ...both, games: [theirs], now: theirs.deadline })).toEqual([])
  })

  it('stakes nothing on a task that is not posted or has no false answer', () => {
    for (const now of [POSTED, ...Object.values(PHASES)]) {
      expect(nextActions(situationOf({ entries: [ALLY], now })).actions).toEqual([])
    }
    for (const status of ['open', 'taken', 'expired'] as const) {
      expect(nextActions(situationOf({ status })).actions).toEqual([])
    }
  })
})

describe('idle', () => {
  const REASONS: [SkipReason | undefined, Setting][] = [
    ['noFalseAnswer', {}],
    ['enteringClosed', { entries: [FALSE, ALLY], now: PHASES.support }],
    ['onlyOneValueSeen', { entries: [FALSE], now: PHASES.challenge }],
    ['stakeTooSmall', { entries: [FALSE], stake: RULES.bond - 1n }],
    ['depositTooSmall', { entries: [FALSE], ether: DEPOSIT - 1n }],
    [undefined, { entries: [FALSE] }],
    [undefined, { entries: [FALSE, ALLY], now: PHASES.challenge }],
    [undefined, { entries: [MINE, FALSE], stake: 0n, now: PHASES.end }],
    [undefined, { ...FINAL, entries: [MINE] }],
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
  const concern = (setting: Setting, owner = ME) => concerns(taskOf(setting), owner, setting.now ?? POSTED)
  const over = { ...FINAL, now: PHASES.opening }

  it.each(['open', 'taken', 'posted'] as const)('says yes to everybody of a task that is %s', (status) => {
    const entries = status === 'posted' ? [FALSE] : []
    expect(concern({ status, entries })).toBe(true)
  })

  it.each([
    ['a settled task that is not opened', { entries: [MINE], now: PHASES.challenge }],
    ['a stake that waits', { ...over, entries: [MINE] }],
    ['a reward', { ...over, entries: [RELEASED, dead(FALSE)] }],
    ['a price', { ...over, entries: [dead(ALLY, []), { ...RELEASED, ordinal: 1 }], priceDue: true }],
    ['a tip', { ...over, entries: [RELEASED], order: CALLBACK }],
  ] as const)('says yes to whom %s is due', (_, setting) => {
    expect([concern(setting), concern(setting, addressOf('third'))]).toEqual([true, false])
  })

  it('says no once everything is shared out', () => {
    const paid = { ...dead(FALSE), status: 'divided' } as const
    expect(concern({ ...over, entries: [RELEASED, paid], order: CALLBACK, tipPaid: true })).toBe(false)
    expect(concern({ status: 'expired' })).toBe(false)
  })
})
