import { createPublicClient, custom, parseEventLogs, zeroHash } from 'viem'
import { describe, expect, it } from 'vitest'
import { TaskIdDiffers } from '../../client/index.ts'
import { byteTreeRoot, lowerTask, toHex } from '../../interpreter/index.ts'
import { marketAbi, SimulationRefused } from '../../protocol/index.ts'
import { INPUT, useClient } from '../helpers/client-fixture.ts'
import { START_ETHER } from '../helpers/local-market.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const fixture = useClient()

describe('request', () => {
  it('knows the id of the task before it sends', async () => {
    const { market, requester } = fixture.current
    const client = fixture.current.client()
    const order = fixture.current.order()
    const prepared = await client.prepare({ ...order, requester: requester.account.address })
    const sent = await client.request(order)
    const { logs } = await market.client.waitForTransactionReceipt({ hash: sent.hash ?? zeroHash })
    expect(sent.task).toBe(prepared.task)
    expect(sent.request).toEqual(prepared.request)
    const [told] = parseEventLogs({ abi: marketAbi, logs, eventName: 'TaskRequested' })
    expect(told?.args).toMatchObject({ task: prepared.task, request: prepared.request })
  })

  it('makes the same task of a program and of its id', async () => {
    const client = fixture.current.client()
    const requester = fixture.current.requester.account.address
    const byId = await client.prepare({ ...fixture.current.order(), requester })
    const own = await client.prepare({ ...fixture.current.order({ program: lowerTask(SMALL_TASK) }), requester })
    expect(own).toEqual(byId)
  })

  it('finds the task when the same order is sent again, and does not pay twice', async () => {
    const { market, requester } = fixture.current
    const first = await fixture.current.client().request(fixture.current.order())
    await first.wait()
    const before = await market.client.getBalance({ address: requester.account.address })
    const second = await fixture.current.client().request(fixture.current.order())
    expect(second.hash).toBeUndefined()
    expect((await second.wait()).task).toBe(first.task)
    expect(await market.client.getBalance({ address: requester.account.address })).toBe(before)
  })

  it('finds a task that was sent and is not mined yet', async () => {
    const { market } = fixture.current
    await market.holdBlocks()
    const first = await fixture.current.client().request(fixture.current.order())
    const second = await fixture.current.client().request(fixture.current.order())
    expect(second.hash).toBeUndefined()
    const waiting = second.wait({ pollingInterval: 5 })
    await market.mine()
    await market.releaseBlocks()
    expect((await waiting).task).toBe(first.task)
  })

  it('makes another task of the same order with another salt', async () => {
    const client = fixture.current.client()
    const first = await client.request(fixture.current.order())
    const second = await client.request(fixture.current.order({ salt: `0x${'01'.repeat(32)}` }))
    expect(second.task).not.toBe(first.task)
    expect(second.hash).toBeDefined()
  })

  it('takes what is not sent along out of the vault account', async () => {
    const client = fixture.current.client(fixture.current.solver)
    const sent = await client.request({ ...fixture.current.order(), value: 0n })
    const { request } = await sent.wait()
    expect((await client.getAccount()).ether).toBe(START_ETHER - request.order.maxPrice)
  })

  it('asks for an input by its root, and tells where it can be had', async () => {
    const { input: _, ...terms } = fixture.current.order()
    const inputRoot = toHex(byteTreeRoot(INPUT))
    const client = fixture.current.client()
    const sent = await client.requestByReference({ ...terms, inputRoot, uris: ['https://example.org/input'] })
    const info = await sent.wait()
    expect(info).toMatchObject({ input: undefined, uris: ['https://example.org/input'], status: 'open' })
    expect(info.request).toMatchObject({ byReference: true, inputRoot, initial: sent.request.initial })
  })

  it('sends nothing where the market refuses, and says why', async () => {
    const { market, requester } = fixture.current
    const count = () => market.client.getTransactionCount({ address: requester.account.address })
    const before = await count()
    const refused = fixture.current.client().request(fixture.current.order({ expires: 1 }))
    await expect(refused).rejects.toBeInstanceOf(SimulationRefused)
    await expect(refused).rejects.toMatchObject({ errorName: 'OrderExpired', args: [1n] })
    expect(await count()).toBe(before)
  })

  it('sends nothing where the node tells another id', async () => {
    const { market } = fixture.current
    const lying = custom({
      async request(asked: { method: string; params?: unknown }) {
        const [call] = (asked.params ?? []) as [{ value?: string }?]
        if (asked.method === 'eth_call' && call?.value !== undefined) return zeroHash
        return market.client.request(asked as Parameters<typeof market.client.request>[0])
      },
    })
    const client = fixture.current.client(fixture.current.requester, createPublicClient({ transport: lying }))
    await expect(client.request(fixture.current.order())).rejects.toBeInstanceOf(TaskIdDiffers)
  })
})

describe('quote', () => {
  it('tells the stake and the windows that the market will ask for', async () => {
    const { market } = fixture.current
    const { task, request } = await fixture.current.requested()
    const { maxSteps } = request.order
    const told = await fixture.current.client().quote({ maxSteps })
    const read = <T>(name: string, args: readonly unknown[]) =>
      market.read<T>({ to: market.rules.market, abi: marketAbi, name, args })
    const [challenge, support, opening, budget, minimum] = await read<readonly bigint[]>('timingOf', [maxSteps])
    expect(told.windows).toMatchObject({ challenge, support, opening, budget, minimum })
    expect(told.bond).toBe(market.rules.bond)
    expect(told.isAccepted).toBe(true)
    const { gasPrice } = await fixture.current.client().getTask({ task })
    const origin = await read<object>('originOf', [request])
    const deposit = await read<bigint>('depositOf', [origin])
    // The base fee falls from block to block here; both stay at the floor.
    expect([told.deposit, gasPrice]).toEqual([deposit, (market.rules.gasPriceFloor * 6n) / 5n])
  })

  it('says when the market takes no task of so many steps', async () => {
    const { maxSteps } = fixture.current.market.rules
    expect((await fixture.current.client().quote({ maxSteps: maxSteps + 1n })).isAccepted).toBe(false)
    expect((await fixture.current.client().quote({ maxSteps: 0n })).isAccepted).toBe(false)
  })
})
