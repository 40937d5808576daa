import type { Address } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { argsOf } from '../../helpers/artifact.ts'
import { encode, type Receipt, revertsWith } from '../../helpers/evm.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { STATUS } from '../../helpers/market-steps.ts'
import { type Asking, ToyMarket } from '../../helpers/toy-market.ts'
import type { ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
/** Three gwei do not divide by the sixty-four seconds of the ramp. */
const TERMS = { minPrice: 4n * GWEI, maxPrice: 7n * GWEI, ramp: 64, tip: GWEI, callbackGas: 50_000 }
const ESCROW = TERMS.maxPrice + TERMS.tip

let market: ToyMarket
let requester: Address
let solver: Address
let operator: Address
let bond: bigint
let solving: bigint
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create()
  ;[, requester, solver, operator] = market.evm.accounts as [Address, Address, Address, Address]
  bond = market.rules.bond
  solving = market.rules.solving + 2n // a second for each of two runs
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

const ask = (asking: Asking = {}): Promise<ToyTask> => market.createTask(1000n, 10n, { requester, ...TERMS, ...asking })

const told = (receipt: Receipt, event: string) => argsOf(market.contract, receipt, event)
const inVault = (receipt: Receipt, event: string) => argsOf(market.vault, receipt, event)

/** Lets the time to post run out. */
const passSolving = async (task: ToyTask): Promise<bigint> => {
  const end = await market.evm.read(market.contract, 'postingEnd', [task.origin])
  await market.evm.at(end + 1n)
  return end
}

describe('take', () => {
  const priceAfter = async (seconds: bigint, asking: Asking = {}): Promise<bigint> => {
    const task = await ask(asking)
    const time = (await market.evm.now()) + seconds
    await market.evm.at(time)
    const [event] = told(await market.take(task, solver), 'Taken') as [{ price: bigint }]
    expect(await market.evm.read(market.contract, 'priceAt', [task.request, time])).toBe(event.price)
    return event.price
  }

  test('fixes the price on the ramp when the task is taken', async () => {
    const rising = [1n, 21n, 22n, 42n, 43n, 63n, 64n, 65n, 10_000n]
    const gwei = [4n, 4n, 5n, 5n, 6n, 6n, 7n, 7n, 7n]
    for (const [i, seconds] of rising.entries()) {
      expect(await priceAfter(seconds), `${seconds} s`).toBe((gwei[i] as bigint) * GWEI)
    }
    expect(await priceAfter(1n, { ramp: 0 })).toBe(TERMS.maxPrice)
    expect(await priceAfter(30n, { minPrice: TERMS.maxPrice })).toBe(TERMS.maxPrice)
  })

  test('tells the price at any time before and after', async () => {
    const task = await ask()
    const requestedAt = await market.evm.now()
    const priceAt = (time: bigint) => market.evm.read(market.contract, 'priceAt', [task.request, time])
    expect(await priceAt(0n)).toBe(TERMS.minPrice)
    expect(await priceAt(requestedAt)).toBe(TERMS.minPrice)
    expect(await priceAt(requestedAt + 32n)).toBe(5n * GWEI)
    expect(await priceAt(2n ** 256n - 1n)).toBe(TERMS.maxPrice)
  })

  test('locks bond and deposit of the solver', async () => {
    const task = await ask()
    const deposit = await market.deposit(task)
    const { receipt, gained } = await gains(market, { solver, requester }, () => market.take(task, solver))
    expect(gained).toEqual({ solver: { free: -bond, locked: bond, wei: -deposit }, requester: {} })
    expect(inVault(receipt, 'Locked')).toEqual([{ subject: task.id, owner: solver, tokens: bond, amount: deposit }])
    expect(told(receipt, 'Taken')).toMatchObject([{ task: task.id, solver }])
    const takenAt = Number(await market.evm.now())
    expect(await market.stored(task)).toMatchObject({ status: STATUS.TAKEN, takenAt })
    expect(BigInt((await market.stored(task)).subject)).toBe(BigInt(solver))
    expect(await market.evm.read(market.contract, 'postingEnd', [task.origin])).toBe(BigInt(takenAt) + solving)
    await expectConserved(market, ESCROW + deposit)
  })

  test('is open to one solver, with stake of its own or as its operator', async () => {
    const task = await ask()
    await revertsWith(market.take(task, solver, operator), 'NotAnOperator', [solver, operator])
    await market.evm.send(solver, market.vault, 'setOperator', [operator, bond - 1n])
    await revertsWith(market.take(task, solver, operator), 'CapExceeded', [solver, operator, bond, bond - 1n])
    await market.evm.send(solver, market.vault, 'setOperator', [operator, bond])
    const poor = market.account(15)
    await revertsWith(market.take(task, poor), 'NotEnoughStake', [poor, 0n, bond])
    await market.fund(poor, bond, GWEI)
    const deposit = await market.deposit(task)
    await revertsWith(market.take(task, poor), 'NotEnoughEther', [poor, GWEI, deposit])
    await market.take(task, solver, operator)
    await revertsWith(market.take(task, requester), 'WrongStatus', [task.id, STATUS.TAKEN])
  })

  test('is open in the last second and not after', async () => {
    const expires = (await market.evm.now()) + 1000n
    const [task, late] = [await ask({ expires: Number(expires) }), await ask({ expires: Number(expires) })]
    await market.evm.at(expires)
    await market.take(task, solver)
    await market.evm.at(expires + 1n)
    await revertsWith(market.take(late, solver), 'OrderExpired', [expires])
  })
})

describe('expire', () => {
  test('refunds a task that nobody took in time', async () => {
    const expires = (await market.evm.now()) + 1000n
    const task = await ask({ expires: Number(expires) })
    await market.evm.at(expires)
    await revertsWith(market.close(task, 'expire'), 'NotExpired', [expires])
    const { receipt, gained } = await gains(market, { requester }, () => market.close(task, 'expire'))
    expect(gained).toEqual({ requester: { wei: ESCROW } })
    expect(told(receipt, 'TaskClosed')).toEqual([{ task: task.id, status: STATUS.EXPIRED, refund: ESCROW }])
    await revertsWith(market.close(task, 'expire'), 'WrongStatus', [task.id, STATUS.EXPIRED])
    await expectConserved(market, 0n)
  })

  test('leaves a task alone that was taken before', async () => {
    const expires = (await market.evm.now()) + 1000n
    const task = await ask({ expires: Number(expires) })
    await market.take(task, solver)
    await market.evm.at(expires + 1n)
    await revertsWith(market.close(task, 'expire'), 'WrongStatus', [task.id, STATUS.TAKEN])
    await market.post(market.claim(task, solver))
  })
})

describe('post', () => {
  test('lets only the solver post, and only in time', async () => {
    const task = await ask()
    const claim = market.claim(task, solver)
    await revertsWith(market.post(claim), 'WrongStatus', [task.id, STATUS.OPEN])
    await market.take(task, solver)
    await revertsWith(market.enter(market.claim(task, requester)), 'NotPosted', [task.id])
    await revertsWith(market.post(claim, requester), 'NotAuthorised', [requester, solver])
    const end = await market.evm.read(market.contract, 'postingEnd', [task.origin])
    const before = await market.evm.snapshot()
    await market.evm.at(end + 1n)
    await revertsWith(market.post(claim), 'PostingClosed', [end])
    await market.evm.restore(before)
    await market.evm.at(end)
    const { receipt, gained } = await gains(market, { solver }, () => market.post(claim))
    expect(gained).toEqual({ solver: {} })
    const { entry, value, root, regs } = claim
    expect(told(receipt, 'Entered')).toEqual([{ task: task.id, entry, owner: solver, value, root, regs }])
    const counts = { postedAt: Number(end), valuesSeen: 1, valuesAlive: 1 }
    expect(await market.stored(task)).toMatchObject({ status: STATUS.POSTED, ...counts })
    await revertsWith(market.post(claim), 'WrongStatus', [task.id, STATUS.POSTED])
  })

  test('lets an operator of the solver post, as long as it is one', async () => {
    const task = await ask()
    await market.take(task, solver)
    const claim = market.claim(task, solver)
    await market.evm.send(solver, market.vault, 'setOperator', [operator, 1n])
    await market.evm.send(solver, market.vault, 'setOperator', [operator, 0n])
    await revertsWith(market.post(claim, operator), 'NotAuthorised', [operator, solver])
    await market.evm.send(solver, market.vault, 'setOperator', [operator, 1n])
    await market.post(claim, operator)
  })
})

describe('noShow', () => {
  const noShow = (task: ToyTask) => gains(market, { solver, requester }, () => market.close(task, 'noShow'))

  test('opens the task again, and gives half of the bond to the requester', async () => {
    const task = await ask()
    await market.take(task, solver)
    const deposit = await market.deposit(task)
    const end = await market.evm.read(market.contract, 'postingEnd', [task.origin])
    await market.evm.at(end)
    await revertsWith(market.close(task, 'noShow'), 'SolverHasTime', [end])
    const { receipt, gained } = await noShow(task)
    expect(gained).toEqual({ solver: { locked: -bond, wei: deposit }, requester: { free: bond / 2n } })
    expect(told(receipt, 'NoShow')).toEqual([{ task: task.id, solver, noShows: 1n }])
    const slashed = { subject: task.id, owner: solver, winner: requester, tokens: bond, reward: bond / 2n }
    expect(inVault(receipt, 'Slashed')).toEqual([slashed])
    expect(inVault(receipt, 'Released')).toEqual([{ subject: task.id, owner: solver, tokens: 0n, amount: deposit }])
    expect(await market.evm.read(market.vault, 'toBurn', [])).toBe(bond - bond / 2n)
    expect(await market.stored(task)).toMatchObject({
      status: STATUS.OPEN,
      noShows: 1,
      takenAt: Number(end) - Number(solving),
    })
    expect(BigInt((await market.stored(task)).subject)).toBe(0n)
    await revertsWith(market.close(task, 'noShow'), 'WrongStatus', [task.id, STATUS.OPEN])
    await expectConserved(market, ESCROW)
  })

  test('expires with the third solver that does not show up', async () => {
    const task = await ask()
    for (const count of [1n, 2n, 3n]) {
      await market.take(task, solver)
      const deposit = await market.deposit(task)
      await passSolving(task)
      const { receipt, gained } = await noShow(task)
      const refund = count === 3n ? { wei: ESCROW } : {}
      expect(gained).toEqual({ solver: { locked: -bond, wei: deposit }, requester: { free: bond / 2n, ...refund } })
      expect(told(receipt, 'NoShow')).toEqual([{ task: task.id, solver, noShows: count }])
      const closed = count === 3n ? [{ task: task.id, status: STATUS.EXPIRED, refund: ESCROW }] : []
      expect(told(receipt, 'TaskClosed')).toEqual(closed)
    }
    await revertsWith(market.take(task, solver), 'WrongStatus', [task.id, STATUS.EXPIRED])
    await expectConserved(market, 0n)
  })

  test('expires at once where nobody may take the task any more', async () => {
    const expires = (await market.evm.now()) + 1000n
    const task = await ask({ expires: Number(expires) })
    await market.take(task, solver)
    await passSolving(task)
    const { receipt, gained } = await noShow(task)
    expect(gained.requester).toEqual({ free: bond / 2n, wei: ESCROW })
    expect(told(receipt, 'TaskClosed')).toEqual([{ task: task.id, status: STATUS.EXPIRED, refund: ESCROW }])
  })

  test('does not restart the price', async () => {
    const task = await ask()
    await market.take(task, solver)
    await passSolving(task)
    await market.close(task, 'noShow')
    expect(told(await market.take(task, solver), 'Taken')).toEqual([{ task: task.id, solver, price: TERMS.maxPrice }])
  })

  test('costs half of the bond where the solver asked for the task itself', async () => {
    const task = await ask({ requester: solver })
    await market.take(task, solver)
    const deposit = await market.deposit(task)
    await passSolving(task)
    const { gained } = await gains(market, { solver }, () => market.close(task, 'noShow'))
    expect(gained).toEqual({ solver: { free: bond / 2n, locked: -bond, wei: deposit } })
    await expectConserved(market, ESCROW)
  })

  test('can be put together with the next taking, which locks a stake of its own', async () => {
    const task = await ask()
    await market.take(task, solver)
    const deposit = await market.deposit(task)
    await passSolving(task)
    const calls = [
      encode(market.contract, 'noShow', [task.request]),
      encode(market.contract, 'take', [task.request, operator]),
    ]
    const { gained } = await gains(market, { solver, operator, requester }, () =>
      market.evm.send(operator, market.contract, 'multicall', [calls]),
    )
    expect(gained).toEqual({
      solver: { locked: -bond, wei: deposit },
      operator: { free: -bond, locked: bond, wei: -deposit },
      requester: { free: bond / 2n },
    })
    await expectConserved(market, ESCROW + deposit)
  })
})
