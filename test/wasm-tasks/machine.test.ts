import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../interpreter/index.ts'
import { ROOT } from '../../scripts/build-tasks/compile.ts'
import { TASKS } from '../../wasm-tasks/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { readTask } from '../helpers/raw-task.ts'

const ENOUGH_STEPS = 1e8
const STEP_ROW = /^\| (\d+) \| (\d+) \|$/gm

/** Input length and steps, from the table of the task's README. */
function documentedSteps(name: string): { length: number; steps: number }[] {
  const readme = readFileSync(join(ROOT, 'wasm-tasks', name, 'README.md'), 'utf8')
  return [...readme.matchAll(STEP_ROW)].map(([, length, steps]) => ({ length: Number(length), steps: Number(steps) }))
}

describe.each(TASKS)('the task $name in the machine', ({ name, reference }) => {
  const program = lowerTask(readTask(name))
  const rows = documentedSteps(name)

  it('has a table of steps in its README', () => {
    expect(rows.length).toBeGreaterThanOrEqual(4)
  })

  it.each(rows)(
    'takes $steps steps for any $length bytes and gives the result of its reference',
    ({ length, steps }) => {
      for (const input of [new Uint8Array(length), createRandom(TEST_SEED).bytes(length)]) {
        const machine = new Machine(program, input)
        machine.runTo(ENOUGH_STEPS)
        expect(machine.outcome()).toEqual({ outcome: 'halted', exitCode: 0, trap: null })
        expect(machine.output()).toEqual(reference(input))
        expect(machine.steps).toBe(steps)
      }
    },
  )
})
