import { afterEach, expect, it } from 'vitest'
import type { Desk } from '../../../daemon/workers/crew.ts'
import { openDesk, ownWorker } from '../../../daemon/workers/desk.ts'
import type { Reply } from '../../../daemon/workers/messages.ts'
import { lowerTask, StateOracle } from '../../../interpreter/index.ts'
import { wasmOf } from '../../helpers/wat.ts'

/** Stores something else in every 64 bytes of 4 MiB. */
const FILL = wasmOf(`(module (memory 64) (func (export "main") (local i32)
  (loop $next
    (i32.store (local.get 0) (i32.mul (local.get 0) (i32.const 0x9e3779b1)))
    (br_if $next (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 64))) (i32.const 0x400000))))))`)
const INPUT = new Uint8Array(0)
const MAX_STEPS = 1e7

let desk: Desk | undefined
afterEach(() => desk?.close())

/** What the daemons' own worker says to an order to run a task. */
const ran = (module: Uint8Array, hashThreads: number): Promise<Reply> =>
  new Promise((said, lost) => {
    desk = openDesk({ said, lost: (problem) => lost(new Error(problem)) }, ownWorker({ hashThreads }))
    desk.post({
      ...{ kind: 'run', module, input: INPUT, maxSteps: MAX_STEPS, tier: 'native' },
      ...{ limits: undefined, budgetBytes: 2 ** 26 },
    })
  })

it.each([0, 1])('runs a task in a thread, and hashes its memory with %s more', async (hashThreads) => {
  const { final } = new StateOracle(lowerTask(FILL), INPUT, MAX_STEPS)
  const reply = await ran(FILL, hashThreads)
  expect(reply).toMatchObject({ kind: 'ran', final: { value: final.stateHash, steps: BigInt(final.steps) } })
})
