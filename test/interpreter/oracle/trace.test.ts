import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeWitness } from '../../../interpreter/commit/witness.ts'
import { judge, lowerTask, Machine, type Program, StateOracle, toHex } from '../../../interpreter/index.ts'
import { sha256 } from '../../../wasm-tasks/index.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

describe('StateOracle', () => {
  const input = new TextEncoder().encode('abc')
  let program: Program
  let trace: StateOracle

  beforeAll(() => {
    program = lowerTask(readFileSync('wasm-tasks/build/sha256.wasm'))
    trace = new StateOracle(program, input, 10 ** 8)
  })

  it('ends with the output of the task', () => {
    expect(trace.outcome).toEqual({ outcome: 'halted', exitCode: 0, trap: null })
    expect(toHex(trace.output)).toBe(toHex(sha256(input)))
  })

  it('answers in any order what a machine going forward has', () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < 20; i++) {
      const step = random.below(trace.final.steps + 1)
      const machine = new Machine(program, input)
      machine.runTo(step)
      expect(trace.hashAt(step)).toBe(machine.stateHash())
    }
  })

  it('stays at the final state after the last step, substeps included', () => {
    const { steps, stateHash } = trace.final
    expect(trace.hashAt(steps)).toBe(stateHash)
    expect(trace.hashAt(steps + 1000)).toBe(stateHash)
    expect(trace.substepHashes(steps + 1000)).toEqual(Array.from({ length: 13 }, () => stateHash))
  })

  it('goes from step to step in twelve substeps, which the judge executes alike', () => {
    for (const step of [0, 1, 1234, trace.final.steps - 1]) {
      const hashes = trace.substepHashes(step)
      expect(hashes).toHaveLength(13)
      expect([hashes[0], hashes[12]]).toEqual([trace.hashAt(step), trace.hashAt(step + 1)])
      for (let n = 0; n < 12; n++) {
        expect(judge(encodeWitness(trace.witnessAt(step, n)))).toEqual({ pre: hashes[n], post: hashes[n + 1] })
      }
    }
  })

  it('walks a step once, however often its substeps are asked for', () => {
    expect(trace.witnessAt(77, 3)).toBe(trace.witnessAt(77, 3))
    expect(trace.substepHashes(77)).toEqual(trace.substepHashes(77))
  })

  it('is out of steps where it was told to stop', () => {
    const short = new StateOracle(program, input, 100)
    expect(short.outcome.outcome).toBe('outOfSteps')
    expect(short.final.steps).toBe(100)
    expect(short.hashAt(100)).toBe(trace.hashAt(100))
  })
})
