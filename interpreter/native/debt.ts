/**
 * Frames that were captured go on one by one, each through a call from outside the engine's code and the first time
 * through its compiler. A program that comes back through thousands of frames with a few steps in each would make
 * that its main work. What it costs counts as a debt, in steps that the interpreter would have made in the time; steps
 * that the engine's code makes pay it back. Beyond a bound the interpreter takes over for a while, so that no program
 * is much slower than it.
 */

/** About 2 microseconds, and 4 nanoseconds for a value: it comes out of its slot, and goes back if it is captured again. */
const STEPS_BY_FRAME = 500
const STEPS_BY_VALUE = 1

/** About a millisecond, and 0.8 microseconds for a byte. */
const STEPS_BY_MODULE = 250_000
const STEPS_BY_BYTE = 200

const MOST_DEBT = 2e6

export class Debt {
  #steps = 0

  /** A frame of so many values went on for some steps. */
  ranFrame(steps: number, values: number): void {
    this.#steps = Math.max(0, this.#steps + STEPS_BY_FRAME + STEPS_BY_VALUE * values - steps)
  }

  compiled(bytes: number): void {
    this.#steps += STEPS_BY_MODULE + STEPS_BY_BYTE * bytes
  }

  get isTooHigh(): boolean {
    return this.#steps > MOST_DEBT
  }

  /** Lets it go; gives the steps that are to be interpreted for it. */
  settle(): number {
    const steps = this.isTooHigh ? this.#steps : 0
    if (steps > 0) this.#steps = 0
    return steps
  }
}
