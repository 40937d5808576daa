import { numberToHex } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Receipt, revertsWith } from '../../helpers/evm.ts'
import { BURN, GWEI, SUBJECT, UNBONDING_TIME, VaultFixture } from '../../helpers/vault-fixture.ts'

let fixture: VaultFixture
let fresh: unknown

beforeAll(async () => {
  fixture = await VaultFixture.create()
  fresh = await fixture.evm.snapshot()
})

beforeEach(async () => {
  await fixture.evm.restore(fresh)
  fresh = await fixture.evm.snapshot()
})

const accountOf = (owner = fixture.owner) => fixture.read('accountOf', [owner])
const PANIC_UNDERFLOW = [0x11n]

describe('lock', () => {
  test('takes stake and ether out of what is free', async () => {
    const { owner } = fixture
    await fixture.fund(50n, 7n * GWEI)
    const receipt = await fixture.byMarket('lock', [owner, owner, 20n, 3n * GWEI])
    const event = { subject: SUBJECT, owner, tokens: 20n, amount: 3n * GWEI }
    expect(fixture.events(receipt, 'Locked')).toEqual([event])
    expect(await accountOf()).toEqual({ free: 30n, locked: 20n, gweiFree: 4n })
    expect(await fixture.held()).toEqual([50n, 7n * GWEI])
  })

  test('needs that much of both, in whole gwei', async () => {
    const { owner } = fixture
    await fixture.fund(50n, 7n * GWEI)
    const lock = (tokens: bigint, amount: bigint) => fixture.byMarket('lock', [owner, owner, tokens, amount])
    await revertsWith(lock(51n, 0n), 'NotEnoughStake', [owner, 50n, 51n])
    await revertsWith(lock(50n, 8n * GWEI), 'NotEnoughEther', [owner, 7n * GWEI, 8n * GWEI])
    await revertsWith(lock(50n, GWEI + 1n), 'NotWholeGwei', [GWEI + 1n])
    await lock(50n, 7n * GWEI)
    expect(await accountOf()).toEqual({ free: 0n, locked: 50n, gweiFree: 0n })
  })

  test('takes no amount for another that has the same low bits', async () => {
    const { owner } = fixture
    await fixture.fund(50n, 7n * GWEI)
    const lock = (tokens: bigint, amount: bigint) => fixture.byMarket('lock', [owner, owner, tokens, amount])
    await revertsWith(lock(2n ** 96n + 1n, 0n), 'NotEnoughStake', [owner, 50n, 2n ** 96n + 1n])
    await revertsWith(lock(1n, (2n ** 64n + 1n) * GWEI), 'NotEnoughEther')
  })
})

describe('release', () => {
  test('makes locked stake free again and gives ether from escrow', async () => {
    const { owner } = fixture
    await fixture.fund(50n, 7n * GWEI)
    await fixture.byMarket('lock', [owner, owner, 20n, 3n * GWEI])
    const receipt = await fixture.byMarket('release', [owner, 20n, 2n * GWEI])
    const event = { subject: SUBJECT, owner, tokens: 20n, amount: 2n * GWEI }
    expect(fixture.events(receipt, 'Released')).toEqual([event])
    expect(await accountOf()).toEqual({ free: 50n, locked: 0n, gweiFree: 6n })
  })

  test('gives no more than is locked', async () => {
    const { owner } = fixture
    await fixture.fund(50n)
    await fixture.byMarket('lock', [owner, owner, 20n, 0n])
    await revertsWith(fixture.byMarket('release', [owner, 21n, 0n]), 'Panic', PANIC_UNDERFLOW)
  })
})

describe('slash', () => {
  test('shares locked stake between the winner and the fire', async () => {
    const { owner, other } = fixture
    await fixture.fund(50n)
    await fixture.byMarket('lock', [owner, owner, 21n, 0n])
    const receipt = await fixture.byMarket('slash', [owner, 21n, other, 10n])
    const event = { subject: SUBJECT, owner, winner: other, tokens: 21n, reward: 10n }
    expect(fixture.events(receipt, 'Slashed')).toEqual([event])
    expect(await accountOf()).toEqual({ free: 29n, locked: 0n, gweiFree: 0n })
    expect(await accountOf(other)).toEqual({ free: 10n, locked: 0n, gweiFree: 0n })
    expect(await fixture.read('toBurn')).toBe(11n)
    expect(await fixture.held()).toEqual([50n, 0n])
  })

  test('can burn all of it, and reward the loser itself', async () => {
    const { owner } = fixture
    const nobody = '0x0000000000000000000000000000000000000000'
    await fixture.fund(50n)
    await fixture.byMarket('lock', [owner, owner, 30n, 0n])
    await fixture.byMarket('slash', [owner, 10n, nobody, 0n])
    await fixture.byMarket('slash', [owner, 20n, owner, 5n])
    expect(await accountOf()).toEqual({ free: 25n, locked: 0n, gweiFree: 0n })
    expect(await fixture.read('toBurn')).toBe(25n)
  })

  test('takes no more than is locked, and rewards with no more than it takes', async () => {
    const { owner, other } = fixture
    await fixture.fund(50n)
    await fixture.byMarket('lock', [owner, owner, 20n, 0n])
    await revertsWith(fixture.byMarket('slash', [owner, 21n, other, 0n]), 'Panic', PANIC_UNDERFLOW)
    await revertsWith(fixture.byMarket('slash', [owner, 20n, other, 21n]), 'Panic', PANIC_UNDERFLOW)
  })

  test('is out of reach for stake that is free or unbonding', async () => {
    const { owner, other } = fixture
    await fixture.fund(50n)
    await fixture.send(owner, 'unbond', [20n])
    await revertsWith(fixture.byMarket('slash', [owner, 1n, other, 0n]), 'Panic', PANIC_UNDERFLOW)
  })
})

describe('burn', () => {
  test('burns what was slashed', async () => {
    const { owner, other } = fixture
    await fixture.fund(50n)
    await fixture.byMarket('lock', [owner, owner, 20n, 0n])
    await fixture.byMarket('slash', [owner, 20n, other, 5n])
    const receipt = await fixture.send(other, 'burn', [])
    expect(fixture.events(receipt, 'Burned')).toEqual([{ amount: 15n }])
    expect(await fixture.tokensOf(BURN)).toBe(15n)
    expect(await fixture.held()).toEqual([35n, 0n])
    await revertsWith(fixture.send(other, 'burn', []), 'NothingToDo')
  })
})

describe('escrow', () => {
  const event = (amount: bigint) => [{ subject: SUBJECT, owner: fixture.owner, amount }]
  const sent = (amount: bigint) => [{ owner: fixture.owner, from: fixture.owner, amount }]

  test('of exactly what was sent leaves the account alone', async () => {
    const { owner } = fixture
    await fixture.fund(0n, 7n * GWEI)
    const receipt = await fixture.byMarket('escrow', [owner, 4n * GWEI], 4n * GWEI)
    expect(fixture.events(receipt, 'Escrowed')).toEqual(event(4n * GWEI))
    expect(fixture.events(receipt, 'EtherDeposited')).toEqual(sent(4n * GWEI))
    expect(await accountOf()).toEqual({ free: 0n, locked: 0n, gweiFree: 7n })
    expect(await fixture.held()).toEqual([0n, 11n * GWEI])
  })

  test('takes what was not sent from the account', async () => {
    const { owner } = fixture
    await fixture.fund(5n, 7n * GWEI)
    const receipt = await fixture.byMarket('escrow', [owner, 4n * GWEI], GWEI)
    expect(fixture.events(receipt, 'Escrowed')).toEqual(event(4n * GWEI))
    expect(await accountOf()).toEqual({ free: 5n, locked: 0n, gweiFree: 4n })
    const silent = await fixture.byMarket('escrow', [owner, 4n * GWEI])
    expect(fixture.events(silent, 'EtherDeposited')).toEqual([])
    expect(await accountOf()).toEqual({ free: 5n, locked: 0n, gweiFree: 0n })
    await revertsWith(fixture.byMarket('escrow', [owner, 2n * GWEI], GWEI), 'NotEnoughEther', [owner, 0n, GWEI])
  })

  test('puts what was sent too much into the account', async () => {
    const { owner } = fixture
    const receipt = await fixture.byMarket('escrow', [owner, 4n * GWEI], 6n * GWEI)
    expect(fixture.events(receipt, 'Escrowed')).toEqual(event(4n * GWEI))
    expect(fixture.events(receipt, 'EtherDeposited')).toEqual(sent(6n * GWEI))
    expect(await accountOf()).toEqual({ free: 0n, locked: 0n, gweiFree: 2n })
    await revertsWith(fixture.byMarket('escrow', [owner, 4n * GWEI], 4n * GWEI + 1n), 'NotWholeGwei', [1n])
  })

  test('never takes more in all than one account can hold', async () => {
    const { evm, owner, market } = fixture
    const most = (2n ** 63n - 1n) * GWEI
    await evm.setBalance(market, 2n * most)
    await fixture.byMarket('escrow', [owner, most], most)
    await revertsWith(fixture.byMarket('escrow', [owner, GWEI], GWEI), 'AmountTooLarge', [GWEI])
  })
})

describe('credit', () => {
  test('gives ether from escrow to an account', async () => {
    const { owner, other } = fixture
    await fixture.byMarket('escrow', [owner, 4n * GWEI], 4n * GWEI)
    const receipt = await fixture.byMarket('credit', [other, 3n * GWEI])
    expect(fixture.events(receipt, 'Credited')).toEqual([{ subject: SUBJECT, owner: other, amount: 3n * GWEI }])
    expect(await accountOf(other)).toEqual({ free: 0n, locked: 0n, gweiFree: 3n })
    await revertsWith(fixture.byMarket('credit', [other, 1n]), 'NotWholeGwei', [1n])
  })
})

describe('setOperator', () => {
  const lock = (tokens: bigint, actor = fixture.operator): Promise<Receipt> =>
    fixture.byMarket('lock', [fixture.owner, actor, tokens, 0n])
  const set = (cap: bigint) => fixture.send(fixture.owner, 'setOperator', [fixture.operator, cap])
  const standing = () => fixture.read('operatorOf', [fixture.owner, fixture.operator])

  test('takes any cap that fits', async () => {
    const { owner, operator } = fixture
    const receipt = await set(30n)
    expect(fixture.events(receipt, 'OperatorSet')).toEqual([{ owner, operator, cap: 30n }])
    expect(await standing()).toEqual([30n, 0n])
    await revertsWith(set(2n ** 96n), 'AmountTooLarge', [2n ** 96n])
    await set(2n ** 96n - 1n)
  })

  test('lets the operator act for nobody else', async () => {
    const { owner, other, operator } = fixture
    const mayAct = (actor: string, whom: string = owner) => fixture.read('mayAct', [whom, actor])
    expect([await mayAct(owner), await mayAct(operator)]).toEqual([true, false])
    await set(30n)
    expect([await mayAct(operator), await mayAct(operator, other), await mayAct(owner, operator)]).toEqual([
      true,
      false,
      false,
    ])
    await fixture.fund(50n, 0n, other)
    const foreign = fixture.byMarket('lock', [other, operator, 1n, 0n])
    await revertsWith(foreign, 'NotAnOperator', [other, operator])
  })

  test('lets the operator lock up to its cap, counting what is locked already', async () => {
    const { owner, operator } = fixture
    await fixture.fund(100n)
    await lock(10n, owner)
    await set(30n)
    expect(await standing()).toEqual([30n, 10n])
    await revertsWith(lock(21n), 'CapExceeded', [owner, operator, 31n, 30n])
    await lock(20n)
    expect(await standing()).toEqual([30n, 30n])
    await revertsWith(lock(1n), 'CapExceeded', [owner, operator, 31n, 30n])
    await fixture.byMarket('release', [owner, 30n, 0n])
    expect(await standing()).toEqual([30n, 0n])
    await lock(30n)
  })

  test('holds an operator to its cap, counting what was lost', async () => {
    const { owner, operator, other } = fixture
    await fixture.fund(100n)
    await set(30n)
    await lock(20n)
    await fixture.byMarket('slash', [owner, 20n, other, 10n])
    expect(await standing()).toEqual([30n, 20n])
    await revertsWith(lock(11n), 'CapExceeded', [owner, operator, 31n, 30n])
    await lock(10n)
    await fixture.byMarket('slash', [owner, 10n, other, 5n])
    await revertsWith(lock(1n), 'CapExceeded', [owner, operator, 31n, 30n])
    await lock(70n, owner)
  })

  test('counts losses since it was set only', async () => {
    const { owner, other } = fixture
    await fixture.fund(100n)
    await set(30n)
    await lock(20n)
    await fixture.byMarket('slash', [owner, 20n, other, 10n])
    await set(30n)
    expect(await standing()).toEqual([30n, 0n])
    await lock(30n)
  })

  test('revokes an operator at once', async () => {
    const { owner, operator } = fixture
    await fixture.fund(100n)
    await set(30n)
    await lock(10n)
    await set(0n)
    expect(await fixture.read('mayAct', [owner, operator])).toBe(false)
    expect(await standing()).toEqual([0n, 0n])
    await revertsWith(lock(1n), 'NotAnOperator', [owner, operator])
    await fixture.byMarket('release', [owner, 10n, 0n])
  })

  test('lets the operator take nothing out', async () => {
    const { evm, owner, operator } = fixture
    await fixture.fund(100n, 5n * GWEI)
    await fixture.send(owner, 'unbond', [40n])
    await set(100n)
    await evm.at((await evm.now()) + UNBONDING_TIME)
    const call = (name: string, args: readonly unknown[]) => fixture.send(operator, name, args)
    await revertsWith(call('withdraw', [operator]), 'StillUnbonding', [0n])
    await revertsWith(call('unbond', [1n]), 'NotEnoughStake', [operator, 0n, 1n])
    await revertsWith(call('rebond', []), 'NothingToDo')
    await revertsWith(call('withdrawEther', [operator, GWEI]), 'NotEnoughEther', [operator, 0n, GWEI])
    const subject = numberToHex(1, { size: 32 })
    const slash = call('slash', [subject, owner, 1n, operator, 1n])
    await revertsWith(slash, 'NotTheMarket', [operator])
    expect(await accountOf()).toEqual({ free: 60n, locked: 0n, gweiFree: 5n })
  })
})
