import { describe, expect, it } from 'vitest'
import { lowerTask, StateOracle } from '../../interpreter/index.ts'
import { type Action, collect, createPrograms, nextActions, playedTrace } from '../../protocol/index.ts'
import { TEST_RULES } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { readTask } from '../helpers/raw-task.ts'
import { Scenario } from '../helpers/scenario.ts'
import {
  ALLY,
  addressOf,
  CALLBACK,
  dead,
  entryOf,
  FALSE,
  FINAL,
  gameOf,
  LEAST,
  ME,
  MINE,
  OTHER,
  OTHER_LIE,
  PHASES,
  released,
  type Setting,
  situationOf,
  TRUTH,
} from '../helpers/situations.ts'

const RELEASED = released(MINE)
const theirs = gameOf(FALSE, MINE, TRUTH, 0n, 8n)
/** With what follows in the same transaction. */
const joined = (action: Action): readonly Action[] => [action, ...('followedBy' in action ? action.followedBy : [])]
const kinds = (setting: Setting) =>
  nextActions(situationOf(setting))
    .actions.flatMap(joined)
    .map(({ kind }) => kind)

describe('finalise and collect, by nextActions', () => {
  const actionsOf = (setting: Setting) => nextActions(situationOf(setting)).actions

  it('leave the stake of the first entry to the price, and release what else lives', () => {
    expect(kinds({ entries: [MINE], now: PHASES.challenge })).toEqual(['finalise'])
    const second = { ...MINE, ordinal: 1 }
    expect(kinds({ entries: [dead(ALLY, []), FALSE, second].with(1, dead(FALSE)), now: PHASES.opening })).toEqual([
      'finalise',
      'release',
      'payDead',
    ])
  })

  it('open what others leave, once they had the time of a move', () => {
    const setting = { entries: [ALLY, { ...MINE, ordinal: 1 }] }
    expect(kinds({ ...setting, now: PHASES.challenge + LEAST - 1n })).toEqual(['release'])
    const { actions } = nextActions(situationOf({ ...setting, now: PHASES.challenge + LEAST }))
    expect(actions[0]).toMatchObject({ kind: 'finalise', reason: 'nobodyFinalised' })
  })

  it('wait for the verdict', () => {
    expect(kinds({ entries: [MINE], now: PHASES.challenge - 1n })).toEqual([])
    expect(kinds({ entries: [MINE, dead(FALSE)], now: PHASES.opening - 1n })).toEqual([])
    expect(kinds({ entries: [MINE, FALSE], games: [theirs], now: PHASES.end - 1n })).toEqual(['timeout', 'bury'])
  })

  const first = [addressOf('a'), addressOf('b'), addressOf('c')].map((owner) => entryOf(owner, TRUTH))
  const at = PHASES.opening

  it.each([
    ['rewardDue', [OTHER, MINE], {}],
    ['refundDue', [first[0], MINE], {}],
    ['refundDue', [MINE], { cursor: 0, refunds: 1, rewarded: true }],
    ['refundDue', [...first, MINE], {}],
    [undefined, [...first, first[0], MINE], {}],
    [undefined, [MINE, first[0]], { cursor: 1, refunds: 1, rewarded: true }],
    [undefined, [OTHER], {}],
  ] as const)('pay the dead where %s', (reason, opponents, payout) => {
    const others = [...first, dead(OTHER, [])]
    const paid = { ...dead(FALSE, opponents as unknown as (typeof MINE)[]), payout: { ...FALSE.payout, ...payout } }
    const payments = actionsOf({ ...FINAL, entries: [RELEASED, ...others, paid], now: at }).filter(
      ({ kind }) => kind === 'payDead',
    )
    expect(payments.map((action) => action.reason)).toEqual(reason === undefined ? [] : [reason])
  })

  it('name the opponents from where the last payment ended, and only so many', () => {
    const many = Array.from({ length: 70 }, (_, i) => dead(entryOf(addressOf(`dead ${i}`), OTHER_LIE), []))
    const opponents = [first[0] as typeof MINE, MINE, ...many]
    const paid = { ...dead(FALSE, opponents), payout: { cursor: 1, refunds: 1, rewarded: true } }
    const [action] = actionsOf({ ...FINAL, entries: [RELEASED, ...first, ...many, paid], now: at })
    if (action?.kind !== 'payDead') throw new Error(action?.kind)
    expect([action.opponents.length, action.opponents[0]?.owner]).toEqual([64, ME])
  })

  it('pay nothing out of the dead of a void task', () => {
    expect(kinds({ status: 'void', entries: [MINE, OTHER, dead(FALSE)], now: PHASES.end })).toEqual(['release'])
  })

  it('pay the price to nobody but the earliest that lived', () => {
    const entries = [dead(ALLY, []), { ...(first[0] as typeof MINE), ordinal: 1 }, { ...RELEASED, ordinal: 2 }]
    expect(kinds({ ...FINAL, entries, priceDue: true })).toEqual([])
  })

  it('deliver where the price went, and elsewhere only when that is left undone', () => {
    const entries = [released(ALLY), { ...RELEASED, ordinal: 1 }]
    const setting = { ...FINAL, entries, order: CALLBACK }
    expect(kinds({ ...setting, now: PHASES.challenge + 2n * LEAST - 1n })).toEqual([])
    expect(kinds({ ...setting, now: PHASES.challenge + 2n * LEAST })).toEqual(['deliver'])
  })

  it('call back with the opening, in one transaction, where that pays', () => {
    const setting = { entries: [MINE], now: PHASES.challenge }
    expect(kinds({ ...setting, order: CALLBACK })).toEqual(['finalise', 'deliver'])
    expect(kinds({ ...setting, order: { ...CALLBACK, tip: 0n } })).toEqual(['finalise'])
    expect(actionsOf({ ...setting, order: CALLBACK })).toHaveLength(1)
  })

  it('call back no second time', () => {
    expect(kinds({ ...FINAL, entries: [RELEASED], order: CALLBACK, tipPaid: true })).toEqual([])
  })

  it('ask for no computation where that is not needed', () => {
    const { trace: _, ...glance } = situationOf({ ...FINAL, entries: [MINE] })
    expect(collect(glance).actions.map(({ kind }) => kind)).toEqual(['release'])
  })
})

describe('finalise on a market', () => {
  const market = useMarket({ arity: 16 })
  const sort = readTask('sort')

  it.each([
    ['whole up to the cap', TEST_RULES.maxOutput, false],
    ['by its root and length above it', TEST_RULES.maxOutput + 4n, true],
  ])('opens an output %s', async (_, length, outputOmitted) => {
    const program = await market.current.publish(sort)
    const input = Uint8Array.from({ length: Number(length) }, (_, i) => i % 251)
    const task = await market.current.ask(program, input, { maxSteps: 10_000_000n })
    const truth = playedTrace(new StateOracle(lowerTask(sort), input, 10_000_000))
    const scenario = await Scenario.of(market.current, task, truth)
    await scenario.solver('solver', { programs: createPrograms([sort]) })
    const { status, result } = await scenario.finish()
    const { output, root } = truth.result()
    expect(status).toBe('final')
    expect(result?.outcome).toMatchObject({ kind: 'halted', outputOmitted, outputRoot: root })
    expect(result?.output).toEqual(outputOmitted ? new Uint8Array(0) : output)
  })
})
