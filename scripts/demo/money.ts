import { type Address, erc20Abi, type PublicClient } from 'viem'
import { vaultAbi } from '../../protocol/index.ts'
import type { Market } from './market.ts'
import { ADDRESSES } from './parties.ts'

/** Where slashed tokens go: nobody holds its key. */
const BURN_ADDRESS: Address = '0x000000000000000000000000000000000000dEaD'

const GWEI = 10n ** 9n

/** What an owner has in the vault: tokens that are free, tokens behind answers, and wei. */
export interface Account {
  readonly free: bigint
  readonly locked: bigint
  readonly ether: bigint
}

/** All money on the stage at one block. */
export interface Money {
  readonly solver: Account
  readonly verifier: Account
  readonly consumer: Account
  /** Slashed tokens that wait in the vault to be burned, and those at the burn address. */
  readonly toBurn: bigint
  readonly burned: bigint
  /** All that the vault holds, tokens and wei. */
  readonly vaultTokens: bigint
  readonly vaultEther: bigint
}

/** Reads from vault and token who had what after a block. */
export async function moneyAt(client: PublicClient, market: Market, blockNumber: bigint): Promise<Money> {
  const { vault, token } = market.rules
  const onVault = { address: vault, abi: vaultAbi, blockNumber } as const
  const accountOf = async (owner: Address): Promise<Account> => {
    const { free, locked, gweiFree } = await client.readContract({
      ...onVault,
      ...({ functionName: 'accountOf', args: [owner] } as const),
    })
    return { free, locked, ether: gweiFree * GWEI }
  }
  const tokensOf = (holder: Address) =>
    client.readContract({
      ...{ address: token, abi: erc20Abi, blockNumber },
      ...({ functionName: 'balanceOf', args: [holder] } as const),
    })
  const [solver, verifier, consumer, toBurn, burned, vaultTokens, vaultEther] = await Promise.all([
    accountOf(ADDRESSES.solver),
    accountOf(ADDRESSES.verifier),
    accountOf(market.consumer),
    client.readContract({ ...onVault, functionName: 'toBurn' }),
    tokensOf(BURN_ADDRESS),
    tokensOf(vault),
    client.getBalance({ address: vault, blockNumber }),
  ])
  return { solver, verifier, consumer, toBurn, burned, vaultTokens, vaultEther }
}
