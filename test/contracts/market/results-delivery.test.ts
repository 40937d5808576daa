import type { Address, Hex } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { argsOf } from '../../helpers/artifact.ts'
import { type Contract, encode, type Receipt, Reverted, revertsWith } from '../../helpers/evm.ts'
import { askThrough, consumerOf, type Mood, setMood } from '../../helpers/market-consumers.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { FLAG, finaliseAlone, KIND, STATUS } from '../../helpers/market-steps.ts'
import { type Asking, ToyMarket } from '../../helpers/toy-market.ts'
import { bytesRootOf, type ToyProgram, type ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
const TERMS = { minPrice: 4n * GWEI, maxPrice: 7n * GWEI, ramp: 64, tip: 3n * GWEI, callbackGas: 100_000 }
const OUTPUT: Hex = '0xaabbcc'

let market: ToyMarket
let program: ToyProgram
let hostile: Contract
let requester: Address
let solver: Address
let caller: Address
let other: Address
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create({ maxCallbackGas: 2n ** 32n - 1n })
  program = await market.publish(10n)
  hostile = await consumerOf(market, 'HostileConsumer')
  ;[, requester, solver, caller, other] = market.evm.accounts as [Address, Address, Address, Address, Address]
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

const told = (receipt: Receipt, event: string) => argsOf(market.contract, receipt, event)
const flagsOf = async (task: ToyTask) => (await market.stored(task)).flags

/** A final task of the hostile consumer. */
async function final(mood: Mood, asking: Asking = {}): Promise<ToyTask> {
  await setMood(market, hostile, mood)
  const task = await askThrough(market, hostile, program, { ...TERMS, ...asking })
  await finaliseAlone(market, task, solver, { output: OUTPUT })
  return task
}

/** A final task of somebody without code. */
async function finalOf(asking: Asking): Promise<ToyTask> {
  const task = market.taskOf(program, 1000n, { requester, ...TERMS, ...asking })
  await market.request(task)
  await finaliseAlone(market, task, solver, { output: OUTPUT })
  return task
}

describe('deliver', () => {
  test('pays the tip once and calls back until it succeeds', async () => {
    const task = await final('reverts')
    const first = await gains(market, { caller, other }, () => market.deliver(task, OUTPUT, caller))
    expect(first.gained).toEqual({ caller: { wei: TERMS.tip }, other: {} })
    expect(told(first.receipt, 'Delivered')).toEqual([{ task: task.id, by: caller, success: false }])
    expect(await flagsOf(task)).toBe(FLAG.TIP_PAID)
    const again = await gains(market, { caller, other }, () => market.deliver(task, OUTPUT, other))
    expect(again.gained).toEqual({ caller: {}, other: {} })
    expect(told(again.receipt, 'Delivered')).toEqual([{ task: task.id, by: other, success: false }])
    await setMood(market, hostile, 'takes')
    const last = await gains(market, { caller, other }, () => market.deliver(task, OUTPUT, other))
    expect(last.gained).toEqual({ caller: {}, other: {} })
    expect(told(last.receipt, 'Delivered')).toEqual([{ task: task.id, by: other, success: true }])
    const outcome = { kind: KIND.HALTED, code: 0, inputByReference: false, outputOmitted: false }
    const result = { ...outcome, outputRoot: bytesRootOf(OUTPUT) }
    expect(argsOf(hostile, last.receipt, 'Told')).toEqual([{ task: task.id, outcome: result, output: OUTPUT }])
    expect(await flagsOf(task)).toBe(FLAG.TIP_PAID | FLAG.DELIVERED)
    await revertsWith(market.deliver(task, OUTPUT), 'AlreadyDelivered', [task.id])
    await expectConserved(market, 0n, [hostile.address])
  })

  test('calls only requesters that asked for it, and only with a result', async () => {
    const task = market.taskOf(program, 1000n, { requester, ...TERMS })
    await market.request(task)
    await revertsWith(market.deliver(task, OUTPUT), 'WrongStatus', [task.id, STATUS.OPEN])
    const silent = await finalOf({ tip: 0n, callbackGas: 0 })
    await revertsWith(market.deliver(silent, OUTPUT), 'NoCallback', [silent.id])
    await expectConserved(market, TERMS.maxPrice + TERMS.tip)
  })

  test('tells nothing but the output that was opened', async () => {
    const task = await final('takes')
    for (const output of ['0x', '0xaabb', '0xaabbcc00', '0xaabbcd'] as const) {
      await revertsWith(market.deliver(task, output), 'NotTheOutput', [bytesRootOf(output), bytesRootOf(OUTPUT)])
    }
    await market.deliver(task, OUTPUT)
  })

  test('pays a requester without code its tip back if it calls itself', async () => {
    const task = await finalOf({})
    const { receipt, gained } = await gains(market, { requester }, () => market.deliver(task, OUTPUT, requester))
    expect(gained).toEqual({ requester: { wei: TERMS.tip } })
    expect(told(receipt, 'Delivered')).toEqual([{ task: task.id, by: requester, success: true }])
    await expectConserved(market, 0n)
  })

  test('pays no tip where none was promised', async () => {
    const task = await final('takes', { tip: 0n })
    const { receipt, gained } = await gains(market, { caller }, () => market.deliver(task, OUTPUT, caller))
    expect(gained).toEqual({ caller: {} })
    expect(argsOf(market.vault, receipt, 'Credited')).toEqual([])
  })
})

describe('the gas of a callback', () => {
  test('is asked for in full before the call', async () => {
    const callbackGas = 2 ** 24 // all that a transaction may have
    const task = await final('takes', { callbackGas })
    const error: unknown = await market.deliver(task, OUTPUT).catch((reason: unknown) => reason)
    const needed = BigInt(callbackGas) + BigInt(callbackGas) / 63n + 30_000n
    expect(error).toMatchObject({ errorName: 'NotEnoughGas' })
    const [left, asked] = (error as Reverted).args as [bigint, bigint]
    expect(asked).toBe(needed)
    expect(left).toBeLessThan(needed)
    expect(await flagsOf(task)).toBe(0)
  })

  /** Delivers with so much gas and no more: whether the callback succeeded, undefined if the transaction did not. */
  async function deliverWith(task: ToyTask, gas: number): Promise<boolean | undefined> {
    const before = await market.evm.snapshot()
    const data = encode(market.contract, 'deliver', [task.request, OUTPUT])
    try {
      const receipt = await market.evm.sendData(caller, market.contract, data, 0n, gas)
      return (told(receipt, 'Delivered') as [{ success: boolean }])[0].success
    } catch (error) {
      if (error instanceof Reverted && ['NotEnoughGas', ''].includes(error.errorName)) return undefined
      throw error
    } finally {
      await market.evm.restore(before)
    }
  }

  /** The least number in (low, high] that holds; `high` does. */
  async function least(low: number, high: number, holds: (n: number) => Promise<boolean>): Promise<number> {
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (await holds(middle)) high = middle
      else low = middle
    }
    return high
  }

  test('cannot be cut short by the one who delivers: it gets all of it or there is no delivery', async () => {
    const enough = async (callbackGas: number): Promise<boolean> => {
      const task = await final('returns a bomb', {
        callbackGas,
        salt: `0x${callbackGas.toString(16).padStart(64, '0')}`,
      })
      return (await deliverWith(task, 2 ** 24)) === true
    }
    const callbackGas = await least(100_000, 400_000, enough)
    const task = await final('returns a bomb', { callbackGas })
    const gas = await least(100_000, 2 ** 20, async (n) => (await deliverWith(task, n)) !== undefined)
    console.log(`a callback that needs ${callbackGas} gas to the unit is delivered with ${gas} gas, or not at all`)
    expect(gas).toBeGreaterThan(callbackGas + Math.floor(callbackGas / 63))
    for (let n = gas; n < gas + 40_000; n += 997) expect(await deliverWith(task, n)).toBe(true)
    const starved = await final('returns a bomb', { callbackGas: callbackGas - 1 })
    expect(await deliverWith(starved, 2 ** 24)).toBe(false)
  })
})
