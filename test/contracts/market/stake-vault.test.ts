import { type Address, numberToHex } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deployed } from '../../helpers/artifact.ts'
import { type Contract, encode, revertsWith } from '../../helpers/evm.ts'
import { GWEI, UNBONDING_TIME, VaultFixture } from '../../helpers/vault-fixture.ts'

const STRANGER: Address = '0x00000000000000000000000000000000000000C1'
const MOST_TOKENS = 2n ** 96n - 1n
const MOST_WEI = (2n ** 63n - 1n) * GWEI

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

const accountOf = (owner: Address) => fixture.read('accountOf', [owner])

describe('deployment', () => {
  test('fixes token, market and unbonding time', async () => {
    const { token, market } = fixture
    expect(await fixture.read('token')).toBe(token.address)
    expect(await fixture.read('market')).toBe(market)
    expect(await fixture.read('unbondingTime')).toBe(UNBONDING_TIME)
  })

  test('is refused with an unbonding time that no clock reaches', async () => {
    const { evm, token, market } = fixture
    await revertsWith(deployed(evm, 'StakeVault', [token.address, market, 2n ** 32n]), 'AmountTooLarge', [2n ** 32n])
    await deployed(evm, 'StakeVault', [token.address, market, 2n ** 32n - 1n])
  })
})

describe('deposit', () => {
  test('makes tokens of the caller free stake of anyone', async () => {
    const { owner, other } = fixture
    const before = await fixture.tokensOf(owner)
    const receipt = await fixture.send(owner, 'deposit', [other, 50n])
    expect(fixture.events(receipt, 'Deposited')).toEqual([{ owner: other, from: owner, amount: 50n }])
    expect(await accountOf(other)).toEqual({ free: 50n, locked: 0n, gweiFree: 0n })
    expect(await accountOf(owner)).toEqual({ free: 0n, locked: 0n, gweiFree: 0n })
    expect(await fixture.tokensOf(owner)).toBe(before - 50n)
    expect(await fixture.held()).toEqual([50n, 0n])
  })

  test('adds to what is there', async () => {
    const { owner } = fixture
    await fixture.fund(50n, 3n * GWEI)
    await fixture.fund(7n)
    expect(await accountOf(owner)).toEqual({ free: 57n, locked: 0n, gweiFree: 3n })
  })

  test('of nothing is refused', async () => {
    await revertsWith(fixture.send(fixture.owner, 'deposit', [fixture.owner, 0n]), 'NothingToDo')
  })

  test('needs tokens and allowance', async () => {
    const { evm, owner, market } = fixture
    await revertsWith(fixture.send(owner, 'deposit', [owner, 10n ** 25n]), 'ERC20InsufficientBalance')
    await revertsWith(fixture.send(market, 'deposit', [owner, 1n]), 'ERC20InsufficientAllowance')
    expect(await evm.balanceOf(fixture.vault.address)).toBe(0n)
  })

  test('refuses a token that takes a fee on transfer', async () => {
    const { vault } = await withTestToken(3n, 100n)
    const { evm, owner } = fixture
    await revertsWith(evm.send(owner, vault, 'deposit', [owner, 100n]), 'TokensNotReceived', [97n, 100n])
  })

  test('never takes more in all than one account can hold', async () => {
    const { evm, owner, other } = fixture
    const { vault } = await withTestToken(0n, 2n ** 97n)
    await evm.send(owner, vault, 'deposit', [owner, MOST_TOKENS])
    await revertsWith(evm.send(owner, vault, 'deposit', [other, 1n]), 'AmountTooLarge', [1n])
    expect(await evm.read(vault, 'accountOf', [owner])).toEqual({ free: MOST_TOKENS, locked: 0n, gweiFree: 0n })
  })
})

/** A vault of a token that anybody mints, with an owner who has `amount` of it. */
async function withTestToken(fee: bigint, amount: bigint): Promise<{ vault: Contract; token: Contract }> {
  const { evm, owner, market } = fixture
  const token = await deployed(evm, 'TestToken', [fee])
  const vault = await deployed(evm, 'StakeVault', [token.address, market, UNBONDING_TIME])
  await evm.send(owner, token, 'mint', [owner, amount])
  await evm.send(owner, token, 'approve', [vault.address, amount])
  return { vault, token }
}

describe('unbond', () => {
  test('takes free stake on its way out', async () => {
    const { evm, owner } = fixture
    await fixture.fund(50n)
    await evm.at(await later(10n))
    const receipt = await fixture.send(owner, 'unbond', [20n])
    const readyAt = (await evm.now()) + UNBONDING_TIME
    expect(fixture.events(receipt, 'UnbondingStarted')).toEqual([{ owner, amount: 20n, readyAt }])
    expect(await accountOf(owner)).toEqual({ free: 30n, locked: 0n, gweiFree: 0n })
    expect(await fixture.read('unbondingOf', [owner])).toEqual({ amount: 20n, readyAt: Number(readyAt) })
    expect(await fixture.held()).toEqual([50n, 0n])
  })

  test('a second time makes all of it wait anew', async () => {
    const { evm, owner } = fixture
    await fixture.fund(50n)
    await fixture.send(owner, 'unbond', [20n])
    const first = (await evm.now()) + UNBONDING_TIME
    await evm.at(first - 1n)
    await fixture.send(owner, 'unbond', [5n])
    const readyAt = first - 1n + UNBONDING_TIME
    expect(await fixture.read('unbondingOf', [owner])).toEqual({ amount: 25n, readyAt: Number(readyAt) })
    await evm.at(first)
    await revertsWith(fixture.send(owner, 'withdraw', [owner]), 'StillUnbonding', [readyAt])
  })

  test('takes no more than is free, and not nothing', async () => {
    const { owner } = fixture
    await fixture.fund(50n)
    await revertsWith(fixture.send(owner, 'unbond', [51n]), 'NotEnoughStake', [owner, 50n, 51n])
    await revertsWith(fixture.send(owner, 'unbond', [0n]), 'NothingToDo')
    await fixture.byMarket('lock', [owner, owner, 10n, 0n])
    await revertsWith(fixture.send(owner, 'unbond', [41n]), 'NotEnoughStake', [owner, 40n, 41n])
  })

  test('keeps unbonding stake from being locked or withdrawn early', async () => {
    const { owner } = fixture
    await fixture.fund(50n)
    await fixture.send(owner, 'unbond', [50n])
    await revertsWith(fixture.byMarket('lock', [owner, owner, 1n, 0n]), 'NotEnoughStake', [owner, 0n, 1n])
    await revertsWith(fixture.send(owner, 'withdraw', [owner]), 'StillUnbonding')
  })
})

const later = async (seconds: bigint) => (await fixture.evm.now()) + seconds

describe('rebond', () => {
  test('makes unbonding stake free again', async () => {
    const { owner } = fixture
    await fixture.fund(50n)
    await fixture.send(owner, 'unbond', [20n])
    const receipt = await fixture.send(owner, 'rebond', [])
    expect(fixture.events(receipt, 'UnbondingCancelled')).toEqual([{ owner, amount: 20n }])
    expect(await accountOf(owner)).toEqual({ free: 50n, locked: 0n, gweiFree: 0n })
    expect(await fixture.read('unbondingOf', [owner])).toEqual({ amount: 0n, readyAt: 0 })
  })

  test('of nothing is refused', async () => {
    await revertsWith(fixture.send(fixture.owner, 'rebond', []), 'NothingToDo')
  })
})

describe('withdraw', () => {
  test('pays out from the first second on at which all has unbonded', async () => {
    const { evm, owner } = fixture
    await fixture.fund(50n)
    await fixture.send(owner, 'unbond', [20n])
    const readyAt = (await evm.now()) + UNBONDING_TIME
    await evm.at(readyAt - 1n)
    await revertsWith(fixture.send(owner, 'withdraw', [STRANGER]), 'StillUnbonding', [readyAt])
    await evm.at(readyAt)
    const receipt = await fixture.send(owner, 'withdraw', [STRANGER])
    expect(fixture.events(receipt, 'Withdrawn')).toEqual([{ owner, to: STRANGER, amount: 20n }])
    expect(await fixture.tokensOf(STRANGER)).toBe(20n)
    expect(await fixture.held()).toEqual([30n, 0n])
    await revertsWith(fixture.send(owner, 'withdraw', [STRANGER]), 'StillUnbonding', [0n])
  })

  test('pays unbonded stake out to its owner only', async () => {
    const { evm, owner, other } = fixture
    await fixture.fund(50n)
    await fixture.send(owner, 'unbond', [20n])
    await evm.at(await later(UNBONDING_TIME))
    await revertsWith(fixture.send(other, 'withdraw', [other]), 'StillUnbonding', [0n])
    await fixture.send(owner, 'withdraw', [STRANGER])
    expect(await fixture.tokensOf(STRANGER)).toBe(20n)
  })
})

describe('depositEther', () => {
  test('fills the account of anyone', async () => {
    const { owner, other } = fixture
    const receipt = await fixture.send(owner, 'depositEther', [other], 3n * GWEI)
    expect(fixture.events(receipt, 'EtherDeposited')).toEqual([{ owner: other, from: owner, amount: 3n * GWEI }])
    expect(await accountOf(other)).toEqual({ free: 0n, locked: 0n, gweiFree: 3n })
    expect(await fixture.held()).toEqual([0n, 3n * GWEI])
  })

  test('takes ether in whole gwei', async () => {
    const { owner } = fixture
    await revertsWith(fixture.send(owner, 'depositEther', [owner], GWEI + 1n), 'NotWholeGwei', [GWEI + 1n])
    await revertsWith(fixture.send(owner, 'depositEther', [owner]), 'NothingToDo')
  })

  test('never takes more in all than one account can hold', async () => {
    const { evm, owner, other } = fixture
    await evm.setBalance(owner, 2n * MOST_WEI)
    await fixture.send(owner, 'depositEther', [owner], MOST_WEI)
    await revertsWith(fixture.send(owner, 'depositEther', [other], GWEI), 'AmountTooLarge', [GWEI])
    expect(await accountOf(owner)).toEqual({ free: 0n, locked: 0n, gweiFree: 2n ** 63n - 1n })
  })
})

describe('withdrawEther', () => {
  test('pays ether out to its owner only', async () => {
    const { evm, owner, other } = fixture
    await fixture.fund(0n, 5n * GWEI)
    const receipt = await fixture.send(owner, 'withdrawEther', [STRANGER, 2n * GWEI])
    const event = { owner, to: STRANGER, amount: 2n * GWEI }
    expect(fixture.events(receipt, 'EtherWithdrawn')).toEqual([event])
    expect(await evm.balanceOf(STRANGER)).toBe(2n * GWEI)
    expect(await accountOf(owner)).toEqual({ free: 0n, locked: 0n, gweiFree: 3n })
    await revertsWith(fixture.send(other, 'withdrawEther', [other, GWEI]), 'NotEnoughEther', [other, 0n, GWEI])
  })

  test('pays whole gwei, not nothing, and not more than is there', async () => {
    const { owner } = fixture
    await fixture.fund(0n, 5n * GWEI)
    const withdraw = (amount: bigint) => fixture.send(owner, 'withdrawEther', [owner, amount])
    await revertsWith(withdraw(0n), 'NothingToDo')
    await revertsWith(withdraw(GWEI - 1n), 'NotWholeGwei', [GWEI - 1n])
    await revertsWith(withdraw(6n * GWEI), 'NotEnoughEther', [owner, 5n * GWEI, 6n * GWEI])
  })

  test('keeps what the recipient refuses', async () => {
    const { owner, token } = fixture
    await fixture.fund(0n, 5n * GWEI)
    await revertsWith(fixture.send(owner, 'withdrawEther', [token.address, GWEI]), 'EtherRefused', [token.address])
    expect(await accountOf(owner)).toEqual({ free: 0n, locked: 0n, gweiFree: 5n })
  })

  test('pays a recipient that calls back no more than it has', async () => {
    const { evm, owner, vault } = fixture
    const recipient = await deployed(evm, 'EtherRecipient')
    const { address } = recipient
    await fixture.send(owner, 'depositEther', [address], 5n * GWEI)
    await fixture.fund(0n, 100n * GWEI)
    const withdraw = (amount: bigint) => encode(vault, 'withdrawEther', [address, amount])
    const run = (first: bigint) => evm.send(owner, recipient, 'forward', [vault.address, withdraw(first)])
    await evm.send(owner, recipient, 'arm', [withdraw(3n * GWEI)])
    await run(3n * GWEI)
    expect(await evm.balanceOf(address)).toBe(3n * GWEI)
    await evm.send(owner, recipient, 'arm', [withdraw(GWEI)])
    await run(GWEI)
    expect(await evm.balanceOf(address)).toBe(5n * GWEI)
    expect(await accountOf(address)).toEqual({ free: 0n, locked: 0n, gweiFree: 0n })
    expect(await fixture.held()).toEqual([0n, 100n * GWEI])
  })
})

describe('the vault', () => {
  test('obeys nobody but its market', async () => {
    const { owner, operator } = fixture
    await fixture.send(owner, 'setOperator', [operator, 100n])
    const subject = numberToHex(1, { size: 32 })
    const calls: [name: string, args: readonly unknown[]][] = [
      ['lock', [owner, owner, 1n, 0n]],
      ['release', [owner, 1n, 0n]],
      ['slash', [owner, 1n, owner, 0n]],
      ['escrow', [owner, 0n]],
      ['credit', [owner, GWEI]],
    ]
    for (const [name, args] of calls) {
      for (const sender of [owner, operator]) {
        await revertsWith(fixture.send(sender, name, [subject, ...args]), 'NotTheMarket', [sender])
      }
    }
  })
})
