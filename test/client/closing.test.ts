import { parseEventLogs } from 'viem'
import { describe, expect, it } from 'vitest'
import { createSubstepClient, NothingToRefund, NoWallet } from '../../client/index.ts'
import { marketAbi } from '../../protocol/index.ts'
import { useClient } from '../helpers/client-fixture.ts'

const fixture = useClient()

describe('refund', () => {
  it('sends nothing while a task can still have a result, and says until when', async () => {
    const client = fixture.current.client()
    const task = await fixture.current.requested()
    await expect(client.refund(task)).rejects.toMatchObject({
      status: 'open',
      until: BigInt(task.request.order.expires),
    })
    await fixture.current.answered(task)
    const { phases } = await client.getTask(task)
    await expect(client.refund(task)).rejects.toMatchObject({ status: 'posted', until: phases?.end })
    await fixture.current.finalised(task)
    await expect(client.refund(task)).rejects.toBeInstanceOf(NothingToRefund)
    await expect(client.refund(task)).rejects.toMatchObject({ status: 'final', until: undefined })
  })
})

describe('cancel', () => {
  it('is refused to others with the words of the market', async () => {
    const task = await fixture.current.requested()
    const client = fixture.current.client(fixture.current.solver)
    const requester = fixture.current.requester.account.address
    await expect(client.cancel(task)).rejects.toMatchObject({ errorName: 'NotTheRequester', args: [requester] })
  })
})

describe('deliver', () => {
  it('calls the requester back and earns the tip', async () => {
    const { market, solver } = fixture.current
    const tip = 10n ** 12n
    const task = await fixture.current.requested({ callbackGas: 50_000, tip })
    await fixture.current.answered(task)
    await fixture.current.finalised(task)
    const client = fixture.current.client(solver)
    const before = (await client.getAccount()).ether
    const { hash } = await client.deliver(task)
    const { logs } = await market.client.waitForTransactionReceipt({ hash })
    const [delivered] = parseEventLogs({ abi: marketAbi, logs, eventName: 'Delivered' })
    expect(delivered?.args).toMatchObject({ by: solver.account.address, success: true })
    expect((await client.getAccount()).ether).toBe(before + tip)
    expect((await client.getTask(task)).delivered).toBe(true)
  })
})

describe('withdraw', () => {
  it('pays out what was refunded, in part or all of it', async () => {
    const { market, requester } = fixture.current
    const client = fixture.current.client()
    const task = await fixture.current.requested()
    await (await client.cancel(task)).wait()
    const { maxPrice } = task.request.order
    const to = '0x00000000000000000000000000000000000000AA'
    await (await client.withdraw({ to, amount: 10n ** 9n })).wait()
    expect(await market.client.getBalance({ address: to })).toBe(10n ** 9n)
    const before = await market.client.getBalance({ address: requester.account.address })
    await (await client.withdraw()).wait()
    expect(await market.client.getBalance({ address: requester.account.address })).toBeGreaterThan(before)
    expect(await client.getAccount()).toEqual({ ether: 0n, free: 0n, locked: 0n })
    expect(maxPrice).toBeGreaterThan(10n ** 9n)
  })

  it('needs a wallet', async () => {
    const { client: publicClient, rules } = fixture.current.market
    const watcher = createSubstepClient({ publicClient, market: rules.market })
    await expect(watcher.withdraw()).rejects.toBeInstanceOf(NoWallet)
  })
})
