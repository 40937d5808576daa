import { type Address, type Hex, parseSignature } from 'viem'
import { type HDAccount, mnemonicToAccount } from 'viem/accounts'
import type { Evm } from './evm.ts'

/** The words from which test chains derive the keys of their accounts. */
const WORDS = 'test test test test test test test test test test test junk'

const TYPES = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** The key of the account `index` of a test chain. */
export const keyOf = (index: number): HDAccount => mnemonicToAccount(WORDS, { addressIndex: index })

export type Signature = readonly [v: number, r: Hex, s: Hex]

/** A permit of the staking token (EIP-2612), signed. */
export async function signPermit(
  evm: Evm,
  token: Address,
  signer: HDAccount,
  message: { spender: Address; value: bigint; nonce: bigint; deadline: bigint },
): Promise<Signature> {
  const chainId = Number(await evm.chainId())
  const domain = { name: 'Substep', version: '1', chainId, verifyingContract: token }
  const signature = await signer.signTypedData({
    domain,
    types: TYPES,
    primaryType: 'Permit',
    message: { owner: signer.address, ...message },
  })
  const { r, s, yParity } = parseSignature(signature)
  return [27 + yParity, r, s]
}
