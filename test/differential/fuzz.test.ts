import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TEST_SEED } from '../helpers/random.ts'
import { fuzz, reportLines } from './fuzz/campaign.ts'
import { StepJudge } from './fuzz/step-judge.ts'

/** The first modules of the longer campaign, `npm run fuzz`. */
const MODULES = 60
/** Milliseconds, for a machine that is busy with other things. */
const TIME_LIMIT = 300_000

describe('fuzz', () => {
  let judge: StepJudge
  beforeAll(async () => {
    judge = await StepJudge.create()
  })
  afterAll(() => judge.close())

  it(
    'finds V8, the interpreter, the native tier, the definition and the Solidity stepper of one mind',
    async () => {
      const report = await fuzz(judge, TEST_SEED, (modules) => modules < MODULES)
      console.log(reportLines(report).join('\n'))
      expect(report.differences).toEqual([])
      expect(report.native.runs).toBe(MODULES)
      expect(report.native.fallbacks).toEqual({})
      expect(report.judged).toBeGreaterThan(30 * MODULES)
      expect(Object.keys(report.endings).length).toBeGreaterThan(4)
    },
    TIME_LIMIT,
  )
})
