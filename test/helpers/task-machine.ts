import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lowerTask, Machine } from '../../interpreter/index.ts'
import { ROOT } from '../../scripts/build-tasks/compile.ts'
import { readTask } from './raw-task.ts'

const ENOUGH_STEPS = 1e8
const STEP_ROW = /^\| (.+) \| (\d+) \|$/gm

/** Inputs and steps, from the table of the task's README. */
export function documentedSteps(name: string): { input: string; steps: number }[] {
  const readme = readFileSync(join(ROOT, 'wasm-tasks', name, 'README.md'), 'utf8')
  return [...readme.matchAll(STEP_ROW)].map(([, input = '', steps]) => ({ input, steps: Number(steps) }))
}

/** Runs a checked-in task in the machine. */
export function runInMachine(name: string, input: Uint8Array) {
  const machine = new Machine(lowerTask(readTask(name)), input)
  machine.runTo(ENOUGH_STEPS)
  return { ...machine.outcome(), output: machine.output(), steps: machine.steps }
}
