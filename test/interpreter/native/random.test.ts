import { describe, expect, it } from 'vitest'
import { lowerSpec } from '../../helpers/lowered.ts'
import { compareAtSteps, compareCaptures } from '../../helpers/native-run.ts'
import { createRandom } from '../../helpers/random.ts'
import { HAZARDOUS, MEDIUM, randomProgram, SMALL } from '../../helpers/random-program.ts'

const SEED = 20260503
const PROGRAMS = 4
/** Endless recursion is soon at its end. */
const STACK_LIMIT = 4096

describe(`random programs run natively as in the interpreter, seeds from ${SEED}`, () => {
  it.each([
    ['small', SMALL],
    ['medium', MEDIUM],
    ['hazardous', HAZARDOUS],
  ])('%s ones', (_name, profile) => {
    let captured = 0
    for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
      const { spec, input } = randomProgram(seed, profile)
      const program = lowerSpec(spec, { stackLimit: STACK_LIMIT, keepSources: true })
      const { fallback } = compareAtSteps(program, input, createRandom(seed), 3)
      expect(fallback, `seed ${seed}`).toBeNull()
      captured += compareCaptures(program, input, createRandom(seed), 10).captures
    }
    expect(captured).toBeGreaterThan(0)
  })
})
