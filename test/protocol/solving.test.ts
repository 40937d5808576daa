import { describe, expect, it } from 'vitest'
import {
  nextActions,
  OUTPUT_BYTE_GAS,
  type PlayedTrace,
  SOLVING_GAS,
  solverIdle,
  solverStrategy,
  Unanswered,
} from '../../protocol/index.ts'
import { unanswered, withAgreement } from '../helpers/doubt.ts'
import {
  FALSE,
  LARGE_TRUTH,
  LEAST,
  MINE,
  ORDER,
  PHASES,
  POSTING_END,
  RIVAL,
  type Setting,
  situationOf,
  TRUTH,
} from '../helpers/situations.ts'

const GWEI = 10n ** 9n
/** Of the output of these situations. */
const OUTPUT_GAS = BigInt(TRUTH.result().output.length) * OUTPUT_BYTE_GAS
const both = { entries: [MINE, FALSE] }

/** A solver that asks for nothing but its gas. */
const play = solverStrategy({ minProfit: 0n, gas: 1_000n })
const decide = (setting: Setting) => play(situationOf(setting))
const kindsOf = (setting: Setting) => decide(setting).actions.map(({ kind }) => kind)

describe('solverStrategy', () => {
  it('takes and posts in two looks at the chain, never in one', () => {
    expect([kindsOf({}), kindsOf({ status: 'taken' })]).toEqual([['take'], ['post']])
  })

  it('posts until the last second in which it may', () => {
    expect(kindsOf({ status: 'taken', now: POSTING_END })).toEqual(['post'])
  })

  it('takes as soon as the price leaves its least profit after gas, and not before', () => {
    // 1000 gwei at 9900, 20 more each second; gas takes 1000.
    const modest = solverStrategy({ minProfit: 500n * GWEI, gas: 1_000n - OUTPUT_GAS })
    const at = (now: bigint) => modest(situationOf({ now })).actions.map(({ kind }) => kind)
    expect([at(9_924n), at(9_925n)]).toEqual([[], ['take']])
  })

  it('weighs the gas of solving where it is told none', () => {
    const careful = solverStrategy({ minProfit: 0n })
    const price = ORDER.maxPrice
    const takes = (baseFee: bigint) => careful(situationOf({ baseFee })).actions.length > 0
    const gas = SOLVING_GAS + OUTPUT_GAS
    expect([takes(price / gas), takes(price / gas + 1n)]).toEqual([true, false])
  })

  it('weighs the gas of the output that it is to tell, and of none above the cap', () => {
    const gas = ORDER.maxPrice / GWEI
    const takes = (gas: bigint, trace?: PlayedTrace) =>
      solverStrategy({ minProfit: 0n, gas })(situationOf(trace === undefined ? {} : { trace })).actions.length > 0
    expect([takes(gas - OUTPUT_GAS), takes(gas - OUTPUT_GAS + 1n)]).toEqual([true, false])
    expect([takes(gas, LARGE_TRUTH), takes(gas + 1n, LARGE_TRUTH)]).toEqual([true, false])
  })

  it.each(['differs', 'inconclusive'] as const)('takes nothing where a second execution %s', (agreement) => {
    expect(kindsOf({ trace: withAgreement(TRUTH, agreement) })).toEqual([])
  })

  it('asks for the output and for a second execution at once, and for neither where the price is too low', () => {
    const asked = (setting: Setting) => {
      try {
        return decide({ ...setting, trace: unanswered(TRUTH).trace }).skips.map(({ reason }) => reason)
      } catch (error) {
        return error instanceof Unanswered ? error.questions.map(({ asks }) => asks) : error
      }
    }
    expect(asked({})).toEqual(['result', 'agreement'])
    expect(asked({ order: { maxPrice: 2_000n * GWEI }, baseFee: 3n * GWEI })).toEqual(['priceTooLow'])
  })

  it('posts what is in doubt only in the last time that it has, as its bond is locked', () => {
    const trace = withAgreement(TRUTH, 'differs')
    const late = POSTING_END - LEAST + 1n
    expect([late - 1n, late].map((now) => kindsOf({ status: 'taken', now, trace }))).toEqual([[], ['post']])
    expect(kindsOf({ status: 'taken', trace: withAgreement(TRUTH, 'inconclusive') })).toEqual(['post'])
    expect(kindsOf({ status: 'taken', now: late, trace: unanswered(TRUTH).trace })).toEqual(['post'])
  })

  it('sends nobody away whose task it does not want', () => {
    const late = { status: 'taken', solver: RIVAL, now: POSTING_END + 1n } as const
    expect(kindsOf({ ...late, stake: 0n })).toEqual([])
    expect(kindsOf({ ...late, order: { expires: Number(POSTING_END) } })).toEqual([])
  })

  it('plays on as everybody does once the task is posted', () => {
    for (const setting of [both, { entries: [FALSE] }, { entries: [MINE], now: PHASES.challenge }]) {
      expect(decide(setting)).toEqual(nextActions(situationOf(setting)))
    }
  })
})

describe('solverIdle', () => {
  const idleSolver = solverIdle({ minProfit: 0n, gas: 1_000n })
  const reasonOf = (setting: Setting) => idleSolver(situationOf(setting))?.reason

  it.each([
    ['orderExpired', { now: 20_001n }],
    ['priceTooLow', { order: { maxPrice: 2_000n * GWEI }, baseFee: 3n * GWEI }],
    ['takenByOther', { status: 'taken', solver: RIVAL }],
    ['stakeTooSmall', { stake: 0n }],
    ['noFalseAnswer', { status: 'expired' }],
  ] as const)('says %s of what it need not compute for that', (reason, setting) => {
    expect(reasonOf(setting)).toBe(reason)
    expect(kindsOf(setting)).toEqual([])
  })

  it('computes ahead what will pay before it does', () => {
    const early = { now: 9_900n, baseFee: 2n * GWEI }
    expect([reasonOf(early), decide(early).skips[0]?.reason]).toEqual([undefined, 'priceTooLow'])
  })

  it('computes whatever it took', () => {
    expect(reasonOf({ status: 'taken', stake: 0n, now: POSTING_END })).toBe(undefined)
  })
})
