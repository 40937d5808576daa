import { describe, expect, it } from 'vitest'
import { boundaryCore } from '../../../interpreter/machine/boundary.ts'
import { advance, nextSubstep, touch } from '../../../interpreter/machine/step.ts'
import { packWord } from '../../../interpreter/machine/word.ts'
import { ALU, CONTROL } from '../../../spec/index.ts'

const RUNNING = { steps: 5n, pc: 6, sp: 20, pages: 2, status: 0, exit: 0 }
const core = boundaryCore(RUNNING)
/** Before substep n of a step in flight. */
const inFlight = (n: bigint) => ({ ...core, misc: n })

describe('nextSubstep', () => {
  it('is the counter from 1 to 10, and 11 for every other', () => {
    expect([1n, 2n, 10n].map((n) => nextSubstep(inFlight(n)))).toEqual([1, 2, 10])
    expect([11n, 12n, 13n, 255n, 1n << 8n, 1n << 40n].map((n) => nextSubstep(inFlight(n)))).toEqual(Array(6).fill(11))
  })

  it('is 0 between two steps, and none where the machine has stopped, in whatever way', () => {
    expect(nextSubstep(core)).toBe(0)
    for (const status of [1, 2, 3, 255]) expect(nextSubstep(boundaryCore({ ...RUNNING, status }))).toBeUndefined()
  })
})

describe('advance', () => {
  const zero = new Uint8Array(32)
  /** Registers after substep 11 of a word. */
  const retired = (word: Parameters<typeof packWord>[0], more: { misc?: bigint; a?: bigint } = {}) =>
    advance({ ...core, misc: 11n, word: packWord(word), ...more }, zero).core.regs

  it('counts the step where it retires, with a trap and without', () => {
    const steps = (regs: bigint) => regs >> 136n
    expect(steps(retired({ control: CONTROL.NEXT }))).toBe(6n)
    expect(steps(retired({ control: CONTROL.NEXT }, { misc: 11n | (3n << 8n) }))).toBe(6n)
  })

  it('keeps the low 32 bits of a as the exit code of HALT', () => {
    const regs = retired({ alu: ALU.ZERO, control: CONTROL.HALT }, { a: (1n << 32n) | 77n })
    expect(regs & ((1n << 40n) - 1n)).toBe((1n << 32n) | 77n)
  })

  it('gives CALL the pc behind it', () => {
    const call = { ...core, misc: 7n, word: packWord({ control: CONTROL.CALL, immLo: 99 }) }
    expect(advance(call, zero).core.r).toBe(7n)
  })
})

describe('touch', () => {
  it('cuts the stack where it ends after the step', () => {
    const falling = { ...core, misc: 11n, word: packWord({ control: CONTROL.NEXT, delta: -3 }) }
    expect(touch(falling)).toEqual({ g: (10 << 20) + 17, how: 'cut' })
    expect(touch({ ...falling, word: packWord({ control: CONTROL.NEXT, delta: 3 }) })).toBeUndefined()
  })
})
