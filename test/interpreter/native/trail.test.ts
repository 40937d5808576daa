import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../../interpreter/index.ts'
import { Trail } from '../../../interpreter/native/trail.ts'
import { createRandom } from '../../helpers/random.ts'
import { storeDifference } from '../../helpers/same-store.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260521
const NO_INPUT = new Uint8Array(0)
const PAGE_BYTES = 4096

/** Writes to one word after the other, 64 pages of them, again and again. */
const program = lowerTask(
  wasmOf(`(module (memory 4) (func (export "main") (local $i i32)
    (loop $l
      (i32.store (i32.and (i32.mul (local.get $i) (i32.const 60)) (i32.const 0x3fffc)) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $l))))`),
)

/** A machine that goes on by so many steps at a time, and what it leaves behind. */
const walk = (pieces: number, steps: number, budgetBytes: number) => {
  const machine = new Machine(program, NO_INPUT)
  const trail = new Trail(machine.store, { budgetBytes, leastGap: 0 })
  for (let piece = 1; piece <= pieces; piece++) {
    machine.runTo(piece * steps)
    trail.visit()
  }
  return { machine, trail }
}

/** The steps of all that are kept. */
const kept = (trail: Trail, end: number): number[] => {
  const found: number[] = []
  for (let at = end; ; at = found[0]! - 1) {
    found.unshift(trail.nearest(at).registers.steps)
    if (found[0] === 0) return found
  }
}

const gaps = (steps: readonly number[]): number[] => steps.slice(1).map((step, i) => step - steps[i]!)

describe(`Trail, seed ${SEED}`, () => {
  it('brings a machine back to any checkpoint, and forth again', () => {
    const random = createRandom(SEED)
    const { machine, trail } = walk(40, 500, 2 ** 22)
    const steps = kept(trail, machine.steps)
    expect(steps).toHaveLength(41)
    for (let i = 0; i < 30; i++) {
      const step = random.pick(steps)
      trail.restore(trail.nearest(step))
      const twin = new Machine(program, NO_INPUT)
      twin.runTo(step)
      expect(storeDifference(machine.store, twin.store), `step ${step}`).toBeNull()
      trail.toCommit()
      expect(machine.stateHash(), `step ${step}`).toBe(twin.stateHash())
      machine.runTo(step + random.below(2000))
    }
  })

  it('holds pages once that are the same in several', () => {
    const { trail } = walk(40, 10, 2 ** 30)
    expect(trail.count).toBe(41)
    expect(trail.bytes).toBeLessThan(41 * 10 * PAGE_BYTES)
  })

  it('stays within its budget, and leaves a long run evenly spaced', () => {
    const budgetBytes = 100 * 64 * PAGE_BYTES
    const { trail, machine } = walk(1000, 35_000, budgetBytes)
    expect(trail.bytes).toBeLessThanOrEqual(budgetBytes)
    expect(trail.count).toBeGreaterThan(60)
    const between = gaps(kept(trail, machine.steps))
    expect(Math.max(...between)).toBeLessThanOrEqual(4 * Math.ceil(1000 / trail.count) * 35_000)
  })

  it('drops first what is far from where it will be asked', () => {
    const budgetBytes = 30 * 64 * PAGE_BYTES
    const { trail, machine } = walk(25, 70_000, budgetBytes)
    const [from, to] = [700_000, 840_000]
    const inside = () => kept(trail, 25 * 70_000).filter((step) => step >= from && step <= to)
    const before = inside().length
    trail.focus = { from, to }
    trail.restore(trail.nearest(from))
    for (let step = from + 7000; step <= to; step += 7000) {
      machine.runTo(step)
      trail.visit()
    }
    expect(inside().length).toBeGreaterThan(before + 15)
    expect(trail.nearest(0).registers.steps).toBe(0)
    expect(trail.bytes).toBeLessThanOrEqual(budgetBytes)
  })

  it('keeps the start, and the last state gone back to, whatever the budget', () => {
    const { trail, machine } = walk(10, 35_000, 0)
    expect(trail.count).toBe(1)
    trail.restore(trail.base)
    expect(machine.steps).toBe(0)
    expect(storeDifference(machine.store, new Machine(program, NO_INPUT).store)).toBeNull()
  })

  it('takes none too close to another', () => {
    const machine = new Machine(program, NO_INPUT)
    const trail = new Trail(machine.store, { budgetBytes: 2 ** 22, leastGap: 1000 })
    for (let step = 100; step <= 10_000; step += 100) {
      machine.runTo(step)
      trail.visit()
    }
    expect(gaps(kept(trail, machine.steps))).toEqual(Array.from({ length: 10 }, () => 1000))
  })
})
