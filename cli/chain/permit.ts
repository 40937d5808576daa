import { type Address, type Hex, type PublicClient, parseSignature } from 'viem'
import { tokenAbi } from '../../protocol/index.ts'
import type { Wallet } from './connection.ts'

/** Long enough for a transaction to be mined, in seconds. */
const VALID_FOR = 3600n

/** Arguments of a permit after its value. */
export interface Permit {
  readonly deadline: bigint
  readonly v: number
  readonly r: Hex
  readonly s: Hex
}

const TYPES = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** Signs that `spender` may take `value` of the wallet's tokens; undefined where the token takes no such permits. */
export async function permit(
  client: PublicClient,
  wallet: Wallet,
  address: Address,
  spender: Address,
  value: bigint,
): Promise<Permit | undefined> {
  const owner = wallet.account.address
  const signable = await signableOf(client, address, owner)
  if (signable === undefined) return undefined
  const deadline = (await client.getBlock()).timestamp + VALID_FOR
  const message = { owner, spender, value, nonce: signable.nonce, deadline }
  const { domain } = signable
  const signature = await wallet.signTypedData({ domain, types: TYPES, primaryType: 'Permit', message })
  const { r, s, yParity } = parseSignature(signature)
  return { deadline, v: 27 + yParity, r, s }
}

/** EIP-5267 tells what is signed, EIP-2612 the nonce; undefined where the token has not both. */
async function signableOf(client: PublicClient, address: Address, owner: Address) {
  const token = { address, abi: tokenAbi } as const
  try {
    const [[, name, version, chainId, verifyingContract], nonce] = await Promise.all([
      client.readContract({ ...token, functionName: 'eip712Domain' }),
      client.readContract({ ...token, functionName: 'nonces', args: [owner] }),
    ])
    return { domain: { name, version, chainId, verifyingContract }, nonce }
  } catch {
    return undefined
  }
}
