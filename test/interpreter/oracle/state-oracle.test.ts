import { describe, expect, it } from 'vitest'
import { encodeWitness } from '../../../interpreter/commit/witness.ts'
import {
  judge,
  lowerTask,
  Machine,
  MemoryTooLarge,
  type OracleOptions,
  type Program,
  StateOracle,
  StepOutOfRange,
} from '../../../interpreter/index.ts'
import { NATIVE_PROGRAMS } from '../../helpers/native-programs.ts'
import { TASK_INPUTS } from '../../helpers/native-tasks.ts'
import { TRAPPING_PROGRAMS } from '../../helpers/native-traps.ts'
import { createRandom } from '../../helpers/random.ts'
import { readTask } from '../../helpers/raw-task.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260520
const INPUT = Uint8Array.from({ length: 700 }, (_, i) => i * 7)
const MOST_STEPS = 1e8
/** Enough for the deepest of them; all slots of the machine take long to hash. */
const STACK_LIMIT = 60_000
const QUESTIONS = 8
/** Checkpoints of the smallest of them take more. */
const TINY_BUDGET = 300_000
/** The engine runs all it can. */
const AT_ONCE: OracleOptions = { fewSteps: 0, leastGap: 0 }

const TEXTS: Readonly<Record<string, string>> = {
  ...NATIVE_PROGRAMS,
  ...Object.fromEntries(Object.entries(TRAPPING_PROGRAMS).map(([name, [, text]]) => [name, text])),
}

const programOf = (text: string): Program =>
  lowerTask(wasmOf(`(module ${text})`), { stackLimit: STACK_LIMIT, keepSources: true })

/** What the interpreter has after these steps, in their order. */
const hashesOf = (program: Program, input: Uint8Array, steps: readonly number[]): string[] => {
  const machine = new Machine(program, input)
  const hashes = new Map<number, string>()
  for (const step of [...steps].sort((a, b) => a - b)) {
    machine.runTo(step)
    hashes.set(step, machine.stateHash())
  }
  return steps.map((step) => hashes.get(step)!)
}

describe(`StateOracle, seed ${SEED}`, () => {
  const anySteps = ({ final }: StateOracle, count = QUESTIONS): number[] => {
    const random = createRandom(SEED)
    return Array.from({ length: count }, () => random.below(final.steps + 1))
  }

  it.each(Object.entries(TEXTS))('answers in any order with hardly room for checkpoints: %s', (_name, text) => {
    const program = programOf(text)
    const oracle = new StateOracle(program, INPUT, MOST_STEPS, { ...AT_ONCE, budgetBytes: TINY_BUDGET })
    const steps = [...anySteps(oracle), oracle.final.steps]
    const hashes = hashesOf(program, INPUT, steps)
    for (const [i, step] of steps.entries()) expect(oracle.hashAt(step), `step ${step}`).toBe(hashes[i])
    const { fallback, checkpointBytes } = oracle.report
    expect(fallback).toBeNull()
    expect(checkpointBytes).toBeLessThanOrEqual(TINY_BUDGET)
  })

  it.each(Object.entries(TASK_INPUTS))('answers many questions at once about a task: %s', (name, input) => {
    const program = lowerTask(readTask(name), { keepSources: true })
    const oracle = new StateOracle(program, input, MOST_STEPS, { ...AT_ONCE, leastGap: 10_000 })
    const steps = anySteps(oracle, 20)
    const asked = [...steps, 0, oracle.final.steps, oracle.final.steps + 1, steps[3]!]
    const wanted = hashesOf(program, input, [...steps, 0, oracle.final.steps, oracle.final.steps, steps[3]!])
    expect(oracle.hashesAt(asked)).toEqual(wanted)
    expect(oracle.report).toMatchObject({ tier: 'native', fallback: null })
    expect(oracle.report.nativeSteps).toBeGreaterThan(oracle.final.steps / 2)
  })

  it.each(['native', 'interpreter'] as const)('walks through substeps that the judge executes alike: %s', (tier) => {
    const oracle = new StateOracle(programOf(TEXTS.growth!), INPUT, MOST_STEPS, { ...AT_ONCE, tier })
    for (const step of [oracle.final.steps - 1, ...anySteps(oracle, 3)]) {
      const hashes = oracle.substepHashes(step)
      expect([hashes[0], hashes[12]]).toEqual(oracle.hashesAt([step, step + 1]))
      for (let n = 0; n < 12; n++) {
        expect(judge(encodeWitness(oracle.witnessAt(step, n)))).toEqual({ pre: hashes[n], post: hashes[n + 1] })
      }
    }
    expect(oracle.report.nativeSteps > 0).toBe(tier === 'native')
    expect(oracle.report.tier).toBe(tier)
  })

  it('says that the interpreter ran what the engine never began', () => {
    const oracle = new StateOracle(programOf(TEXTS.growth!), INPUT, MOST_STEPS, { fewSteps: MOST_STEPS })
    expect(oracle.report).toMatchObject({ tier: 'interpreter', fallback: null, nativeSteps: 0 })
  })

  /** All steps that were run from one question to the next. */
  const stepsOf = (oracle: StateOracle, ask: () => void): number => {
    const total = () => oracle.report.nativeSteps + oracle.report.interpretedSteps
    const before = total()
    ask()
    return total() - before
  }

  it.each(['native', 'interpreter'] as const)('runs a round of questions again within their range only: %s', (tier) => {
    const program = lowerTask(readTask('sort'), { keepSources: true })
    const oracle = new StateOracle(program, TASK_INPUTS.sort!, MOST_STEPS, { ...AT_ONCE, leastGap: 100, tier })
    const cuts = (from: number, length: number) =>
      Array.from({ length: 17 }, (_, i) => from + Math.floor((i * length) / 16))
    let [from, length] = [0, oracle.final.steps]
    expect(stepsOf(oracle, () => oracle.hashesAt(cuts(from, length)))).toBeLessThanOrEqual(1.1 * length)
    while (length > 1000) {
      from = cuts(from, length)[11]!
      length = Math.floor(length / 16)
      expect(stepsOf(oracle, () => oracle.hashesAt(cuts(from, length)))).toBeLessThanOrEqual(1.1 * length + 100)
    }
  })

  it('does not look for a trap again once it has found it', () => {
    const oracle = new StateOracle(programOf(TEXTS.divisionByZero!), INPUT, MOST_STEPS, { ...AT_ONCE, budgetBytes: 0 })
    const { steps } = oracle.final
    expect(oracle.outcome.outcome).toBe('trapped')
    for (const step of [steps - 1, 5, steps - 2]) {
      expect(stepsOf(oracle, () => oracle.hashAt(step))).toBeLessThanOrEqual(step)
    }
  })

  it('keeps the start and nothing else where there is no room', () => {
    const oracle = new StateOracle(programOf(TEXTS.loops!), INPUT, MOST_STEPS, { ...AT_ONCE, budgetBytes: 0 })
    const steps = anySteps(oracle)
    expect(oracle.hashesAt(steps)).toEqual(hashesOf(programOf(TEXTS.loops!), INPUT, steps))
    expect(oracle.report.checkpoints).toBe(1)
  })

  it('leaves a program to the interpreter that is soon over, or whose sources were not kept', () => {
    const short = new StateOracle(programOf(TEXTS.loops!), INPUT, MOST_STEPS)
    expect(short.report).toMatchObject({ fallback: null, nativeSteps: 0, interpretedSteps: short.final.steps })
    const program = lowerTask(wasmOf(`(module ${TEXTS.loops})`))
    const { report } = new StateOracle(program, INPUT, MOST_STEPS, AT_ONCE)
    expect(report).toMatchObject({ fallback: 'its sources were not kept', nativeSteps: 0 })
  })

  it('ends where it is told to', () => {
    const program = programOf('(func (export "main") (loop $l (br $l)))')
    const oracle = new StateOracle(program, INPUT, 100_000, AT_ONCE)
    expect(oracle.outcome.outcome).toBe('outOfSteps')
    expect(oracle.final.steps).toBe(100_000)
    expect(oracle.hashesAt([100_000, 99_999])).toEqual(hashesOf(program, INPUT, [100_000, 99_999]))
  })

  it('refuses what is no step', () => {
    const program = programOf(TEXTS.loops!)
    const oracle = new StateOracle(program, INPUT, 1000)
    for (const step of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => oracle.hashesAt([0, step])).toThrow(StepOutOfRange)
      expect(() => oracle.substepHashes(step)).toThrow(StepOutOfRange)
      expect(() => new StateOracle(program, INPUT, step)).toThrow(StepOutOfRange)
    }
    for (const substep of [-1, 12]) expect(() => oracle.witnessAt(5, substep)).toThrow(StepOutOfRange)
    expect(oracle.hashAt(Number.MAX_SAFE_INTEGER)).toBe(oracle.final.stateHash)
  })

  it('refuses a run that outgrows what it may have', () => {
    const program = programOf(
      '(memory 1 100) (func (export "main") (loop $l (drop (memory.grow (i32.const 1))) (br $l)))',
    )
    expect(() => new StateOracle(program, INPUT, MOST_STEPS, { ...AT_ONCE, maxBytes: 2 ** 20 })).toThrow(MemoryTooLarge)
  })
})
