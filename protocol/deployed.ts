import { type Address, isAddressEqual, type PublicClient } from 'viem'
import { gamesAbi, marketAbi, vaultAbi } from './generated/abi.ts'
import type { MarketRules } from './rules.ts'

/** What an account can lock and spend for an owner. */
export interface Funds {
  /** Free stake of the owner in the vault, in units of the token. */
  readonly stake: bigint
  /** What the signer may lock of it. */
  readonly allowance: bigint
  /** Ether of the owner in the vault, in wei. */
  readonly ether: bigint
  /** Ether of the signer for gas, in wei. */
  readonly wallet: bigint
}

const GWEI = 10n ** 9n

/** Finds what belongs to a market, and its rules. */
export async function readRules(client: PublicClient, market: Address): Promise<MarketRules> {
  const contract = { address: market, abi: marketAbi } as const
  const [chainId, games, vault, registry, rules] = await Promise.all([
    client.getChainId(),
    client.readContract({ ...contract, functionName: 'games' }),
    client.readContract({ ...contract, functionName: 'vault' }),
    client.readContract({ ...contract, functionName: 'registry' }),
    client.readContract({ ...contract, functionName: 'rules' }),
  ])
  const [[stepper, arity], token, unbonding] = await Promise.all([
    client.readContract({ address: games, abi: gamesAbi, functionName: 'setting' }),
    client.readContract({ address: vault, abi: vaultAbi, functionName: 'token' }),
    client.readContract({ address: vault, abi: vaultAbi, functionName: 'unbondingTime' }),
  ])
  const { enterGas, moveGas, maxCallbackGas, maxOutput, ...lengths } = rules
  return {
    ...{ chainId: BigInt(chainId), market, games, vault, registry, token, stepper, unbonding },
    ...lengths,
    arity: Number(arity),
    ...{ enterGas: BigInt(enterGas), moveGas: BigInt(moveGas) },
    ...{ maxCallbackGas: BigInt(maxCallbackGas), maxOutput: BigInt(maxOutput) },
  }
}

/** What `signer` can lock and spend for `owner`. */
export async function readFunds(
  client: PublicClient,
  { vault: address }: MarketRules,
  owner: Address,
  signer: Address,
): Promise<Funds> {
  const vault = { address, abi: vaultAbi } as const
  const [{ free, gweiFree }, [cap, used], wallet] = await Promise.all([
    client.readContract({ ...vault, functionName: 'accountOf', args: [owner] }),
    client.readContract({ ...vault, functionName: 'operatorOf', args: [owner, signer] }),
    client.getBalance({ address: signer }),
  ])
  const allowance = isAddressEqual(signer, owner) ? free : cap > used ? cap - used : 0n
  return { stake: free, allowance, ether: gweiFree * GWEI, wallet }
}
