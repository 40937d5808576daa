import { describe, expect, it } from 'vitest'
import { lowerTask } from '../../../interpreter/index.ts'
import { TRAP } from '../../../spec/index.ts'
import { TASKS } from '../../../wasm-tasks/index.ts'
import { NATIVE_PROGRAMS } from '../../helpers/native-programs.ts'
import { compareAtSteps, compareCaptures } from '../../helpers/native-run.ts'
import { TASK_INPUTS } from '../../helpers/native-tasks.ts'
import { TRAPPING_PROGRAMS } from '../../helpers/native-traps.ts'
import { createRandom } from '../../helpers/random.ts'
import { readTask } from '../../helpers/raw-task.ts'
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
    const { resumes, end } = compareCaptures(programOf(text), INPUT, createRandom(SEED), 40)
    expect(resumes).toBeGreaterThan(0)
    expect(end).toBeNull()
  })

  it.each(Object.entries(TRAPPING_PROGRAMS))('%s: traps at the same step', (_name, [trap, text]) => {
    const { fallback, outcome } = compareAtSteps(programOf(text), INPUT, createRandom(SEED), 3)
    expect(fallback).toBeNull()
    expect(outcome).toEqual({ outcome: 'trapped', exitCode: null, trap })
  })

  it('has a program for each trap that a task can run into', () => {
    // No word that the lowering emits is illegal.
    const wanted = Object.values(TRAP).filter((trap) => trap !== TRAP.NONE && trap !== TRAP.ILLEGAL)
    const shown = Object.values(TRAPPING_PROGRAMS).map(([trap]) => trap)
    expect([...new Set(shown)].sort((a, b) => a - b)).toEqual(wanted)
  })
})

describe(`the tasks that are checked in run natively as in the interpreter, seed ${SEED}`, () => {
  it.each(TASKS)('$name: at random steps, and captured and resumed', ({ name }) => {
    const program = lowerTask(readTask(name), { keepSources: true })
    const input = TASK_INPUTS[name]!
    const { fallback, nativeSteps, outcome } = compareAtSteps(program, input, createRandom(SEED), 4)
    expect(fallback).toBeNull()
    expect(outcome.outcome).toBe('halted')
    expect(nativeSteps).toBeGreaterThan(0)
    expect(compareCaptures(program, input, createRandom(SEED), 10).resumes).toBeGreaterThan(0)
  })
})
