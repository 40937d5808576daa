import { type Address, ContractFunctionExecutionError, getAddress, type PublicClient } from 'viem'
import { gamesAbi, marketAbi, vaultAbi } from '../protocol/index.ts'
import { DeploymentDiffers, NotAMarket } from './errors.ts'
import type { Deployment } from './file.ts'

/**
 * What a market and the contracts behind it say of themselves. What two of them say has to be the same.
 * @throws NotAMarket, DeploymentDiffers
 */
export async function saidBy(client: PublicClient, market: Address): Promise<Omit<Deployment, 'block'>> {
  const { games, vault, registry, rules, setting, ofVault, chainId } = await asked(client, market)
  const [stepper, arity, arena, operators] = setting
  const [token, itsMarket, unbondingTime] = ofVault
  requireSame('market of the games', market, arena)
  requireSame('market of the vault', market, itsMarket)
  requireSame('operators of the games', vault, operators)
  const addresses = { market, games, vault, registry, token, stepper }
  return {
    chainId,
    addresses: mapped(addresses, getAddress),
    rules: { ...mapped(rules, BigInt), arity, unbondingTime },
  }
}

async function asked(client: PublicClient, address: Address) {
  const on = { address, abi: marketAbi } as const
  try {
    const [chainId, games, vault, registry, rules] = await Promise.all([
      client.getChainId(),
      client.readContract({ ...on, functionName: 'games' }),
      client.readContract({ ...on, functionName: 'vault' }),
      client.readContract({ ...on, functionName: 'registry' }),
      client.readContract({ ...on, functionName: 'rules' }),
    ])
    const onVault = { address: vault, abi: vaultAbi } as const
    const [setting, ...ofVault] = await Promise.all([
      client.readContract({ address: games, abi: gamesAbi, functionName: 'setting' }),
      client.readContract({ ...onVault, functionName: 'token' }),
      client.readContract({ ...onVault, functionName: 'market' }),
      client.readContract({ ...onVault, functionName: 'unbondingTime' }),
    ])
    return { chainId, games, vault, registry, rules, setting, ofVault }
  } catch (error) {
    throw error instanceof ContractFunctionExecutionError ? new NotAMarket(address, error) : error
  }
}

function requireSame(field: string, expected: Address, actual: Address): void {
  if (getAddress(expected) !== getAddress(actual)) throw new DeploymentDiffers(field, expected, actual)
}

const mapped = <K extends string, A, B>(values: Readonly<Record<K, A>>, change: (value: A) => B): Record<K, B> =>
  Object.fromEntries(Object.entries<A>(values).map(([name, value]) => [name, change(value)])) as Record<K, B>
