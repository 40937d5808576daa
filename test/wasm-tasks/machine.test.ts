import { describe, expect, it } from 'vitest'
import { TASKS } from '../../wasm-tasks/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { documentedSteps, runInMachine } from '../helpers/task-machine.ts'

describe.each(TASKS)('the task $name in the machine', ({ name, reference }) => {
  const rows = documentedSteps(name)
  // A row that names its input otherwise belongs to the task's own test.
  const lengths = rows.filter(({ input }) => /^\d+$/.test(input))

  it('has a table of steps in its README', () => {
    expect(rows.length).toBeGreaterThanOrEqual(4)
  })

  it.each(lengths)('takes $steps steps for any $input bytes and gives the result of its reference', (row) => {
    for (const input of [new Uint8Array(Number(row.input)), createRandom(TEST_SEED).bytes(Number(row.input))]) {
      const { steps, output, outcome, exitCode } = runInMachine(name, input)
      expect({ outcome, exitCode }).toEqual({ outcome: 'halted', exitCode: 0 })
      expect(output).toEqual(reference(input))
      expect(steps).toBe(row.steps)
    }
  })
})
