import { type Address, type Hex, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { STATUS as MACHINE } from '../../../spec/index.ts'
import { argsOf } from '../../helpers/artifact.ts'
import { type Receipt, revertsWith } from '../../helpers/evm.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import {
  askByReference,
  claimOfEnding,
  FLAG,
  finaliseAlone,
  KIND,
  lengthPathOf,
  STATUS,
  settleAlone,
} from '../../helpers/market-steps.ts'
import { lying, outlast } from '../../helpers/toy-game.ts'
import { type Asking, ToyMarket, VERDICT } from '../../helpers/toy-market.ts'
import { bytesRootOf, type Opening, type ToyClaim, type ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
const TERMS = { minPrice: 4n * GWEI, maxPrice: 7n * GWEI, ramp: 64, tip: GWEI, callbackGas: 50_000 }
const ESCROW = TERMS.maxPrice + TERMS.tip
const OUTPUT: Hex = '0xaabbcc'

let market: ToyMarket
let requester: Address
let solver: Address
let verifier: Address
let bond: bigint
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create()
  ;[, requester, solver, verifier] = market.evm.accounts as [Address, Address, Address, Address]
  bond = market.rules.bond
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

const ask = (asking: Asking = {}): Promise<ToyTask> => market.createTask(1000n, 10n, { requester, ...TERMS, ...asking })

const told = (receipt: Receipt, event: string) => argsOf(market.contract, receipt, event)
const resultOf = ({ id }: ToyTask) => market.evm.read(market.contract, 'resultOf', [id])

/** A task whose solver posted a lie and whose verifier holds the truth and wins. */
async function disputed(): Promise<{ task: ToyTask; lie: ToyClaim; truth: ToyClaim }> {
  const task = await ask()
  const [lie, truth] = [lying(market, task, solver, 5n), market.claim(task, verifier)]
  await market.takeAndPost(lie)
  await market.enter(truth)
  await outlast(market, truth, lie)
  return { task, lie, truth }
}

describe('finalise', () => {
  test('opens the settled state and pays the solver', async () => {
    const task = await ask()
    const requestedAt = await market.evm.now()
    const { claim, opening } = claimOfEnding(market, task, solver, { output: OUTPUT })
    await market.evm.at(requestedAt + 22n)
    await settleAlone(market, claim)
    const [price, deposit] = [5n * GWEI, await market.deposit(task)]
    const { receipt, gained } = await gains(market, { solver, requester }, () => market.finalise(claim, opening))
    expect(gained).toEqual({
      solver: { free: bond, locked: -bond, wei: price + deposit },
      requester: { wei: TERMS.maxPrice - price },
    })
    const outcome = { kind: KIND.HALTED, code: 0, inputByReference: false, outputOmitted: false }
    const result = { ...outcome, outputRoot: bytesRootOf(OUTPUT) }
    const { value, entry } = claim
    expect(told(receipt, 'Finalised')).toEqual([{ task: task.id, value, outcome: result, output: OUTPUT }])
    expect(told(receipt, 'PricePaid')).toEqual([{ task: task.id, solver, price }])
    expect(told(receipt, 'EntryReleased')).toEqual([{ task: task.id, entry }])
    expect(await resultOf(task)).toEqual(result)
    const subject = bytesRootOf(OUTPUT)
    expect(await market.stored(task)).toMatchObject({
      status: STATUS.FINAL,
      kind: KIND.HALTED,
      code: 0,
      flags: 0,
      subject,
    })
    await revertsWith(market.finalise(claim, opening), 'WrongStatus', [task.id, STATUS.FINAL])
    await revertsWith(market.release(claim), 'NotAlive', [entry])
    await revertsWith(market.payPrice(claim, []), 'NoPriceDue', [task.id])
    await expectConserved(market, TERMS.tip)
  })

  test('waits for the verdict, to the second', async () => {
    const task = await ask()
    const { claim, opening } = claimOfEnding(market, task, solver)
    await market.takeAndPost(claim)
    const { challenge } = await market.phases(task)
    await market.evm.at(challenge - 1n)
    await revertsWith(market.finalise(claim, opening), 'WrongVerdict', [VERDICT.PENDING])
    await market.finalise(claim, opening)
    expect(await market.evm.now()).toBe(challenge)
  })

  test('tells exit codes, traps and runs out of steps', async () => {
    const endings = [
      [{ status: MACHINE.HALTED, code: 7 }, KIND.HALTED, 7],
      [{ status: MACHINE.HALTED, code: 2 ** 32 - 1 }, KIND.HALTED, 2 ** 32 - 1],
      [{ status: MACHINE.TRAPPED, code: 3 }, KIND.TRAPPED, 3],
      [{ status: MACHINE.RUNNING, code: 9, steps: 1000n }, KIND.OUT_OF_STEPS, 0],
    ] as const
    for (const [ending, kind, code] of endings) {
      const task = await ask()
      await finaliseAlone(market, task, solver, ending)
      expect(await resultOf(task)).toMatchObject({ kind, code })
    }
  })

  test('opens nothing but the state that settled', async () => {
    const { task, lie, truth } = await disputed()
    await market.evm.advanceTo((await market.phases(task)).opening)
    const opening = market.openingOf(truth)
    const { path } = opening
    const [a, b, c] = path
    await revertsWith(market.finalise(truth, { ...opening, regs: opening.regs ^ 1n }), 'NotTheFinalValue')
    await revertsWith(market.finalise(truth, { ...opening, output: '0x00' }), 'NotTheFinalValue')
    for (const other of [
      [zeroHash, b, c],
      [a, zeroHash, c],
      [a, b, zeroHash],
    ] as Opening['path'][]) {
      await revertsWith(market.finalise(truth, { ...opening, path: other }), 'NotTheFinalValue')
    }
    const unknown = claimOfEnding(market, task, solver)
    await revertsWith(market.finalise(unknown.claim, unknown.opening), 'NotTheFinalValue', [unknown.claim.value])
    expect(await market.value(lie)).toMatchObject({ count: 1, alive: 0 })
    await market.finalise(truth, opening)
  })

  test('does not take a state that died for the one that settled', async () => {
    const task = await ask()
    const wrong = claimOfEnding(market, task, solver, { output: OUTPUT })
    const truth = market.claim(task, verifier)
    await market.takeAndPost(wrong.claim)
    await market.enter(truth)
    await outlast(market, truth, wrong.claim)
    await market.evm.advanceTo((await market.phases(task)).opening)
    await revertsWith(market.finalise(wrong.claim, wrong.opening), 'NotTheFinalValue', [wrong.claim.value])
  })

  test('pays whoever entered the truth first where the solver lied', async () => {
    const { task, lie, truth } = await disputed()
    await market.evm.advanceTo((await market.phases(task)).opening)
    const [price, deposit] = [TERMS.minPrice, await market.deposit(task)]
    const { receipt, gained } = await gains(market, { solver, verifier, requester }, () => market.finalise(truth))
    expect(gained).toEqual({
      solver: {},
      verifier: { free: bond, locked: -bond, wei: price + deposit },
      requester: { wei: TERMS.maxPrice - price },
    })
    expect(told(receipt, 'PricePaid')).toEqual([{ task: task.id, solver: verifier, price }])
    await market.payDead(lie, [truth])
    await expectConserved(market, TERMS.tip)
  })

  test('pays the price alone where the stake went back before', async () => {
    const task = await ask()
    const { claim, opening } = claimOfEnding(market, task, solver)
    await settleAlone(market, claim)
    await market.release(claim)
    const { receipt, gained } = await gains(market, { solver }, () => market.finalise(claim, opening))
    expect(gained).toEqual({ solver: { wei: TERMS.minPrice } })
    expect(told(receipt, 'PricePaid')).toEqual([{ task: task.id, solver, price: TERMS.minPrice }])
    expect(told(receipt, 'EntryReleased')).toEqual([])
    await expectConserved(market, TERMS.tip)
  })

  test('tells that the input was never on chain', async () => {
    const task = await askByReference(market, market.taskOf(await market.publish(10n), 1000n, { requester, ...TERMS }))
    await finaliseAlone(market, task, solver)
    expect(await resultOf(task)).toMatchObject({ inputByReference: true, outputOmitted: false })
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.BY_REFERENCE })
  })
})

describe('finaliseLarge', () => {
  const bytes = (length: number): Hex => `0x${'5a'.repeat(length)}`

  const finaliseLarge = (task: ToyTask, output: Hex, changes: { length?: bigint; root?: Hex } = {}) => {
    const { opening } = claimOfEnding(market, task, solver, { output })
    const { length = BigInt(output.length / 2 - 1), root = bytesRootOf(output) } = changes
    const path = lengthPathOf(output) as never
    const args = [task.request, opening.regs, opening.path, root, length, path] as const
    return market.evm.send(market.stranger, market.contract, 'finaliseLarge', args)
  }

  const settledWith = async (length: number): Promise<ToyTask> => {
    const task = await ask()
    await settleAlone(market, claimOfEnding(market, task, solver, { output: bytes(length) }).claim)
    return task
  }

  test('takes only the root of an output above the cap, and only then', async () => {
    const output = bytes(1025)
    const task = await settledWith(1025)
    const { claim, opening } = claimOfEnding(market, task, solver, { output })
    await revertsWith(market.finalise(claim, opening), 'OutputTooLarge', [1025n, 1024n])
    const { receipt, gained } = await gains(market, { solver }, () => finaliseLarge(task, output))
    const price = TERMS.minPrice
    expect(gained).toEqual({ solver: { free: bond, locked: -bond, wei: price + (await market.deposit(task)) } })
    const outcome = { kind: KIND.HALTED, code: 0, inputByReference: false, outputOmitted: true }
    const result = { ...outcome, outputRoot: bytesRootOf(output) }
    expect(told(receipt, 'Finalised')).toEqual([{ task: task.id, value: claim.value, outcome: result, output: '0x' }])
    expect(await resultOf(task)).toEqual(result)
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.OUTPUT_OMITTED })
    await revertsWith(market.deliver(task, output), 'OutputTooLarge', [1025n, 0n])
    await market.deliver(task, '0x')

    const small = await settledWith(1024)
    await revertsWith(finaliseLarge(small, bytes(1024)), 'OutputNotLarge', [1024n, 1024n])
    const whole = claimOfEnding(market, small, solver, { output: bytes(1024) })
    await market.finalise(whole.claim, whole.opening)
  })

  test('takes no other length than the output has', async () => {
    const small = bytes(1024)
    const task = await settledWith(1024)
    for (const length of [1025n, 1n << 64n, (1n << 256n) - 1n]) {
      await revertsWith(finaliseLarge(task, small, { length }), 'NotTheOutput')
    }
    const large = bytes(2000)
    const other = await settledWith(2000)
    await revertsWith(finaliseLarge(other, large, { root: bytesRootOf(small) }), 'NotTheOutput', [
      bytesRootOf(large),
      bytesRootOf(small),
    ])
    await finaliseLarge(other, large)
  })
})

describe('voidTask', () => {
  test('refunds the requester of a void task', async () => {
    const task = await ask()
    const [truth, lie] = [market.claim(task, solver), lying(market, task, verifier, 5n)]
    await market.takeAndPost(truth)
    await market.enter(lie)
    const { end } = await market.phases(task)
    await market.evm.at(end - 1n)
    await revertsWith(market.close(task, 'voidTask'), 'WrongVerdict', [VERDICT.PENDING])
    const { receipt, gained } = await gains(market, { requester, solver }, () => market.close(task, 'voidTask'))
    expect(await market.evm.now()).toBe(end)
    expect(gained).toEqual({ requester: { wei: ESCROW }, solver: {} })
    expect(told(receipt, 'TaskClosed')).toEqual([{ task: task.id, status: STATUS.VOID, refund: ESCROW }])
    await revertsWith(market.close(task, 'voidTask'), 'WrongStatus', [task.id, STATUS.VOID])
    await revertsWith(market.finalise(truth), 'WrongStatus', [task.id, STATUS.VOID])
    await revertsWith(market.close(task, 'abandon'), 'WrongStatus', [task.id, STATUS.VOID])
    await market.release(truth)
    await market.release(lie)
    await expectConserved(market, 0n)
  })

  test('is not for a settled task, nor finalise for a void one', async () => {
    const { task, truth } = await disputed()
    await market.evm.advanceTo((await market.phases(task)).end)
    await revertsWith(market.close(task, 'voidTask'), 'WrongVerdict', [VERDICT.SETTLED])
    await market.finalise(truth)
    const other = await ask()
    const right = market.claim(other, solver)
    await market.takeAndPost(right)
    await market.enter(lying(market, other, verifier, 5n))
    await market.evm.advanceTo((await market.phases(other)).end)
    await revertsWith(market.finalise(right), 'WrongVerdict', [VERDICT.VOID])
    await revertsWith(market.close(other, 'abandon'), 'WrongVerdict', [VERDICT.VOID])
  })
})

describe('abandon', () => {
  test('refunds a settled task that nobody opens', async () => {
    const task = await ask()
    const { claim, opening } = claimOfEnding(market, task, solver)
    await market.takeAndPost(claim)
    await revertsWith(market.close(task, 'abandon'), 'WrongVerdict', [VERDICT.PENDING])
    const last = (await market.phases(task)).challenge + market.rules.finalising
    await market.evm.at(last)
    await revertsWith(market.close(task, 'abandon'), 'FinalisingOpen', [last])
    const { receipt, gained } = await gains(market, { requester, solver }, () => market.close(task, 'abandon'))
    expect(gained).toEqual({ requester: { wei: ESCROW }, solver: {} })
    expect(told(receipt, 'TaskClosed')).toEqual([{ task: task.id, status: STATUS.ABANDONED, refund: ESCROW }])
    await revertsWith(market.finalise(claim, opening), 'WrongStatus', [task.id, STATUS.ABANDONED])
    await revertsWith(resultOf(task), 'NoResult', [task.id, STATUS.ABANDONED])
    await market.release(claim)
    await expectConserved(market, 0n)
  })

  test('waits after a dispute until its end is over as well, and loses the race against finalise', async () => {
    const { task, truth } = await disputed()
    const last = (await market.phases(task)).end + market.rules.finalising
    await market.evm.at(last)
    await revertsWith(market.close(task, 'abandon'), 'FinalisingOpen', [last])
    const before = await market.evm.snapshot()
    await market.close(task, 'abandon')
    await market.evm.restore(before)
    await market.finalise(truth)
    await revertsWith(market.close(task, 'abandon'), 'WrongStatus', [task.id, STATUS.FINAL])
  })
})

describe('resultOf', () => {
  test('tells nothing before the task is final: a claim is never a result', async () => {
    await revertsWith(market.evm.read(market.contract, 'resultOf', [zeroHash]), 'UnknownTask', [zeroHash])
    const task = await ask()
    await revertsWith(resultOf(task), 'NoResult', [task.id, STATUS.OPEN])
    await market.take(task, solver)
    await revertsWith(resultOf(task), 'NoResult', [task.id, STATUS.TAKEN])
    const { claim } = claimOfEnding(market, task, solver)
    await market.post(claim)
    await revertsWith(resultOf(task), 'NoResult', [task.id, STATUS.POSTED])
    await market.evm.advanceTo((await market.phases(task)).challenge)
    await revertsWith(resultOf(task), 'NoResult', [task.id, STATUS.POSTED])
  })
})
