import { describe, expect, it } from 'vitest'
import { lowerTask } from '../../../interpreter/index.ts'
import { NATIVE_PROGRAMS, TRAPPING_PROGRAMS } from '../../helpers/native-programs.ts'
import { compareAtSteps, compareCaptures } from '../../helpers/native-run.ts'
import { createRandom } from '../../helpers/random.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260501
const INPUT = Uint8Array.from({ length: 700 }, (_, i) => i * 7)

/** Enough for the deepest of them; all slots of the machine take long to hash. */
const STACK_LIMIT = 60_000

const programOf = (text: string) =>
  lowerTask(wasmOf(`(module ${text})`), { stackLimit: STACK_LIMIT, keepSources: true })

describe(`programs of all kinds run natively as in the interpreter, seed ${SEED}`, () => {
  it.each(Object.entries(NATIVE_PROGRAMS))('%s: at random steps and at the end', (_name, text) => {
    const { fallback, nativeSteps } = compareAtSteps(programOf(text), INPUT, createRandom(SEED), 12)
    expect(fallback).toBeNull()
    expect(nativeSteps).toBeGreaterThan(0)
  })

  it.each(Object.entries(NATIVE_PROGRAMS))('%s: captured and resumed again and again', (_name, text) => {
    const { captures, traps } = compareCaptures(programOf(text), INPUT, createRandom(SEED), 25)
    expect(captures).toBeGreaterThan(0)
    expect(traps).toBe(0)
  })

  it.each(Object.entries(TRAPPING_PROGRAMS))('%s: traps at the same step', (_name, [trap, text]) => {
    const { fallback, outcome } = compareAtSteps(programOf(text), INPUT, createRandom(SEED), 3)
    expect(fallback).toBeNull()
    expect(outcome).toEqual({ outcome: 'trapped', exitCode: null, trap })
  })
})
