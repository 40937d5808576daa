import { type Address, erc20Abi, type PublicClient } from 'viem'
import type { ArenaRules } from '../../protocol/index.ts'
import { ADDRESSES } from './cast.ts'

/** Where slashed tokens go: nobody holds its key. */
const BURN_ADDRESS: Address = '0x000000000000000000000000000000000000dEaD'

/** Tokens of everybody concerned at one block. */
export interface Balances {
  readonly solver: bigint
  readonly verifier: bigint
  readonly arena: bigint
  readonly burned: bigint
}

/** Reads from the token who had what after a block. */
export async function balancesAt(
  client: PublicClient,
  { token, arena }: ArenaRules,
  blockNumber: bigint,
): Promise<Balances> {
  const of = (holder: Address) =>
    client.readContract({
      ...{ address: token, abi: erc20Abi, blockNumber },
      ...({ functionName: 'balanceOf', args: [holder] } as const),
    })
  return {
    solver: await of(ADDRESSES.solver),
    verifier: await of(ADDRESSES.verifier),
    arena: await of(arena),
    burned: await of(BURN_ADDRESS),
  }
}
