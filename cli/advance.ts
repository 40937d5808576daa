import { setImmediate } from 'node:timers/promises'
import type { Machine } from '../interpreter/index.ts'
import { Interrupted } from './errors.ts'
import { count } from './text.ts'

/** Steps between two looks at Ctrl-C: about a tenth of a second. */
const SLICE = 2 ** 24

/**
 * Runs `work` while Ctrl-C makes `check` throw, instead of ending the process on the spot.
 * `check` must be awaited now and then.
 */
export async function interruptible(machine: Machine, work: (check: () => Promise<void>) => Promise<void>) {
  let interrupted = false
  const interrupt = () => {
    interrupted = true
  }
  process.once('SIGINT', interrupt)
  try {
    await work(async () => {
      await setImmediate()
      if (interrupted) throw new Interrupted(`after ${count(machine.steps)} steps`)
    })
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/**
 * Runs until the machine stops or stands at step `step`, a slice at a time.
 * @throws Interrupted
 */
export function advance(machine: Machine, step: number, onSlice: () => void): Promise<void> {
  return interruptible(machine, async (check) => {
    while (!machine.stopped && machine.steps < step) {
      machine.runTo(Math.min(step, machine.steps + SLICE))
      onSlice()
      await check()
    }
  })
}
