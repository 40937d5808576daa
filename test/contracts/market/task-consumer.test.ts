import { type Address, type Hex, numberToHex, toHex } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { byteTreeRoot } from '../../../interpreter/index.ts'
import { argsOf, deployed } from '../../helpers/artifact.ts'
import { type Contract, Evm, type Receipt, revertsWith } from '../../helpers/evm.ts'
import {
  type Asked,
  askedIn,
  ESCROW,
  GWEI,
  HALTED,
  isRefused,
  KIND,
  mockMarket,
  ORDER,
  STATUS,
} from '../../helpers/mock-market.ts'

const INPUT: Hex = '0x0102'
const OUTPUT: Hex = '0xaabbcc'
const PAYEE: Address = '0x00000000000000000000000000000000000000C1'
const UNKNOWN = numberToHex(9, { size: 32 })

let evm: Evm
let market: Contract
let vault: Contract
let consumer: Contract
let asker: Address
let solver: Address
let fresh: unknown

beforeAll(async () => {
  evm = await Evm.create()
  ;({ market, vault } = await mockMarket(evm))
  consumer = await deployed(evm, 'ConsumerHarness', [market.address], ['MockMarket', 'StakeVault'])
  ;[asker, solver] = evm.accounts.slice(1) as [Address, Address]
  fresh = await evm.snapshot()
})

beforeEach(async () => {
  await evm.restore(fresh)
  fresh = await evm.snapshot()
})

const ask = async (order: Partial<typeof ORDER> = {}, value = ESCROW): Promise<Asked> =>
  askedIn(market, await evm.send(asker, consumer, 'ask', [{ ...ORDER, ...order }, INPUT], value))

const askByReference = async (): Promise<Asked> => {
  const args = [ORDER, UNKNOWN, ['ipfs://input', 'https://input']]
  return askedIn(market, await evm.send(asker, consumer, 'askByReference', args, ESCROW))
}

const opt = (references: boolean, omissions: boolean, deaf: boolean) =>
  evm.send(asker, consumer, 'opt', [references, omissions, deaf])

const answer = ({ request }: Asked, outcome: object = {}, output: Hex = OUTPUT): Promise<Receipt> =>
  evm.send(solver, market, 'answer', [request, { ...HALTED, ...outcome }, output])

const told = (receipt: Receipt) => argsOf(consumer, receipt, 'Told')
const delivered = (receipt: Receipt) => argsOf(market, receipt, 'Delivered')
const weiOf = async (owner: Address) =>
  ((await evm.read(vault, 'accountOf', [owner])) as { gweiFree: bigint }).gweiFree * GWEI

/** A call as if the market made it. */
const callBack = (task: Hex, outcome: object = {}, from = market.address) =>
  evm.read(consumer, 'onResult', [task, { ...HALTED, ...outcome }, OUTPUT], from)

describe('a request', () => {
  test('asks the market in the name of the consumer and escrows what is sent', async () => {
    const asked = await ask()
    const inputRoot = toHex(byteTreeRoot(Uint8Array.of(1, 2)))
    expect(asked.input).toBe(INPUT)
    expect(asked.request).toMatchObject({ requester: consumer.address, inputRoot, byReference: false, order: ORDER })
    expect(await evm.balanceOf(vault.address)).toBe(ESCROW)
    expect(await weiOf(consumer.address)).toBe(0n)
    expect(await evm.read(market, 'taskOf', [asked.task])).toMatchObject({ status: STATUS.OPEN })
  })

  test('is paid from the account in the vault where nothing is sent', async () => {
    await revertsWith(ask({}, 0n), 'NotEnoughEther', [consumer.address, 0n, ESCROW])
    await evm.send(asker, vault, 'depositEther', [consumer.address], ESCROW + GWEI)
    await ask({}, 0n)
    expect(await weiOf(consumer.address)).toBe(GWEI)
  })

  test('by reference is refused unless the consumer opts in', async () => {
    await revertsWith(askByReference(), 'InputByReferenceRefused')
    await opt(true, false, false)
    const { request } = await askByReference()
    expect(request).toMatchObject({ requester: consumer.address, inputRoot: UNKNOWN, byReference: true })
  })
})

describe('a result', () => {
  test('is told once, with all of the outcome', async () => {
    const asked = await ask()
    const receipt = await answer(asked)
    expect(told(receipt)).toEqual([{ task: asked.task, outcome: HALTED, output: OUTPUT }])
    expect(delivered(receipt)).toEqual([{ task: asked.task, by: solver, success: true }])
    await revertsWith(callBack(asked.task), 'NotPending', [asked.task])
  })

  test.each([
    ['an exit code', { kind: KIND.HALTED, code: 7 }],
    ['a trap', { kind: KIND.TRAPPED, code: 3 }],
    ['a run out of steps', { kind: KIND.OUT_OF_STEPS }],
  ])('may be %s', async (_, outcome) => {
    const receipt = await answer(await ask(), outcome, '0x')
    expect(told(receipt)).toMatchObject([{ outcome: { ...HALTED, ...outcome }, output: '0x' }])
  })

  test('is believed from the market only', async () => {
    const { task } = await ask()
    await revertsWith(callBack(task, {}, asker), 'NotTheMarket', [asker])
    await callBack(task)
  })

  test('is refused for a task that the consumer did not request', async () => {
    await revertsWith(callBack(UNKNOWN), 'NotPending', [UNKNOWN])
  })

  test('answers one of several requests at a time', async () => {
    const [first, second] = [await ask(), await ask({ salt: UNKNOWN })]
    expect(first.task).not.toBe(second.task)
    expect(told(await answer(second))).toMatchObject([{ task: second.task }])
    expect(told(await answer(first))).toMatchObject([{ task: first.task }])
  })

  test('on an input by reference is refused unless the consumer opts in', async () => {
    await opt(true, false, false)
    const asked = await askByReference()
    await opt(false, false, false)
    await revertsWith(callBack(asked.task, { inputByReference: true }), 'InputByReferenceRefused')
    await opt(true, false, false)
    expect(told(await answer(asked, { inputByReference: true }))).toHaveLength(1)
  })

  test('without its output is refused unless the consumer opts in, and stays pending', async () => {
    const asked = await ask()
    const outcome = { outputOmitted: true, outputRoot: UNKNOWN }
    await revertsWith(callBack(asked.task, outcome), 'OmittedOutputRefused', [asked.task])
    const receipt = await answer(asked, outcome, '0x')
    expect(delivered(receipt)).toEqual([{ task: asked.task, by: solver, success: false }])
    await opt(false, true, false)
    const again = await evm.send(solver, market, 'deliver', [asked.request, '0x'])
    expect(told(again)).toMatchObject([{ outcome, output: '0x' }])
  })

  test('is still pending after a callback that reverted', async () => {
    const asked = await ask()
    await opt(false, false, true)
    await revertsWith(callBack(asked.task), 'Deaf')
    expect(delivered(await answer(asked))).toMatchObject([{ success: false }])
    await opt(false, false, false)
    expect(told(await evm.send(asker, market, 'deliver', [asked.request, OUTPUT]))).toHaveLength(1)
  })
})

describe('a refund', () => {
  test('comes to the account of the consumer, which pays it on', async () => {
    const asked = await ask()
    const receipt = await evm.send(asker, consumer, 'cancel', [asked.request])
    const event = { task: asked.task, status: STATUS.CANCELLED, refund: ESCROW }
    expect(argsOf(market, receipt, 'TaskClosed')).toEqual([event])
    expect(await weiOf(consumer.address)).toBe(ESCROW)
    await evm.send(asker, consumer, 'withdrawEther', [PAYEE, ESCROW])
    expect(await evm.balanceOf(PAYEE)).toBe(ESCROW)
    expect(await weiOf(consumer.address)).toBe(0n)
  })

  test('ends the waiting for the result', async () => {
    const asked = await ask()
    await evm.send(asker, consumer, 'cancel', [asked.request])
    await revertsWith(callBack(asked.task), 'NotPending', [asked.task])
  })
})

describe('the mock market', () => {
  test('refuses orders that the market refuses', async () => {
    await ask()
    await isRefused(ask(), 'TaskExists')
    await isRefused(ask({ minPrice: 6n * GWEI }), 'PricesReversed', [6n * GWEI, 5n * GWEI])
    await isRefused(ask({ maxPrice: 5n * GWEI + 1n }), 'PriceNotWholeGwei', [5n * GWEI + 1n])
    await isRefused(ask({ expires: 1 }), 'OrderExpired', [1n])
    await isRefused(ask({ callbackGas: 0 }), 'TipWithoutCallback', [ORDER.tip])
  })

  test('pays price and tip to whoever answers, and gives the result to whoever asks', async () => {
    const asked = await ask()
    await isRefused(evm.read(market, 'resultOf', [asked.task]), 'NoResult', [asked.task, STATUS.OPEN])
    await answer(asked, { code: 4 })
    expect(await weiOf(solver)).toBe(ESCROW)
    expect(await evm.read(market, 'resultOf', [asked.task])).toEqual({ ...HALTED, code: 4 })
    await isRefused(answer(asked), 'WrongStatus', [asked.task, STATUS.FINAL])
    await isRefused(evm.send(solver, market, 'deliver', [asked.request, OUTPUT]), 'AlreadyDelivered', [asked.task])
  })

  test('pays the tip for the first callback only, and takes only the output of the answer', async () => {
    const asked = await ask()
    await opt(false, false, true)
    await answer(asked)
    const deliver = (output: Hex) => evm.send(asker, market, 'deliver', [asked.request, output])
    await isRefused(deliver('0x'), 'NotTheOutput')
    expect(delivered(await deliver(OUTPUT))).toMatchObject([{ by: asker, success: false }])
    expect([await weiOf(solver), await weiOf(asker)]).toEqual([ESCROW, 0n])
  })

  test('calls nobody back whose order asks for no callback', async () => {
    const asked = await ask({ callbackGas: 0, tip: 0n })
    expect(delivered(await answer(asked))).toEqual([])
    await isRefused(evm.send(solver, market, 'deliver', [asked.request, OUTPUT]), 'NoCallback', [asked.task])
  })

  test.each(['VOID', 'EXPIRED', 'ABANDONED'] as const)('refunds a task that it makes %s', async (name) => {
    const asked = await ask()
    const move = (status: number) => evm.send(solver, market, 'move', [asked.request, status])
    await move(STATUS.TAKEN)
    await isRefused(evm.send(asker, consumer, 'cancel', [asked.request]), 'WrongStatus', [asked.task, STATUS.TAKEN])
    await isRefused(move(STATUS.FINAL), 'WrongStatus', [asked.task, STATUS.FINAL])
    const receipt = await move(STATUS[name])
    const event = { task: asked.task, status: STATUS[name], refund: ESCROW }
    expect(argsOf(market, receipt, 'TaskClosed')).toEqual([event])
    expect(await weiOf(consumer.address)).toBe(ESCROW)
    await isRefused(answer(asked), 'WrongStatus', [asked.task, STATUS[name]])
  })

  test('lets only the requester cancel', async () => {
    const { request } = await ask()
    await isRefused(evm.send(asker, market, 'cancel', [request]), 'NotTheRequester', [consumer.address])
  })
})
