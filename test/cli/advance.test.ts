import { describe, expect, it } from 'vitest'
import { type Advancing, advance } from '../../cli/advance.ts'

const MILLION = 1e6

/** A machine whose speed is told by the step it stands at, and a clock that goes by what it runs. */
class Simulated implements Advancing {
  steps = 0
  now = 0
  readonly slices: number[] = []
  readonly end: number
  readonly #stepsByMillisecond: (step: number) => number

  constructor(end: number, stepsByMillisecond: (step: number) => number) {
    this.end = end
    this.#stepsByMillisecond = stepsByMillisecond
  }

  get stopped(): boolean {
    return this.steps === this.end
  }

  runTo(step: number): void {
    const to = Math.min(step, this.end)
    const milliseconds = (to - this.steps) / this.#stepsByMillisecond(this.steps)
    this.slices.push(milliseconds)
    this.now += milliseconds
    this.steps = to
  }

  advance(step: number): Promise<void> {
    return advance(
      this,
      step,
      () => undefined,
      () => this.now,
    )
  }
}

describe('advance', () => {
  it.each([100, 1, 0.1].map((speed) => speed * MILLION))(
    'looks at Ctrl-C about every sixth of a second, at %d steps a millisecond',
    async (speed) => {
      const machine = new Simulated(4000 * speed, () => speed)
      await machine.advance(Number.MAX_SAFE_INTEGER)
      expect(machine.stopped).toBe(true)
      const late = machine.slices.slice(8, -1)
      expect(late.length).toBeGreaterThan(10)
      for (const milliseconds of late) expect(milliseconds).toBeCloseTo(150, 0)
    },
  )

  it('takes smaller slices where the machine slows down, after one that is too long', async () => {
    const machine = new Simulated(1e10, (step) => (step < 5e9 ? 4 * MILLION : MILLION / 4))
    await machine.advance(1e10)
    expect(machine.slices.filter((milliseconds) => milliseconds > 151)).toHaveLength(1)
  })

  it('takes slices that are worth it, however slow the machine', async () => {
    const machine = new Simulated(1e7, () => 1)
    await machine.advance(1e7)
    expect(machine.slices.length).toBeLessThan(10)
  })

  it('ends at the step that is asked for', async () => {
    const machine = new Simulated(1e9, () => MILLION)
    await machine.advance(123_456_789)
    expect(machine.steps).toBe(123_456_789)
  })
})
