import type { Address, PublicClient } from 'viem'
import {
  DeploymentError,
  DeploymentMissing,
  deploymentPath,
  readDeployment,
  saidBy,
  verifyDeployment,
} from '../deployment/index.ts'
import { type Config, ConfigError } from './config.ts'

/** Where to play, and since when it has been there. */
export interface Market {
  readonly market: Address
  readonly fromBlock: bigint
}

type Told = Pick<Config, 'market' | 'deployment' | 'fromBlock'>

/**
 * The market that the flags or a deployment file tell. Its contracts are compared with those of this version, byte by
 * byte: a stake is locked under rules that are known, or not at all.
 * @throws ConfigError
 */
export async function findMarket(told: Told, client: PublicClient): Promise<Market> {
  const chainId = await client.getChainId()
  const found = told.market === undefined ? fromFile(told, chainId) : { market: told.market, block: 0n }
  try {
    const said = await saidBy(client, found.market)
    await verifyDeployment(client, { ...said, block: found.block })
  } catch (error) {
    throw refused(told.market === undefined ? '--deployment' : '--market', error)
  }
  return { market: found.market, fromBlock: told.fromBlock ?? found.block }
}

function fromFile({ deployment }: Told, chainId: number): { market: Address; block: bigint } {
  const path = deployment ?? deploymentPath(chainId)
  try {
    const { addresses, block } = readDeployment(path, chainId)
    return { market: addresses.market, block }
  } catch (error) {
    const isDefault = deployment === undefined && error instanceof DeploymentMissing
    throw isDefault ? new ConfigError('--market', `is missing, and so is ${path}`) : refused('--deployment', error)
  }
}

/** What is wrong with a deployment is a wrong setting; that a node does not answer is none. */
const refused = (setting: string, error: unknown): unknown =>
  error instanceof DeploymentError ? new ConfigError(setting, error.message, { cause: error }) : error
