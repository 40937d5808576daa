import type { Transport } from 'viem'
import {
  type Abi,
  type Account,
  type Address,
  type Chain,
  getAddress,
  type Hex,
  type PublicClient,
  type WalletClient,
} from 'viem'
import { marketAbi, registryAbi, stepperAbi, tokenAbi } from '../protocol/index.ts'
import type { ContractName } from './compiled.ts'
import { CodeMissing, NotDeployed } from './errors.ts'
import type { Deployment } from './file.ts'
import { COMPILED } from './generated/bytecode.ts'
import { checkRules, DEFAULT_RULES, type DeploymentRules } from './rules.ts'

/** Who deploys and pays for it. */
export type Deployer = WalletClient<Transport, Chain | undefined, Account>

export interface DeployOptions {
  readonly rules?: DeploymentRules | undefined
  /** A plain ERC-20 for the bonds; without one a new SubstepToken, all of it the deployer's. */
  readonly token?: Address | undefined
  /** What is sent to deploy each contract, before the constructor's arguments; by default what this version compiles. */
  readonly creationOf?: (contract: ContractName) => Promise<Hex>
}

/** Of a new token, in units of 10^-18 tokens: more than any vault needs, and far below the 2^96 that fit one. */
export const TOKEN_SUPPLY = 10n ** 9n * 10n ** 18n

interface Made {
  readonly address: Address
  readonly block: bigint
}

/**
 * Deploys a market with its judge, registry and, unless one is given, token.
 * @throws RuleRefused, CodeMissing, NotDeployed
 */
export async function deployMarket(
  wallet: Deployer,
  client: PublicClient,
  { rules = DEFAULT_RULES, token, creationOf = compiledCreation }: DeployOptions = {},
): Promise<Deployment> {
  checkRules(rules)
  if (token !== undefined && (await client.getCode({ address: token })) === undefined)
    throw new CodeMissing('the token', token)

  const send = async (contract: ContractName, abi: Abi, args: readonly unknown[]) =>
    made(wallet, client, contract, { abi, args, bytecode: await creationOf(contract) })
  const stepper = await send('Stepper', stepperAbi, [])
  const registry = await send('ProgramRegistry', registryAbi, [])
  const bondToken = token ?? (await send('SubstepToken', tokenAbi, [TOKEN_SUPPLY])).address
  const { arity, unbondingTime, ...others } = rules
  const setting = { stepper: stepper.address, arity, registry: registry.address, token: bondToken, unbondingTime }
  const market = await send('TaskMarket', marketAbi, [setting, others])
  const on = { address: market.address, abi: marketAbi } as const
  const [chainId, games, vault] = await Promise.all([
    client.getChainId(),
    client.readContract({ ...on, functionName: 'games' }),
    client.readContract({ ...on, functionName: 'vault' }),
  ])
  const addresses = {
    market: market.address,
    games: getAddress(games),
    vault: getAddress(vault),
    registry: registry.address,
    token: getAddress(bondToken),
    stepper: stepper.address,
  }
  return { chainId, block: stepper.block, addresses, rules }
}

const compiledCreation = async (contract: ContractName): Promise<Hex> => COMPILED[contract].creation

interface Creation {
  readonly abi: Abi
  readonly args: readonly unknown[]
  readonly bytecode: Hex
}

async function made(wallet: Deployer, client: PublicClient, contract: ContractName, creation: Creation): Promise<Made> {
  const hash = await wallet.deployContract({ ...creation, chain: null })
  const { status, contractAddress, blockNumber } = await client.waitForTransactionReceipt({ hash })
  if (status !== 'success' || contractAddress == null) throw new NotDeployed(contract, hash)
  return { address: getAddress(contractAddress), block: blockNumber }
}
