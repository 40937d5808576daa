import { describe, expect, it } from 'vitest'
import { type Answer, AnswerSheet, answersOf, type Question, Unanswered } from '../../protocol/index.ts'
import { RULES, TRUTH } from '../helpers/situations.ts'

const { final } = TRUTH
const sheetOf = () => new AnswerSheet(final, TRUTH.hashAt(0n))

const WALK = { asks: 'walk', step: 3n } as const
const QUESTIONS: readonly Question[] = [
  { asks: 'hash', step: 5n },
  WALK,
  { asks: 'hash', step: 2n },
  { asks: 'agreement' },
  { asks: 'result' },
]

describe('AnswerSheet', () => {
  it('knows both ends from the start, and that a machine which has stopped stays as it is', () => {
    const { trace } = sheetOf()
    expect(trace.hashesAt([0n, final.steps, 2n ** 60n])).toEqual([TRUTH.hashAt(0n), final.value, final.value])
  })

  it('throws all that a look lacks, each question once', () => {
    const { trace } = sheetOf()
    const look = () => trace.hashesAt([5n, 0n, 2n, 5n])
    expect(look).toThrow(
      expect.objectContaining({
        name: 'Unanswered',
        questions: [
          { asks: 'hash', step: 5n },
          { asks: 'hash', step: 2n },
        ],
      }),
    )
  })

  it('says what it was told, as the computation itself would', () => {
    const sheet = sheetOf()
    for (const look of [() => sheet.trace.result(), () => sheet.trace.agreement(), () => sheet.trace.witness(3n, 0)]) {
      expect(look).toThrow(Unanswered)
    }
    sheet.fill(answersOf(TRUTH, QUESTIONS, RULES.maxOutput))
    expect(sheet.lacks(QUESTIONS)).toEqual([])
    expect(sheet.trace.hashesAt([2n, 5n])).toEqual(TRUTH.hashesAt([2n, 5n]))
    expect(sheet.trace.substepHashes(3n)).toEqual(TRUTH.substepHashes(3n))
    expect(sheet.trace.witness(3n, 11)).toEqual(TRUTH.witness(3n, 11))
    expect([sheet.trace.result(), sheet.agreement]).toEqual([TRUTH.result(), 'agrees'])
  })
})

describe('answersOf', () => {
  it('asks a computation for all hashes in one pass, and then for the walks in the order of the run', () => {
    const asked: string[] = []
    const trace = {
      ...TRUTH,
      hashesAt: (steps: readonly bigint[]) => {
        asked.push(`hashes ${steps.join(' ')}`)
        return TRUTH.hashesAt(steps)
      },
      substepHashes: (step: bigint) => {
        asked.push(`walk ${step}`)
        return TRUTH.substepHashes(step)
      },
    }
    const questions: Question[] = [{ asks: 'walk', step: 7n }, ...QUESTIONS]
    const answers: Answer[] = answersOf(trace, questions, RULES.maxOutput)
    expect(asked).toEqual(['hashes 5 2', 'walk 3', 'walk 7'])
    expect(answers.length).toBe(questions.length)
  })
})
