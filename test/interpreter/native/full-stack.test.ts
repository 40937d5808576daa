import { describe, expect, it } from 'vitest'
import { lowerTask, Machine, NativeMachine, type Program } from '../../../interpreter/index.ts'
import { STACK_LIMIT, STATUS, TRAP } from '../../../spec/index.ts'
import { FACTORIAL } from '../../helpers/native-programs.ts'
import { createRandom } from '../../helpers/random.ts'
import { storeDifference } from '../../helpers/same-store.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260506
const STOPS = 6
const NO_INPUT = new Uint8Array(0)
const MOST_STEPS = 1e8

const recursion = (depth: number): Program => {
  const main = `(func (export "main") (i64.store (i32.const 0) (call $f (i64.const ${depth}))))`
  return lowerTask(wasmOf(`(module (memory 1) ${FACTORIAL} ${main})`), { keepSources: true })
}

const endOf = (program: Program): Machine => {
  const machine = new Machine(program, NO_INPUT)
  machine.runTo(MOST_STEPS)
  return machine
}

const halts = (depth: number): boolean => endOf(recursion(depth)).store.status === STATUS.HALTED

/** The deepest recursion that the machine's stack has room for. */
const deepest = (): number => {
  let [low, high] = [0, STACK_LIMIT]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (halts(middle)) low = middle
    else high = middle
  }
  return low
}

/** All slots are compared; to hash them takes long. */
const compare = (program: Program, random = createRandom(SEED)): NativeMachine => {
  const { steps } = endOf(program)
  const stops = Array.from({ length: STOPS }, () => random.below(steps)).sort((a, b) => a - b)
  const [twin, native] = [new Machine(program, NO_INPUT), new NativeMachine(program, NO_INPUT, { fewSteps: 0 })]
  for (const step of [...stops, steps - 1, MOST_STEPS]) {
    twin.runTo(step)
    native.runTo(step)
    expect(storeDifference(native.store, twin.store), `step ${step}`).toBeNull()
  }
  return native
}

describe(`all slots of the stack, seed ${SEED}`, () => {
  const depth = deepest()

  it('are there for a recursion that needs them', () => {
    const native = compare(recursion(depth))
    expect(native.outcome()).toEqual({ outcome: 'halted', exitCode: 0, trap: null })
    expect(native.report.fallback).toBeNull()
    // On the way back frames go on one by one, for some of the time in the interpreter.
    expect(native.report.nativeSteps).toBeGreaterThan(0.7 * native.steps)
  })

  it('are not enough for one call more, which traps at its step', () => {
    const native = compare(recursion(depth + 1))
    expect(native.outcome()).toEqual({ outcome: 'trapped', exitCode: null, trap: TRAP.STACK_EXHAUSTED })
    expect(native.report.fallback).toBeNull()
    expect(native.store.sp).toBeGreaterThan(STACK_LIMIT - 10)
  })
})
