import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../../interpreter/index.ts'
import { NativeTwin } from '../../differential/fuzz/native.ts'
import { createRandom } from '../../helpers/random.ts'
import { randomStores } from '../../helpers/random-stores.ts'
import { wasmOf } from '../../helpers/wat.ts'

const SEED = 20260508
/** More by SUBSTEP_STORES. */
const PROGRAMS = Number(process.env.SUBSTEP_STORES ?? 15)
const MOST_STEPS = 1e7
const NO_INPUT = new Uint8Array(0)

describe(`what is stored at addresses in locals, seeds from ${SEED}`, () => {
  it('is in the hash, wherever the run was stopped in between', () => {
    const twin = new NativeTwin()
    for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
      const random = createRandom(seed)
      const program = lowerTask(wasmOf(`(module ${randomStores(random)})`), { keepSources: true })
      const machine = new Machine(program, NO_INPUT)
      machine.runTo(MOST_STEPS)
      expect(machine.outcome().outcome, `seed ${seed}`).toBe('halted')
      expect(twin.compare(program, NO_INPUT, machine.steps, random), `seed ${seed}`).toEqual([])
    }
    expect(twin.work.resumes).toBeGreaterThan(PROGRAMS)
    expect(twin.work.fallbacks).toEqual({})
  })
})
