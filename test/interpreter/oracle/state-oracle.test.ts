import { describe, expect, it } from 'vitest'
import { lowerTask, Machine, type Program, StateOracle } from '../../../interpreter/index.ts'
import { NATIVE_PROGRAMS } from '../../helpers/native-programs.ts'
import { TRAPPING_PROGRAMS } from '../../helpers/native-traps.ts'
import { createRandom } from '../../helpers/random.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260520
const INPUT = Uint8Array.from({ length: 700 }, (_, i) => i * 7)
const MOST_STEPS = 1e8
/** Enough for the deepest of them; all slots of the machine take long to hash. */
const STACK_LIMIT = 60_000
const QUESTIONS = 8
/** Checkpoints of the smallest of them take more. */
const TINY_BUDGET = 300_000

const TEXTS: Readonly<Record<string, string>> = {
  ...NATIVE_PROGRAMS,
  ...Object.fromEntries(Object.entries(TRAPPING_PROGRAMS).map(([name, [, text]]) => [name, text])),
}

const programOf = (text: string): Program =>
  lowerTask(wasmOf(`(module ${text})`), { stackLimit: STACK_LIMIT, keepSources: true })

/** What the interpreter has after these steps. */
const hashesOf = (program: Program, steps: readonly number[]): ReadonlyMap<number, string> => {
  const machine = new Machine(program, INPUT)
  const hashes = new Map<number, string>()
  for (const step of [...steps].sort((a, b) => a - b)) {
    machine.runTo(step)
    hashes.set(step, machine.stateHash())
  }
  return hashes
}

describe(`an oracle answers in any order what the interpreter has, seed ${SEED}`, () => {
  it.each(Object.entries(TEXTS))('%s, with hardly room for checkpoints', (_name, text) => {
    const program = programOf(text)
    const random = createRandom(SEED)
    const oracle = new StateOracle(program, INPUT, MOST_STEPS, {
      fewSteps: 0,
      leastGap: 0,
      budgetBytes: TINY_BUDGET,
    })
    const steps = Array.from({ length: QUESTIONS }, () => random.below(oracle.final.steps + 1))
    const hashes = hashesOf(program, [...steps, oracle.final.steps])
    for (const step of steps) expect(oracle.hashAt(step), `step ${step}`).toBe(hashes.get(step))
    expect(oracle.final.stateHash).toBe(hashes.get(oracle.final.steps))
    const { fallback, checkpointBytes } = oracle.report
    expect(fallback).toBeNull()
    expect(checkpointBytes).toBeLessThanOrEqual(TINY_BUDGET)
  })
})
