import type { Account, Address, Block, Chain, PublicClient, Transport, WalletClient } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { MarketRules } from '../protocol/index.ts'
import { NoWallet } from './errors.ts'

/** A wallet client with its account. */
export type Wallet = WalletClient<Transport, Chain | undefined, Account>

/** What all actions of a client share. */
export interface Context {
  readonly publicClient: PublicClient
  readonly walletClient: Wallet | undefined
  readonly market: Address
  /** The block of the market's deployment, or one before it. */
  readonly fromBlock: bigint
  /** Blocks that one query of logs spans at most. */
  readonly blocksPerQuery: bigint
  /** What the deployment fixes; read once. */
  rules(): Promise<MarketRules>
}

/** The block that something was read at. */
export interface Head {
  readonly number: bigint
  readonly hash: Hash
  /** Seconds. */
  readonly timestamp: bigint
}

export const headOf = ({ number, hash, timestamp }: Block<bigint, false, 'latest'>): Head => ({
  number,
  hash,
  timestamp,
})

/** The wallet, for what sends a transaction. */
export function walletOf({ walletClient }: Context): Wallet {
  if (walletClient === undefined) throw new NoWallet()
  return walletClient
}
