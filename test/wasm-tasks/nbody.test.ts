import { describe, expect, it } from 'vitest'
import { InputRefused, nbody } from '../../wasm-tasks/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { answerOf, readTask, runRaw } from '../helpers/raw-task.ts'
import { documentedSteps, runInMachine } from '../helpers/task-machine.ts'

const binary = readTask('nbody')

function inputOf(steps: number): Uint8Array {
  const input = new Uint8Array(4)
  new DataView(input.buffer).setUint32(0, steps, true)
  return input
}

const energyOf = (output: Uint8Array): string =>
  new DataView(output.buffer, output.byteOffset).getFloat64(0, true).toFixed(9)

/** The Computer Language Benchmarks Game, "n-body": what the programs print. */
const PUBLISHED: readonly (readonly [steps: number, energy: string])[] = [
  [0, '-0.169075164'],
  [1000, '-0.169087605'],
]

describe.each(PUBLISHED)('the energy after %i steps', (steps, energy) => {
  it('is the published one in the reference', () => {
    expect(energyOf(nbody(inputOf(steps)))).toBe(energy)
  })

  it('is the published one in the task, in the machine', () => {
    expect(energyOf(runInMachine('nbody', inputOf(steps)).output)).toBe(energy)
  })
})

describe('the task nbody', () => {
  it(`gives the bytes of its reference, in the engine and in the machine, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (const steps of [0, 1, 2, ...Array.from({ length: 5 }, () => random.below(500))]) {
      const expected = nbody(inputOf(steps))
      expect(expected).toHaveLength(248)
      expect(runRaw(binary, inputOf(steps)).output, `${steps} steps in the engine`).toEqual(expected)
      expect(runInMachine('nbody', inputOf(steps)).output, `${steps} steps in the machine`).toEqual(expected)
    }
  })

  it.each([
    ['the input is not one u32', new Uint8Array(0)],
    ['the input is not one u32', new Uint8Array(3)],
    ['the input is not one u32', new Uint8Array(5)],
    ['more than a million steps', inputOf(1_000_001)],
  ])('refuses with %j', (message, input) => {
    expect(() => nbody(input)).toThrow(new InputRefused(message))
    expect(answerOf(binary, input)).toEqual({ refused: `unreachable: ${message}` })
  })

  it.each(documentedSteps('nbody'))('takes $steps steps of the machine for $input', ({ input, steps }) => {
    expect(runInMachine('nbody', inputOf(Number.parseInt(input, 10))).steps).toBe(steps)
  })
})
