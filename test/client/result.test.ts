import { createPublicClient, custom, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  Aborted,
  NodeContradictsItself,
  TaskAbandoned,
  TaskCancelled,
  TaskExpired,
  TaskVoid,
  UnknownTask,
} from '../../client/index.ts'
import type { Hash } from '../../interpreter/index.ts'
import { answerOf, solverOf } from '../helpers/answers.ts'
import { INPUT, useClient } from '../helpers/client-fixture.ts'
import { dividing } from '../helpers/small-tasks.ts'

const fixture = useClient()
const QUICKLY = { pollingInterval: 2 }
const NOBODY: Hash = `0x${'77'.repeat(32)}`

/** The transport of the fixture's chain, but for answers that `change` replaces. */
function changed(change: (method: string, answer: unknown) => unknown) {
  const { client } = fixture.current.market
  return createPublicClient({
    transport: custom(
      {
        async request(asked: { method: string; params?: unknown }) {
          return change(asked.method, await client.request(asked as Parameters<typeof client.request>[0]))
        },
      },
      { retryCount: 0 },
    ),
  })
}

describe('waitForResult', () => {
  it('waits until the task is final, and tells the output that has the root on chain', async () => {
    const task = await fixture.current.requested()
    const waiting = fixture.current.client().waitForResult({ ...task, ...QUICKLY })
    await fixture.current.answered(task)
    await fixture.current.finalised(task)
    const { maxSteps, maxPrice } = task.request.order
    const { output, value } = fixture.current.truth(maxSteps)
    const solver = fixture.current.solver.account.address
    expect(await waiting).toMatchObject({ outcome: 'halted', exitCode: 0, trap: undefined, output, value, solver })
    expect(await waiting).toMatchObject({ price: maxPrice, inputByReference: false, task: task.task })
  })

  it('returns at once when the task was final before, to any process', async () => {
    const task = await fixture.current.requested()
    await fixture.current.answered(task)
    await fixture.current.finalised(task)
    await fixture.current.market.mine(5)
    const again = await fixture.current.client().request(fixture.current.order())
    const late = await again.result({ pollingInterval: 1e9 })
    expect(late).toEqual(await fixture.current.client().waitForResult({ task: task.task, pollingInterval: 1e9 }))
    expect(late.outcome).toBe('halted')
  })

  it('tells a run that took all its steps as what it is', async () => {
    const task = await fixture.current.requested({ maxSteps: 20n })
    await fixture.current.answered(task)
    await fixture.current.finalised(task)
    const result = await fixture.current.client().waitForResult(task)
    expect(result).toMatchObject({ outcome: 'outOfSteps', exitCode: undefined, trap: undefined })
  })

  it('tells a trap by code and name', async () => {
    const program = await fixture.current.market.publish(dividing())
    const task = await fixture.current.requested({ program })
    const truth = answerOf(dividing(), INPUT, task.request.order.maxSteps)
    await fixture.current.answered(task, fixture.current.solver, truth)
    await fixture.current.finalised(task, truth)
    const result = await fixture.current.client().waitForResult(task)
    expect(result).toMatchObject({ outcome: 'trapped', exitCode: undefined })
    expect(result.trap).toEqual({ code: 3, name: 'integer divide by zero' })
    expect(result.output).toEqual(new Uint8Array(4))
  })

  it('believes only what has the confirmations asked for', async () => {
    const { market } = fixture.current
    const task = await fixture.current.requested()
    await fixture.current.answered(task)
    await fixture.current.pastChallenge(task)
    const before = await market.snapshot()
    let known = false
    const waiting = fixture.current
      .client()
      .waitForResult({ ...task, ...QUICKLY, confirmations: 3 })
      .finally(() => {
        known = true
      })
    const { finalise } = solverOf(market, fixture.current.solver, task.request)
    await finalise(fixture.current.truth(task.request.order.maxSteps))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(known).toBe(false)
    await market.restore(before)
    await market.mine(4)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(known).toBe(false)
    await finalise(fixture.current.truth(task.request.order.maxSteps))
    await market.mine(2)
    expect((await waiting).outcome).toBe('halted')
  })

  it('outlasts a node that fails for a while', async () => {
    const task = await fixture.current.requested()
    await fixture.current.answered(task)
    await fixture.current.finalised(task)
    let failures = 8
    const flaky = changed((_, answer) => {
      if (failures-- > 0) throw new Error('no answer')
      return answer
    })
    const client = fixture.current.client(fixture.current.requester, flaky)
    expect((await client.waitForResult({ ...task, ...QUICKLY })).outcome).toBe('halted')
    const dead = changed(() => {
      throw new Error('no answer')
    })
    const unheard = fixture.current.client(fixture.current.requester, dead)
    await expect(unheard.waitForResult({ ...task, ...QUICKLY })).rejects.toThrow('no answer')
  })

  it('refuses an output that has not the root on chain', async () => {
    const task = await fixture.current.requested()
    await fixture.current.answered(task)
    await fixture.current.finalised(task)
    const output = toHex(fixture.current.truth(task.request.order.maxSteps).output).slice(2)
    const forging = changed((method, answer) =>
      method === 'eth_getLogs'
        ? JSON.parse(JSON.stringify(answer).replaceAll(output, '00'.repeat(output.length / 2)))
        : answer,
    )
    const client = fixture.current.client(fixture.current.requester, forging)
    await expect(client.waitForResult(task)).rejects.toBeInstanceOf(NodeContradictsItself)
  })

  it('ends when it is told to, and leaves the task alone', async () => {
    const task = await fixture.current.requested()
    const controller = new AbortController()
    const waiting = fixture.current.client().waitForResult({ ...task, signal: controller.signal, pollingInterval: 1e6 })
    setTimeout(() => controller.abort('enough'), 20)
    await expect(waiting).rejects.toBeInstanceOf(Aborted)
    await expect(waiting).rejects.toMatchObject({ task: task.task, cause: 'enough' })
    expect((await fixture.current.client().getTask(task)).status).toBe('open')
    const before = fixture.current.client().waitForResult({ ...task, signal: AbortSignal.abort() })
    await expect(before).rejects.toBeInstanceOf(Aborted)
  })

  it('knows no task that nobody asked for', async () => {
    const waiting = fixture.current.client().waitForResult({ task: NOBODY })
    await expect(waiting).rejects.toBeInstanceOf(UnknownTask)
    await expect(waiting).rejects.toMatchObject({ task: NOBODY })
    await expect(fixture.current.client().getTask({ task: NOBODY })).rejects.toBeInstanceOf(UnknownTask)
  })
})

describe('tasks that end without a result', () => {
  it('are told when they were cancelled', async () => {
    const client = fixture.current.client()
    const task = await fixture.current.requested()
    await (await client.cancel(task)).wait()
    const { maxPrice: refund } = task.request.order
    await expect(client.waitForResult(task)).rejects.toBeInstanceOf(TaskCancelled)
    await expect(client.waitForResult(task)).rejects.toMatchObject({ task: task.task, refund })
    expect((await client.getAccount()).ether).toBe(refund)
  })

  it('are told when nobody took them in time', async () => {
    const client = fixture.current.client()
    const task = await fixture.current.requested({ expires: Number(await fixture.current.market.now()) + 100 })
    await fixture.current.market.advanceTo(BigInt(task.request.order.expires) + 1n)
    await (await client.refund(task)).wait()
    await expect(client.waitForResult(task)).rejects.toBeInstanceOf(TaskExpired)
    await expect(client.waitForResult(task)).rejects.toMatchObject({ noShows: 0 })
  })

  it('are told when those who took them did not answer', async () => {
    const { market, solver } = fixture.current
    const client = fixture.current.client()
    const task = await fixture.current.requested()
    for (let i = 0; i < 3; i++) {
      await solverOf(market, solver, task.request).take()
      await market.advanceTo((await market.now()) + market.rules.solving + 100n)
      await (await client.refund(task)).wait()
    }
    await expect(client.waitForResult(task)).rejects.toBeInstanceOf(TaskExpired)
    await expect(client.waitForResult(task)).rejects.toMatchObject({ noShows: 3 })
  })

  it('are told when their answers never became one', async () => {
    const { market } = fixture.current
    const client = fixture.current.client()
    const task = await fixture.current.requested()
    await fixture.current.answered(task)
    const rival = await market.account('rival')
    const { regs } = fixture.current.truth(task.request.order.maxSteps)
    await solverOf(market, rival, task.request).enter({ root: NOBODY, regs })
    const { phases } = await client.getTask(task)
    await market.advanceTo(phases?.end ?? 0n)
    expect((await client.getTask(task)).verdict).toBe('void')
    await (await client.refund(task)).wait()
    await expect(client.waitForResult(task)).rejects.toBeInstanceOf(TaskVoid)
  })

  it('are told when nobody opened what settled', async () => {
    const { market } = fixture.current
    const client = fixture.current.client()
    const task = await fixture.current.requested()
    await fixture.current.answered(task)
    await fixture.current.pastChallenge(task)
    await market.advanceTo((await market.now()) + market.rules.finalising)
    await (await client.refund(task)).wait()
    await expect(client.waitForResult(task)).rejects.toBeInstanceOf(TaskAbandoned)
  })
})
