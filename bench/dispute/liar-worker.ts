// The worker of a liar: the states of a task are true up to a step, and made up after it.
import { workerData } from 'node:worker_threads'
import { execute, serveWork } from '../../daemon/index.ts'
import type { playedTrace } from '../../protocol/index.ts'
import { SUBSTEP } from '../../spec/index.ts'
import { claimOf, forgedTrace } from '../../test/adversaries/forged-trace.ts'

/** Where in its run it begins to lie, from 0 to 1. */
const share = workerData as number

serveWork((program, order) => {
  const execution = execute(program, order)
  const honest = { ...execution.trace, agreement: () => 'agrees' } as ReturnType<typeof playedTrace>
  const { root, regs, steps } = honest.final
  const false_ = claimOf(`0x${root.slice(2, -2)}${root.endsWith('00') ? '01' : '00'}`, regs)
  const at = { step: BigInt(Math.floor(share * Number(steps))), substep: SUBSTEP.EXECUTE }
  return { ...execution, trace: forgedTrace(honest, at, false_), agreement: () => ({ verdict: 'agrees' }) }
})
