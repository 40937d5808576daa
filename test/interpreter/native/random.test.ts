import { describe, expect, it } from 'vitest'
import { Machine } from '../../../interpreter/index.ts'
import { NativeTwin } from '../../differential/fuzz/native.ts'
import { lowerRandom, MAX_STEPS } from '../../helpers/programs.ts'
import { createRandom } from '../../helpers/random.ts'
import { HAZARDOUS, MEDIUM, randomProgram, SMALL } from '../../helpers/random-program.ts'

const SEED = 20260503
const PROGRAMS = 6
/** Endless recursion is soon at its end. */
const STACK_LIMIT = 4096

describe(`random programs run natively as in the interpreter, seeds from ${SEED}`, () => {
  it.each([
    ['small', SMALL],
    ['medium', MEDIUM],
    ['hazardous', HAZARDOUS],
  ])('%s ones', (_name, profile) => {
    const twin = new NativeTwin()
    for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
      const program = randomProgram(seed, profile)
      const lowered = lowerRandom(program, { stackLimit: STACK_LIMIT, keepSources: true })
      const machine = new Machine(lowered, program.input)
      machine.runTo(MAX_STEPS)
      const differences = twin.compare(lowered, program.input, machine.steps, createRandom(seed))
      expect(differences, `seed ${seed}`).toEqual([])
    }
    const { captures, resumes, fallbacks } = twin.work
    expect(captures).toBeGreaterThan(0)
    expect(resumes).toBeGreaterThan(0)
    expect(fallbacks).toEqual({})
  })
})
