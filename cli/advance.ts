import { setImmediate } from 'node:timers/promises'
import { Interrupted } from './errors.ts'
import { count } from './text.ts'

/** Between two looks at Ctrl-C. */
const SLICE_MS = 150

/** Steps of the first slice: not more than a fifth of a second of the interpreter, before it is warm. */
const FIRST_SLICE = 2 ** 22

/** Fewer are not worth the engine's while. */
const LEAST_SLICE = 2 ** 20

/** From one slice to the next: what runs much faster now may be slow again soon. */
const MOST_GROWTH = 4

/** A machine that goes forward. */
export interface Advancing {
  readonly stopped: boolean
  readonly steps: number
  runTo(step: number): void
}

/**
 * Runs `work` while Ctrl-C makes `check` throw, instead of ending the process on the spot.
 * `check` must be awaited now and then.
 */
export async function interruptible(
  machine: Pick<Advancing, 'steps'>,
  work: (check: () => Promise<void>) => Promise<void>,
) {
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
export function advance(
  machine: Advancing,
  step: number,
  onSlice: () => void,
  now: () => number = () => performance.now(),
): Promise<void> {
  return interruptible(machine, async (check) => {
    let slice = FIRST_SLICE
    while (!machine.stopped && machine.steps < step) {
      const [before, start] = [machine.steps, now()]
      machine.runTo(Math.min(step, before + slice))
      slice = sliceAfter(machine.steps - before, now() - start)
      onSlice()
      await check()
    }
  })
}

/** Steps of the next slice, by how fast the last one was. */
const sliceAfter = (steps: number, milliseconds: number): number =>
  Math.max(LEAST_SLICE, Math.floor(steps * Math.min(MOST_GROWTH, SLICE_MS / milliseconds)))
