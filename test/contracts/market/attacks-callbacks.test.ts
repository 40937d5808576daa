import { type Abi, type Address, decodeErrorResult, type Hex, toFunctionSelector, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { argsOf } from '../../helpers/artifact.ts'
import { type Contract, encode, type Receipt, revertsWith } from '../../helpers/evm.ts'
import { arm, askThrough, consumerOf, type Mood, setMood } from '../../helpers/market-consumers.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { askByReference, FLAG, finaliseAlone, named } from '../../helpers/market-steps.ts'
import { lying, outlast } from '../../helpers/toy-game.ts'
import { INPUT, ToyMarket } from '../../helpers/toy-market.ts'
import type { ToyClaim, ToyProgram, ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
const CALLBACK_GAS = 4_000_000
const TERMS = { minPrice: 4n * GWEI, maxPrice: 7n * GWEI, ramp: 0, tip: 3n * GWEI, callbackGas: CALLBACK_GAS }

let market: ToyMarket
let program: ToyProgram
let hostile: Contract
let solver: Address
let caller: Address
let bond: bigint
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create({ maxCallbackGas: BigInt(CALLBACK_GAS) })
  program = await market.publish(10n)
  hostile = await consumerOf(market, 'HostileConsumer')
  ;[, , solver, caller] = market.evm.accounts as [Address, Address, Address, Address]
  bond = market.rules.bond
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

const told = (receipt: Receipt, event: string) => argsOf(market.contract, receipt, event)

describe('a callback that', () => {
  const harms: readonly Mood[] = ['reverts', 'burns', 'reverts with a bomb']

  test.each(harms)('%s harms nobody: the tip is paid, the result stands, others can be paid', async (mood) => {
    await setMood(market, hostile, mood)
    const task = await askThrough(market, hostile, program, TERMS)
    await finaliseAlone(market, task, solver)
    const { receipt, gained } = await gains(market, { caller, solver }, () => market.deliver(task, '0x', caller))
    expect(gained).toEqual({ caller: { wei: TERMS.tip }, solver: {} })
    expect(told(receipt, 'Delivered')).toEqual([{ task: task.id, by: caller, success: false }])
    const atMost = CALLBACK_GAS + 200_000
    expect(receipt.gasUsed).toBeLessThan(atMost)
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.TIP_PAID })
    expect(await market.evm.read(market.contract, 'resultOf', [task.id])).toMatchObject({ kind: 1 })
    await expectConserved(market, 0n, [hostile.address])
  })

  test('returns a bomb costs the caller nothing but the gas of the callback itself: nothing is copied', async () => {
    const costs: bigint[] = []
    for (const mood of ['takes', 'returns a bomb'] as const) {
      await setMood(market, hostile, mood)
      const task = await askThrough(market, hostile, program, {
        ...TERMS,
        salt: mood === 'takes' ? zeroHash : program.id,
      })
      await finaliseAlone(market, task, solver)
      const receipt = await market.deliver(task, '0x', caller)
      expect(told(receipt, 'Delivered')).toMatchObject([{ success: true }])
      costs.push(receipt.gasUsed)
    }
    const [plain, bomb] = costs as [bigint, bigint]
    // 300,000 zeros cost their maker 200,000 gas; copied, they would cost the market as much again.
    expect(bomb - plain).toBeGreaterThan(150_000n)
    expect(bomb - plain).toBeLessThan(250_000n)
  })
})

/** The consumer's task, disputed: the first holder of the truth is dead, so the price waits, as do three stakes. */
async function unpaid(): Promise<{ task: ToyTask; traitor: ToyClaim; lie: ToyClaim; right: ToyClaim }> {
  await setMood(market, hostile, 're-enters')
  const task = await askThrough(market, hostile, program, TERMS)
  const [liar, honest] = market.evm.accounts.slice(4, 6) as [Address, Address]
  const [traitor, lie, right] = [market.claim(task, solver), lying(market, task, liar, 5n), market.claim(task, honest)]
  await market.takeAndPost(traitor)
  for (const claim of [lie, right]) await market.enter(claim)
  await outlast(market, lie, traitor)
  await outlast(market, right, lie)
  await market.evm.advanceTo((await market.phases(task)).opening)
  await market.finalise(right)
  return { task, traitor, lie, right }
}

type Call = readonly [to: Address, data: Hex]

/** What became of the calls that the callback made: ok, or the error. */
const endsOf = (receipt: Receipt): string[] =>
  (argsOf(hostile, receipt, 'Reentered') as { success: boolean; returned: Hex }[]).map(({ success, returned }) => {
    if (success) return 'ok'
    return returned === '0x' ? 'reverted' : decodeErrorResult({ abi: hostile.abi, data: returned }).errorName
  })

/** A contract's functions that change anything, by address and selector. */
const changing = ({ address, abi }: { readonly address: Address; readonly abi: Abi }): string[] =>
  abi
    .filter((item) => item.type === 'function')
    .filter(({ stateMutability }) => stateMutability === 'nonpayable' || stateMutability === 'payable')
    .map((item) => `${address} ${toFunctionSelector(item)}`)

describe('a callback that re-enters', () => {
  const ofMarket = ({ contract }: ToyMarket, name: string, args: readonly unknown[]): Call => [
    contract.address,
    encode<typeof hostile.abi, string>(contract as Contract, name, args),
  ]
  const ofVault = (name: string, args: readonly unknown[]): Call => [
    market.vault.address,
    encode<typeof hostile.abi, string>(market.vault as Contract, name, args),
  ]

  /** Every function of the market that changes anything, and what it says to a callback. */
  function marketCalls({ task, traitor, lie, right }: Awaited<ReturnType<typeof unpaid>>): [Call, string][] {
    const { request, origin } = task
    const opening = market.openingOf(right)
    const me = hostile.address
    const call = (name: string, args: readonly unknown[]) => ofMarket(market, name, args)
    const deliver = call('deliver', [request, '0x'])
    const openArgs = [origin, me, right, lie.owner, lie, market.inner(right, lie)]
    const path = Array.from({ length: 27 }, () => zeroHash)
    return [
      [deliver, 'AlreadyDelivered'],
      [call('multicall', [[deliver[1]]]), 'AlreadyDelivered'],
      [call('request', [request.order, INPUT]), 'TaskExists'],
      [call('requestByReference', [request.order, request.inputRoot, []]), 'NotEnoughEther'],
      [call('cancel', [request]), 'WrongStatus'],
      [call('take', [request, me]), 'WrongStatus'],
      [call('post', [origin, right.root, right.regs]), 'WrongStatus'],
      [call('noShow', [request]), 'WrongStatus'],
      [call('expire', [request]), 'WrongStatus'],
      [call('enter', [origin, me, right]), 'EnteringClosed'],
      [call('open', openArgs), 'NotAlive'],
      [call('enterAndOpen', openArgs), 'EnteringClosed'],
      [call('bury', [origin, right, traitor]), 'NotAlive'],
      [call('finalise', [request, opening.regs, opening.path, '0x']), 'WrongStatus'],
      [call('finaliseLarge', [request, opening.regs, opening.path, zeroHash, 2000n, path]), 'NotTheOutput'],
      [call('voidTask', [request]), 'WrongStatus'],
      [call('abandon', [request]), 'WrongStatus'],
      [call('payPrice', [request, right.value, [right.owner]]), 'ok'],
      [call('payPrice', [request, right.value, [right.owner]]), 'NoPriceDue'],
      [call('release', [origin, right]), 'ok'],
      [call('release', [origin, right]), 'NotAlive'],
      [call('payDead', [request, lie, [traitor, right]]), 'ok'],
      [call('payDead', [request, lie, []]), 'NotDead'],
      [call('payDead', [request, traitor, [lie]]), 'ok'],
    ]
  }

  /** Every function of the vault that changes anything. */
  function vaultCalls(task: ToyTask): [Call, string][] {
    const me = hostile.address
    return [
      [ofVault('lock', [task.id, solver, me, 1n, 0n]), 'NotTheMarket'],
      [ofVault('release', [task.id, me, 1n, 0n]), 'NotTheMarket'],
      [ofVault('slash', [task.id, solver, 1n, me, 1n]), 'NotTheMarket'],
      [ofVault('escrow', [task.id, solver, GWEI]), 'NotTheMarket'],
      [ofVault('credit', [task.id, me, GWEI]), 'NotTheMarket'],
      [ofVault('withdrawEther', [me, 10n ** 18n]), 'NotEnoughEther'],
      [ofVault('withdraw', [me]), 'StillUnbonding'],
      [ofVault('unbond', [10n ** 12n]), 'NotEnoughStake'],
      [ofVault('rebond', []), 'NothingToDo'],
      [ofVault('deposit', [me, 0n]), 'NothingToDo'],
      [ofVault('depositWithPermit', [me, 0n, 0n, 27, zeroHash, zeroHash]), 'NothingToDo'],
      [ofVault('depositEther', [me]), 'NothingToDo'],
      [ofVault('setOperator', [caller, 5n]), 'ok'],
      [ofVault('burn', []), 'ok'],
      [ofVault('burn', []), 'NothingToDo'],
    ]
  }

  test('every function of market and vault gains nothing that it could not have outside', async () => {
    const dispute = await unpaid()
    const { task, right } = dispute
    const calls = [...marketCalls(dispute), ...vaultCalls(task)]
    const selectors = new Set(calls.map(([[to, data]]) => `${to} ${data.slice(0, 10)}`))
    expect(selectors).toEqual(new Set([...changing(market.contract), ...changing(market.vault)]))
    await arm(
      market,
      hostile,
      calls.map(([call]) => call),
    )
    const deposit = await market.deposit(task)
    const owners = { caller, solver, liar: dispute.lie.owner, honest: right.owner, consumer: hostile.address }
    const { receipt, gained } = await gains(market, owners, () => market.deliver(task, '0x', caller))
    expect(told(receipt, 'Delivered')).toEqual([{ task: task.id, by: caller, success: true }])
    expect(endsOf(receipt)).toEqual(calls.map(([, end]) => end))
    const refund = deposit / 4n
    expect(gained).toEqual({
      caller: { wei: TERMS.tip },
      solver: { locked: -bond },
      liar: { locked: -bond },
      honest: { free: bond + bond / 2n, locked: -bond, wei: deposit + refund + TERMS.maxPrice },
      consumer: { wei: deposit + 3n * refund },
    })
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.TIP_PAID | FLAG.DELIVERED })
    await expectConserved(market, 0n, [hostile.address])
  })

  test('and fails takes nothing with it: what was paid inside is due again, the tip stays paid', async () => {
    const dispute = await unpaid()
    const { task, right, lie, traitor } = dispute
    const burner = await consumerOf(market, 'HostileConsumer')
    await setMood(market, burner, 'burns')
    const result = await market.evm.read(market.contract, 'resultOf', [task.id])
    // Each takes 63 of 64 parts of what gas is left.
    const burn: Call = [burner.address, encode(burner, 'onResult', [task.id, result, '0x'])]
    const payments = marketCalls(dispute)
      .slice(-7)
      .map(([call]) => call)
    await arm(market, hostile, [...payments, burn, burn, burn])
    const { receipt, gained } = await gains(market, { caller, honest: right.owner }, () =>
      market.deliver(task, '0x', caller),
    )
    expect(told(receipt, 'Delivered')).toEqual([{ task: task.id, by: caller, success: false }])
    expect(gained).toEqual({ caller: { wei: TERMS.tip }, honest: {} })
    expect(await market.stored(task)).toMatchObject({ flags: FLAG.TIP_PAID | FLAG.PRICE_DUE })
    await market.payPrice(right, [right.owner])
    await market.release(right)
    await market.payDead(lie, [traitor, right])
    await market.payDead(traitor, [lie])
    await expectConserved(market, 0n, [hostile.address])
  })
})

describe('a withheld input', () => {
  test('is flagged, and refused by a consumer that did not opt in: it neither asks nor takes', async () => {
    const consumer = await consumerOf(market, 'ConsumerHarness')
    const user = market.account(1)
    const opt = (references: boolean) => market.evm.send(user, consumer, 'opt', [references, false, false])
    const { request } = market.taskOf(program, 1000n, { ...TERMS, requester: consumer.address })
    const { order, inputRoot } = request
    const value = TERMS.maxPrice + TERMS.tip
    const ask = () => market.evm.send(user, consumer, 'askByReference', [order, inputRoot, []], value)
    await revertsWith(ask(), 'InputByReferenceRefused', [])
    await opt(true)
    await ask()
    await opt(false)
    const task = named(market, market.taskOf(program, 1000n, { ...TERMS, requester: consumer.address }))
    await finaliseAlone(market, task, solver)
    expect(await market.evm.read(market.contract, 'resultOf', [task.id])).toMatchObject({ inputByReference: true })
    expect(told(await market.deliver(task), 'Delivered')).toMatchObject([{ success: false }])
    await opt(true)
    const receipt = await market.deliver(task)
    expect(argsOf(consumer, receipt, 'Told')).toMatchObject([{ task: task.id, outcome: { inputByReference: true } }])
  })

  test('of somebody else reaches no consumer: only the market calls back, and only who asked', async () => {
    const consumer = await consumerOf(market, 'ConsumerHarness')
    const task = await askByReference(market, market.taskOf(program, 1000n, { ...TERMS, requester: solver }))
    await finaliseAlone(market, task, solver)
    const forged = { ...task, request: { ...task.request, requester: consumer.address } }
    await revertsWith(market.deliver(forged), 'UnknownTask')
    const result = await market.evm.read(market.contract, 'resultOf', [task.id])
    const direct = market.evm.send(solver, consumer, 'onResult', [task.id, result, '0x'])
    await revertsWith(direct, 'NotTheMarket', [solver])
  })
})
