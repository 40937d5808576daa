import { numberToHex } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deployed } from '../../helpers/artifact.ts'
import { revertsWith } from '../../helpers/evm.ts'
import { keyOf, type Signature, signPermit } from '../../helpers/permit.ts'
import { UNBONDING_TIME, VaultFixture } from '../../helpers/vault-fixture.ts'

const FOREVER = 2n ** 40n
/** Of nothing by nobody. */
const FORGED: Signature = [27, numberToHex(1, { size: 32 }), numberToHex(1, { size: 32 })]

let fixture: VaultFixture
let fresh: unknown

beforeAll(async () => {
  fixture = await VaultFixture.create()
  await approve(0n)
  fresh = await fixture.evm.snapshot()
})

beforeEach(async () => {
  await fixture.evm.restore(fresh)
  fresh = await fixture.evm.snapshot()
})

const approve = (amount: bigint) => {
  const { evm, owner, token, vault } = fixture
  return evm.send(owner, token, 'approve', [vault.address, amount])
}

const permit = (value: bigint): Promise<Signature> => {
  const { evm, token, vault } = fixture
  return signPermit(evm, token.address, keyOf(1), { spender: vault.address, value, nonce: 0n, deadline: FOREVER })
}

const depositAs = (sender: 'owner' | 'other', amount: bigint, signature: Signature) =>
  fixture.send(fixture[sender], 'depositWithPermit', [fixture[sender], amount, FOREVER, ...signature])

const freeOf = async (owner = fixture.owner) => ((await fixture.read('accountOf', [owner])) as { free: bigint }).free

describe('depositWithPermit', () => {
  test('takes deposits with and without a permit', async () => {
    const { owner } = fixture
    expect(owner).toBe(keyOf(1).address)
    await revertsWith(fixture.send(owner, 'deposit', [owner, 50n]), 'ERC20InsufficientAllowance')
    const receipt = await depositAs('owner', 50n, await permit(50n))
    expect(fixture.events(receipt, 'Deposited')).toEqual([{ owner, from: owner, amount: 50n }])
    expect(await freeOf()).toBe(50n)
    await approve(20n)
    await fixture.send(owner, 'deposit', [owner, 20n])
    expect(await freeOf()).toBe(70n)
  })

  test('still deposits when somebody in front used the permit', async () => {
    const { evm, owner, other, token, vault } = fixture
    const signature = await permit(50n)
    await evm.send(other, token, 'permit', [owner, vault.address, 50n, FOREVER, ...signature])
    await depositAs('owner', 50n, signature)
    expect(await freeOf()).toBe(50n)
  })

  test('lets nobody deposit the tokens of whoever signed', async () => {
    const { evm, other, token, vault } = fixture
    await evm.send(other, token, 'approve', [vault.address, 0n])
    await revertsWith(depositAs('other', 50n, await permit(50n)), 'ERC20InsufficientAllowance')
    expect(await freeOf(other)).toBe(0n)
  })

  test('with a forged permit does what the allowance lets it do', async () => {
    await revertsWith(depositAs('owner', 50n, FORGED), 'ERC20InsufficientAllowance')
    await approve(50n)
    await depositAs('owner', 50n, FORGED)
    expect(await freeOf()).toBe(50n)
    await revertsWith(depositAs('owner', 0n, FORGED), 'NothingToDo')
  })

  test('does what the allowance lets it do if the token knows no permits', async () => {
    const { evm, owner, market } = fixture
    const token = await deployed(evm, 'TestToken', [0n])
    const vault = await deployed(evm, 'StakeVault', [token.address, market, UNBONDING_TIME])
    await evm.send(owner, token, 'mint', [owner, 50n])
    const deposit = () => evm.send(owner, vault, 'depositWithPermit', [owner, 50n, FOREVER, ...FORGED])
    await revertsWith(deposit(), 'ERC20InsufficientAllowance')
    await evm.send(owner, token, 'approve', [vault.address, 50n])
    await deposit()
    expect(await evm.read(vault, 'accountOf', [owner])).toMatchObject({ free: 50n })
  })
})
