import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DELIVERY_GAS, SOLVING_GAS } from '../../protocol/index.ts'

interface TaskGas {
  readonly take: number
  readonly post: number
  readonly finalise: number
  readonly deliver: number
}

const GAS = new URL('../../bench/gas.json', import.meta.url)

/** How much above the measurement an estimate may be. */
const ROOM = 1.25

describe('SOLVING_GAS and DELIVERY_GAS', () => {
  const { take, post, finalise, deliver } = (JSON.parse(readFileSync(GAS, 'utf8')) as { task: TaskGas }).task

  it.each([
    ['SOLVING_GAS', SOLVING_GAS, take + post + finalise],
    ['DELIVERY_GAS', DELIVERY_GAS, deliver],
  ])('%s is what was measured, and a little more', (_, estimate, measured) => {
    expect(Number(estimate)).toBeGreaterThanOrEqual(measured)
    expect(Number(estimate)).toBeLessThanOrEqual(measured * ROOM)
  })
})
