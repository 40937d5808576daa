import { type Address, type Hex, maxUint256, numberToHex, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { marketAbi, tokenAbi } from '../../../protocol/generated/abi.ts'
import { argsOf, deployed } from '../../helpers/artifact.ts'
import { encode, revertsWith } from '../../helpers/evm.ts'
import { expectConserved, gains } from '../../helpers/market-money.ts'
import { claimOfEnding, STATUS, settleAlone } from '../../helpers/market-steps.ts'
import { keyOf, signPermit } from '../../helpers/permit.ts'
import { lying, outlast } from '../../helpers/toy-game.ts'
import { type Asking, INPUT, RULES, ToyMarket } from '../../helpers/toy-market.ts'
import type { ToyTask } from '../../helpers/toy-task.ts'

const GWEI = 10n ** 9n
const TERMS = { minPrice: 4n * GWEI, maxPrice: 7n * GWEI, ramp: 0 }

let market: ToyMarket
let requester: Address
let solver: Address
let thief: Address
let bond: bigint
let fresh: unknown

beforeAll(async () => {
  market = await ToyMarket.create()
  ;[, requester, solver, thief] = market.evm.accounts as [Address, Address, Address, Address]
  bond = market.rules.bond
  fresh = await market.evm.snapshot()
})

beforeEach(async () => {
  await market.evm.restore(fresh)
  fresh = await market.evm.snapshot()
})

const ask = (asking: Asking = {}): Promise<ToyTask> => market.createTask(1000n, 10n, { requester, ...TERMS, ...asking })

describe('dust bonds and one-block windows', () => {
  test('cannot be asked for: bond, deposit, phases and clocks follow from the rules and the steps alone', async () => {
    const tasks = [
      await ask(),
      await ask({ minPrice: 0n, maxPrice: 0n, ramp: 2 ** 32 - 1, expires: 2 ** 40 - 1 }),
      await ask({ requester: thief, input: '0x', salt: numberToHex(maxUint256) }),
    ]
    const deposit = await market.deposit(tasks[0] as ToyTask)
    for (const task of tasks) {
      const { gained } = await gains(market, { solver }, () => market.take(task, solver))
      expect(gained).toEqual({ solver: { free: -bond, locked: bond, wei: -deposit } })
      await market.post(market.claim(task, solver))
      const posted = await market.evm.now()
      const { challenge, support, opening, end } = await market.phases(task)
      const { challenge: w, support: w2, opening: w3, budget, minimum } = RULES
      // A second for each run of the task; four moves at most.
      const lengths = [w + 2n, w2 + 1n, w3 + 1n, 2n * (budget + 2n) + 4n * (minimum + 2n)]
      expect([challenge - posted, support - challenge, opening - support, end - opening]).toEqual(lengths)
    }
  })

  test('cannot be deployed: no length and no stake of zero', async () => {
    const deploy = (changes: Partial<typeof RULES>) => ToyMarket.create(changes, market.evm)
    for (const rule of ['challenge', 'support', 'opening'] as const) {
      await revertsWith(deploy({ [rule]: 0n }), 'EmptyPhase', [])
    }
    await revertsWith(deploy({ minimum: 0n }), 'ClockTooShort', [RULES.budget, 0n])
    await revertsWith(deploy({ bond: 1n }), 'RuleOutOfRange', [0n])
    await revertsWith(deploy({ solving: 0n }), 'RuleOutOfRange', [2n])
    await revertsWith(deploy({ gasPriceFloor: 0n }), 'RuleOutOfRange', [3n])
    await revertsWith(deploy({ moveGas: 0n }), 'RuleOutOfRange', [4n])
  })
})

describe('a withheld output', () => {
  test('of at most the cap cannot be finalised by its root: the bytes come on chain', async () => {
    const output: Hex = '0xaabbcc'
    const task = await ask()
    const { claim, opening } = claimOfEnding(market, task, solver, { output })
    await settleAlone(market, claim)
    await revertsWith(market.finalise(claim, { ...opening, output: '0x' }), 'NotTheFinalValue')
    const path = Array.from({ length: 27 }, () => zeroHash) as never
    const args = [task.request, opening.regs, opening.path, zeroHash, 3n, path] as const
    const large = market.evm.send(thief, market.contract, 'finaliseLarge', args)
    await revertsWith(large, 'OutputNotLarge', [3n, RULES.maxOutput])
    const receipt = await market.finalise(claim, opening)
    expect(argsOf(market.contract, receipt, 'Finalised')).toMatchObject([{ output }])
  })

  test('for ever costs the solver its price, and gives the requester everything back', async () => {
    const task = await ask()
    const { claim } = claimOfEnding(market, task, solver, { output: '0xaabbcc' })
    const { gained } = await gains(market, { solver, requester }, async () => {
      await settleAlone(market, claim)
      await market.evm.at((await market.phases(task)).challenge + RULES.finalising + 1n)
      await market.close(task, 'abandon')
      return market.release(claim)
    })
    expect(gained).toEqual({ solver: {}, requester: { wei: TERMS.maxPrice } })
  })
})

describe('taking the id of a task', () => {
  test('in front of its requester makes another task: the id binds who asks', async () => {
    const task = market.taskOf(await market.publish(10n), 1000n, { requester, ...TERMS })
    const { order } = task.request
    const squatted = await market.evm.read(market.contract, 'request', [order, INPUT], thief)
    expect(squatted).not.toBe(task.id)
    await market.evm.send(thief, market.contract, 'request', [order, INPUT])
    await market.request(task)
    expect(await market.stored(task)).toMatchObject({ status: STATUS.OPEN })
    await revertsWith(market.close(task, 'cancel', thief), 'NotTheRequester', [requester])
    const forged = { ...task, request: { ...task.request, requester: thief } }
    await market.close(forged, 'cancel', thief)
    expect(await market.stored(task)).toMatchObject({ status: STATUS.OPEN })
    await expectConserved(market, TERMS.maxPrice)
  })
})

describe('solvers that do not show up', () => {
  test('three times end the task with all of its escrow back and half of each bond', async () => {
    const task = await ask()
    const deposit = await market.deposit(task)
    const { gained } = await gains(market, { solver, thief, requester }, async () => {
      for (const late of [thief, thief, solver]) {
        await market.take(task, late)
        await market.evm.at((await market.evm.read(market.contract, 'postingEnd', [task.origin])) + 1n)
        await market.close(task, 'noShow')
      }
    })
    expect(deposit).toBeGreaterThan(0n)
    expect(gained).toEqual({
      solver: { free: -bond },
      thief: { free: -2n * bond },
      requester: { free: 3n * (bond / 2n), wei: TERMS.maxPrice },
    })
    await expectConserved(market, 0n)
  })
})

describe('the token', () => {
  test('with a permit that was used in front of its owner still comes to the market', async () => {
    const task = await ask()
    const [owner, key] = [market.account(10), keyOf(10)]
    expect(key.address).toBe(owner)
    const { evm, token, vault } = market
    await evm.send(market.account(0), token, 'transfer', [owner, bond])
    const [value, nonce, deadline] = [bond, 0n, maxUint256]
    const signature = await signPermit(evm, token.address, key, { spender: vault.address, value, nonce, deadline })
    await evm.send(thief, token, 'permit', [owner, vault.address, value, deadline, ...signature])
    await evm.send(owner, vault, 'depositWithPermit', [owner, value, deadline, ...signature])
    await evm.send(market.account(0), vault, 'depositEther', [owner], await market.deposit(task))
    await market.take(task, owner)
    expect(await market.funds(owner)).toEqual({ free: 0n, locked: bond, gweiFree: 0n })
  })

  test('with a fee is refused at the deposit, so nothing can be taken with less than a bond', async () => {
    const { evm, registry } = market
    const taxed = await deployed(evm, 'TestToken', [1n])
    const { address: stepper } = await evm.deploy('ToyStepper', [])
    const setting = { stepper, arity: 16n, registry: registry.address, token: taxed.address, unbondingTime: 1n }
    const contract = await evm.deploy('TaskMarket', marketAbi, [setting, RULES])
    const vault = { abi: market.vault.abi, address: await evm.read(contract, 'vault', []) }
    await evm.send(solver, taxed, 'mint', [solver, 10n * bond])
    await evm.send(solver, { ...taxed, abi: tokenAbi }, 'approve', [vault.address, maxUint256])
    const deposit = evm.send(solver, vault, 'deposit', [solver, bond])
    await revertsWith(deposit, 'TokensNotReceived', [bond - 1n, bond])
    await evm.send(solver, vault, 'depositEther', [solver], 10n ** 18n)
    const program = await market.publish(10n)
    const order = { ...market.taskOf(program, 1000n, TERMS).request.order }
    const receipt = await evm.send(requester, contract, 'request', [order, INPUT], TERMS.maxPrice)
    const [{ request }] = argsOf(contract, receipt, 'TaskRequested') as [{ request: ToyTask['request'] }]
    await revertsWith(evm.send(solver, contract, 'take', [request, solver]), 'NotEnoughStake', [solver, 0n, bond])
  })
})

describe('a stolen operator key', () => {
  test('loses no more than its cap, and takes nothing out', async () => {
    const cap = 2n * bond
    const { evm, vault } = market
    await evm.send(solver, vault, 'setOperator', [thief, cap])
    const [first, second, third] = [await ask(), await ask(), await ask()]
    const { gained } = await gains(market, { solver }, async () => {
      for (const task of [first, second]) {
        await market.take(task, solver, thief)
        await market.post(lying(market, task, solver, 5n), thief)
      }
      await revertsWith(market.take(third, solver, thief), 'CapExceeded', [solver, thief, cap + bond, cap])
      const honest = market.account(4)
      const truth = market.claim(first, honest)
      await market.enter(truth)
      await outlast(market, truth, lying(market, first, solver, 5n))
      await market.evm.advanceTo((await market.phases(first)).opening)
      await market.payDead(lying(market, first, solver, 5n), [truth])
      // What was lost counts as if it were still locked.
      await revertsWith(market.take(third, solver, thief), 'CapExceeded', [solver, thief, cap + bond, cap])
    })
    expect(gained.solver).toMatchObject({ free: -cap, locked: bond })
    const held = await market.funds(solver)
    await evm.send(thief, vault, 'unbond', [1n])
    await revertsWith(evm.send(thief, vault, 'withdraw', [thief]), 'StillUnbonding')
    await evm.send(thief, vault, 'withdrawEther', [thief, GWEI])
    expect(await market.funds(solver)).toEqual(held)
    await evm.send(solver, vault, 'setOperator', [thief, 0n])
    const open = market.openArgs(lying(market, second, solver, 5n), market.claim(second, requester))
    await revertsWith(evm.send(thief, market.contract, 'open', open), 'NotAuthorised', [thief, solver])
  })

  test('cannot ask for tasks at the owner’s expense', async () => {
    await market.evm.send(solver, market.vault, 'setOperator', [thief, 10n * bond])
    const { gained } = await gains(market, { solver, thief }, () => ask({ requester: thief }))
    expect(gained).toEqual({ solver: {}, thief: { wei: -TERMS.maxPrice } })
  })
})

describe('multicall', () => {
  test('spends no ether twice: calls that carry ether are refused whole', async () => {
    const program = await market.publish(10n)
    const calls = [1, 2].map((n) => {
      const { order } = market.taskOf(program, 1000n, { ...TERMS, salt: numberToHex(n, { size: 32 }) }).request
      return encode(market.contract, 'request', [order, INPUT])
    })
    const nested = encode(market.contract, 'multicall', [calls])
    for (const data of [calls, [nested]]) {
      const sent = market.evm.send(market.account(12), market.contract, 'multicall', [data], TERMS.maxPrice)
      await revertsWith(sent, '')
      const unpaid = market.evm.send(market.account(12), market.contract, 'multicall', [data])
      await revertsWith(unpaid, 'NotEnoughEther', [market.account(12), 0n, TERMS.maxPrice])
    }
  })
})
