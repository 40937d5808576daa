import { type Address, erc20Abi, type PublicClient } from 'viem'
import type { ArenaRules } from '../../protocol/index.ts'
import { ADDRESSES } from './cast.ts'

/** Where slashed tokens go: nobody holds its key. */
const BURN_ADDRESS: Address = '0x000000000000000000000000000000000000dEaD'

const HOLDERS = ['solver', 'verifier', 'arena', 'burned'] as const
export type Holder = (typeof HOLDERS)[number]

/** Tokens of everybody concerned at one block. */
export type Balances = Readonly<Record<Holder, bigint>>

/** Reads from the token who had what after a block. */
export async function balancesAt(
  client: PublicClient,
  { token, arena }: ArenaRules,
  blockNumber: bigint,
): Promise<Balances> {
  const addresses: Record<Holder, Address> = { ...ADDRESSES, arena, burned: BURN_ADDRESS }
  const read = async (holder: Holder) => {
    const args = [addresses[holder]] as const
    const call = { address: token, abi: erc20Abi, functionName: 'balanceOf', args } as const
    return [holder, await client.readContract({ ...call, blockNumber })] as const
  }
  return Object.fromEntries(await Promise.all(HOLDERS.map(read))) as unknown as Balances
}
