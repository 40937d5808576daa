import { type Address, type Hex, numberToHex, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { argsOf } from '../../helpers/artifact.ts'
import { encode, type Receipt, revertsWith, withWord } from '../../helpers/evm.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { FLAG, STATUS } from '../../helpers/market-steps.ts'
import { type Asking, INPUT, ToyMarket } from '../../helpers/toy-market.ts'
import type { ToyProgram, ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
const TERMS = { minPrice: 3n * GWEI, maxPrice: 5n * GWEI, tip: 2n * GWEI, callbackGas: 100_000 }
const ESCROW = TERMS.maxPrice + TERMS.tip
const RULES = { maxSteps: 10_000n, maxCallbackGas: 200_000n, gasPriceFloor: 50n * GWEI }

let market: ToyMarket
let program: ToyProgram
let requester: Address
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create(RULES)
  program = await market.publish(100n)
  requester = market.account(1)
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

const taskOf = (asking: Asking = {}, maxSteps = 1000n): ToyTask =>
  market.taskOf(program, maxSteps, { requester, ...TERMS, ...asking })

const refuses = (asking: Asking, error: string, args: readonly unknown[], maxSteps = 1000n) =>
  revertsWith(market.request(taskOf(asking, maxSteps)), error, args)

const told = (receipt: Receipt, event: string) => argsOf(market.contract, receipt, event)
const inVault = (receipt: Receipt, event: string) => argsOf(market.vault, receipt, event)

describe('request', () => {
  test('escrows the highest price and the tip, and tells all that a solver needs', async () => {
    const task = taskOf()
    expect(await market.evm.read(market.contract, 'request', [task.request.order, INPUT], requester)).toBe(task.id)
    const { receipt, gained } = await gains(market, { requester }, () => market.request(task))
    expect(gained).toEqual({ requester: { wei: -ESCROW } })
    const gasPrice = 60n * GWEI
    expect(told(receipt, 'TaskRequested')).toEqual([
      { task: task.id, program: program.id, requester, request: task.request, gasPrice, input: INPUT },
    ])
    expect(inVault(receipt, 'Escrowed')).toEqual([{ subject: task.id, owner: requester, amount: ESCROW }])
    const requestedAt = Number(await market.evm.now())
    const stored = { requestedAt, status: STATUS.OPEN, flags: 0, gasPrice: 6000, takenAt: 0, postedAt: 0 }
    expect(await market.stored(task)).toMatchObject(stored)
    expect(await market.evm.read(market.contract, 'originOf', [task.request])).toEqual(task.origin)
    expect(await market.evm.read(market.contract, 'taskId', [task.origin])).toBe(task.id)
    await expectConserved(market, ESCROW)
  })

  test('takes the ether sent first, and puts what was too much into the account', async () => {
    const more = await gains(market, { requester }, () => market.request(taskOf(), { value: ESCROW + GWEI }))
    expect(more.gained).toEqual({ requester: { wei: GWEI } })
    const salt = numberToHex(1, { size: 32 })
    const less = await gains(market, { requester }, () => market.request(taskOf({ salt }), { value: 3n * GWEI }))
    expect(less.gained).toEqual({ requester: { wei: 3n * GWEI - ESCROW } })
    await revertsWith(market.request(taskOf(), { value: ESCROW + 1n }), 'TaskExists')
    const odd = taskOf({ salt: numberToHex(2, { size: 32 }) })
    await revertsWith(market.request(odd, { value: ESCROW + 1n }), 'NotWholeGwei', [1n])
    await expectConserved(market, 2n * ESCROW)
  })

  test('asks no more of an account than it has', async () => {
    const poor = market.account(12)
    await refuses({ requester: poor }, 'NotEnoughEther', [poor, 0n, ESCROW])
    await market.request(taskOf({ requester: poor }), { value: ESCROW })
  })

  test('may be for nothing', async () => {
    const free = taskOf({ minPrice: 0n, maxPrice: 0n, tip: 0n, callbackGas: 0 })
    const { gained } = await gains(market, { requester }, () => market.request(free))
    expect(gained).toEqual({ requester: {} })
  })

  test('reckons with the floor of the gas price or twice the base fee, and a fifth more', async () => {
    const cheap = await ToyMarket.create({ gasPriceFloor: 1n }, market.evm)
    const task = await cheap.createTask(1000n)
    const fee = await market.evm.baseFee()
    const units = (2n * fee * 6n + 5n * 10n ** 7n - 1n) / (5n * 10n ** 7n)
    expect(fee).toBeGreaterThan(1n)
    expect((await cheap.stored(task)).gasPrice).toBe(Number(units))
    const { enterGas, moveGas } = cheap.rules
    // 1000 steps cut by 16 take three bisections and a proof.
    const gas = BigInt(enterGas) + BigInt(moveGas) * (4n / 2n + 1n)
    const refund = (units * 10n ** 7n * gas + GWEI - 1n) / GWEI
    expect(await cheap.deposit(task)).toBe(4n * refund * GWEI)
  })

  test('refuses orders that make no sense, each with its reason', async () => {
    await refuses({}, 'MaxStepsOutOfRange', [0n, RULES.maxSteps], 0n)
    await refuses({}, 'MaxStepsOutOfRange', [RULES.maxSteps + 1n, RULES.maxSteps], RULES.maxSteps + 1n)
    await refuses({ minPrice: 6n * GWEI }, 'PricesReversed', [6n * GWEI, 5n * GWEI])
    await refuses({ minPrice: GWEI + 1n }, 'PriceNotWholeGwei', [GWEI + 1n])
    await refuses({ maxPrice: 5n * GWEI + 1n }, 'PriceNotWholeGwei', [5n * GWEI + 1n])
    await refuses({ tip: 1n }, 'PriceNotWholeGwei', [1n])
    await refuses({ callbackGas: 200_001 }, 'CallbackGasOutOfRange', [200_001n, 200_000n])
    await refuses({ callbackGas: 0 }, 'TipWithoutCallback', [TERMS.tip])
    const unknown = { ...program, id: zeroHash as Hex }
    const task = market.taskOf(unknown, 1000n, { requester })
    await revertsWith(market.request(task), 'UnknownProgram', [zeroHash])
  })

  test('refuses an order that has expired, and takes one that expires now', async () => {
    const time = (await market.evm.now()) + 100n
    await market.evm.at(time)
    await refuses({ expires: Number(time) - 1 }, 'OrderExpired', [time - 1n])
    await market.evm.at(time + 1n)
    await market.request(taskOf({ expires: Number(time) + 1 }))
  })

  test('takes the same order for the same input of the same requester once, even after it was cancelled', async () => {
    const task = taskOf()
    await market.request(task)
    await revertsWith(market.request(task), 'TaskExists', [task.id])
    await market.close(task, 'cancel', requester)
    await revertsWith(market.request(task), 'TaskExists', [task.id])
    await market.request(taskOf({ salt: numberToHex(1, { size: 32 }) }))
    const other = { ...taskOf({ input: '0x0103' }) }
    await market.request(other, { input: '0x0103' })
    expect(other.id).not.toBe(task.id)
  })
})

describe('requestByReference', () => {
  const byReference = (task: ToyTask): ToyTask['request'] => ({ ...task.request, byReference: true })

  test('flags an input that was named by its root', async () => {
    const task = taskOf()
    const request = byReference(task)
    const uris = ['ipfs://input', 'https://input']
    const args = [request.order, request.inputRoot, uris] as const
    const id = await market.evm.read(market.contract, 'requestByReference', args, requester)
    expect(id).not.toBe(task.id)
    const { receipt, gained } = await gains(market, { requester }, () =>
      market.evm.send(requester, market.contract, 'requestByReference', args, GWEI),
    )
    expect(gained).toEqual({ requester: { wei: GWEI - ESCROW } })
    expect(told(receipt, 'TaskRequested')).toEqual([
      { task: id, program: program.id, requester, request, gasPrice: 60n * GWEI, input: '0x' },
    ])
    expect(told(receipt, 'InputLocated')).toEqual(uris.map((uri) => ({ task: id, uri })))
    const stored = await market.evm.read(market.contract, 'taskOf', [id])
    expect(stored).toMatchObject({ status: STATUS.OPEN, flags: FLAG.BY_REFERENCE })
  })

  test('tells eight places of an input and no more, so that no block is too full to be read', async () => {
    const { request } = taskOf()
    const send = (count: number) => {
      const uris = Array.from({ length: count }, () => '')
      const args = [request.order, request.inputRoot, uris] as const
      return market.evm.send(requester, market.contract, 'requestByReference', args, GWEI)
    }
    await revertsWith(send(9), 'TooManyUris', [9n, 8n])
    expect(told(await send(8), 'InputLocated')).toHaveLength(8)
  })

  test('makes another task than the same input given whole, so neither can pass for the other', async () => {
    const task = taskOf()
    await market.request(task)
    const forged = { ...task, request: byReference(task) }
    const { terms, ...rest } = await market.evm.read(market.contract, 'originOf', [forged.request])
    expect(rest).toEqual({ initial: task.origin.initial, maxSteps: task.origin.maxSteps })
    expect(terms).not.toBe(task.origin.terms)
    const id = await market.evm.read(market.contract, 'taskId', [{ ...rest, terms }])
    await revertsWith(market.take(forged, market.account(2)), 'UnknownTask', [id])
  })
})

describe('cancel', () => {
  test('gives everything back when the requester cancels an open task', async () => {
    const task = taskOf()
    await market.request(task)
    await revertsWith(market.close(task, 'cancel'), 'NotTheRequester', [requester])
    const { receipt, gained } = await gains(market, { requester }, () => market.close(task, 'cancel', requester))
    expect(gained).toEqual({ requester: { wei: ESCROW } })
    expect(told(receipt, 'TaskClosed')).toEqual([{ task: task.id, status: STATUS.CANCELLED, refund: ESCROW }])
    expect(inVault(receipt, 'Credited')).toEqual([{ subject: task.id, owner: requester, amount: ESCROW }])
    expect(await market.stored(task)).toMatchObject({ status: STATUS.CANCELLED })
    await revertsWith(market.close(task, 'cancel', requester), 'WrongStatus', [task.id, STATUS.CANCELLED])
    await expectConserved(market, 0n)
  })

  test('comes too late once a solver has taken the task', async () => {
    const task = taskOf()
    await market.request(task)
    await market.take(task, market.account(2))
    await revertsWith(market.close(task, 'cancel', requester), 'WrongStatus', [task.id, STATUS.TAKEN])
  })
})

describe('a request in calldata', () => {
  test('names no task if any of its fields is another', async () => {
    const task = taskOf()
    await market.request(task)
    const { order } = task.request
    const changes = [
      { initial: zeroHash },
      { requester: market.account(2) },
      { inputRoot: zeroHash },
      { byReference: true },
      ...Object.keys(order).map((field) => ({
        order: { ...order, [field]: field.match(/program|salt/) ? numberToHex(9, { size: 32 }) : 9 },
      })),
    ]
    expect(changes).toHaveLength(13)
    for (const change of changes) {
      const request = { ...task.request, ...change } as ToyTask['request']
      await revertsWith(market.evm.send(requester, market.contract, 'take', [request, requester]), 'UnknownTask')
    }
  })

  test('names no task if a field has bits beyond its width', async () => {
    const task = taskOf()
    await market.request(task)
    const data = encode(market.contract, 'take', [task.request, requester])
    const widths = [256, 160, 256, 1, 256, 64, 96, 96, 32, 40, 96, 32, 256]
    for (const [index, width] of widths.entries()) {
      if (width === 256) continue
      const word = BigInt(`0x${data.slice(10 + 64 * index, 74 + 64 * index)}`)
      const dirty = market.evm.sendData(requester, market.contract, withWord(data, index, word | (1n << BigInt(width))))
      const error: unknown = await dirty.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(['', 'UnknownTask'], `word ${index}`).toContain((error as { errorName?: string } | undefined)?.errorName)
    }
  })
})

describe('multicall', () => {
  test('puts requests together that are paid from the account, and refuses ether', async () => {
    const tasks = [1, 2].map((n) => taskOf({ salt: numberToHex(n, { size: 32 }) }))
    const calls = tasks.map(({ request }) => encode(market.contract, 'request', [request.order, INPUT]))
    await revertsWith(market.evm.send(requester, market.contract, 'multicall', [calls], 2n * ESCROW), '')
    const { gained } = await gains(market, { requester }, () =>
      market.evm.send(requester, market.contract, 'multicall', [calls]),
    )
    expect(gained).toEqual({ requester: { wei: -2n * ESCROW } })
    for (const task of tasks) expect(await market.stored(task)).toMatchObject({ status: STATUS.OPEN })
    await expectConserved(market, 2n * ESCROW)
  })
})
