import { describe, expect, it } from 'vitest'
import { Progress } from '../../cli/progress.ts'

const running = (steps: number) => ({ steps, registers: { pages: 608 } })

/** A screen that keeps what is written, and a clock that stands still until it is set. */
function stage(isTTY: boolean) {
  const written: string[] = []
  const clock = { now: 0 }
  const screen = { isTTY, write: (text: string) => written.push(text) }
  return { written, clock, progress: new Progress(screen, () => clock.now) }
}

describe('Progress', () => {
  it('is silent for the first second, then tells steps, speed and memory', () => {
    const { written, clock, progress } = stage(true)
    clock.now = 999
    progress.show(running(1))
    expect(written).toEqual([])
    clock.now = 3000
    progress.show(running(1_236_000_000))
    expect(written).toEqual(['\r\u001b[K1.2G steps  412M steps/s  memory 38 MiB'])
  })

  it('writes four times a second at most, and erases its line at the end', () => {
    const { written, clock, progress } = stage(true)
    for (clock.now = 1000; clock.now < 2000; clock.now += 10) progress.show(running(5))
    expect(written).toHaveLength(4)
    progress.clear()
    expect(written.at(-1)).toBe('\r\u001b[K')
  })

  it('writes nothing where there is no terminal', () => {
    const { written, clock, progress } = stage(false)
    clock.now = 5000
    progress.show(running(5))
    progress.clear()
    expect(written).toEqual([])
  })
})
