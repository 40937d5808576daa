import type { Address } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { argsOf, deployed } from '../../helpers/artifact.ts'
import { type Contract, Evm, revertsWith } from '../../helpers/evm.ts'
import { keyOf, signPermit } from '../../helpers/permit.ts'

const SUPPLY = 10n ** 27n
const FOREVER = 2n ** 40n

let evm: Evm
let token: Contract
let deployer: Address
let spender: Address

beforeAll(async () => {
  evm = await Evm.create()
  token = await deployed(evm, 'SubstepToken', [SUPPLY])
  ;[deployer, spender] = evm.accounts as [Address, Address]
})

const read = (name: string, args: readonly unknown[] = []) => evm.read(token, name, args)

describe('the staking token', () => {
  test('is all there from the start, and all the deployer has', async () => {
    expect(await read('totalSupply')).toBe(SUPPLY)
    expect(await read('balanceOf', [deployer])).toBe(SUPPLY)
    expect([await read('name'), await read('symbol'), await read('decimals')]).toEqual(['Substep', 'SUBSTEP', 18])
  })

  test('changes by what its owners do and by nothing else', () => {
    const changing = token.abi.flatMap((item) =>
      item.type === 'function' && item.stateMutability !== 'view' && item.stateMutability !== 'pure' ? [item.name] : [],
    )
    expect(changing.sort()).toEqual(['approve', 'permit', 'transfer', 'transferFrom'])
  })

  test('takes a signature for an allowance, once', async () => {
    const message = { spender, value: 7n, nonce: 0n, deadline: FOREVER }
    const signature = await signPermit(evm, token.address, keyOf(0), message)
    const args = [deployer, spender, 7n, FOREVER, ...signature]
    const receipt = await evm.send(spender, token, 'permit', args)
    expect(argsOf(token, receipt, 'Approval')).toEqual([{ owner: deployer, spender, value: 7n }])
    expect(await read('allowance', [deployer, spender])).toBe(7n)
    await revertsWith(evm.send(spender, token, 'permit', args), 'ERC2612InvalidSigner')
    const late = [deployer, spender, 7n, 1n, ...signature]
    await revertsWith(evm.send(spender, token, 'permit', late), 'ERC2612ExpiredSignature', [1n])
  })
})
