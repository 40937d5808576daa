import { network } from 'hardhat'
import { createPublicClient, createTestClient, createWalletClient, http, type PublicClient, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { DEFAULT_RULES, type Deployment, type DeployOptions, deployMarket } from '../../deployment/index.ts'
import { keyOf } from './embedded-chain.ts'

/** A chain that processes reach over HTTP, with a market of the default rules on it. */
export interface ServedChain {
  readonly url: string
  readonly client: PublicClient
  readonly deployment: Deployment
  /** Gives an account ether; the same name gives the same key. */
  keyOf(name: string): Promise<`0x${string}`>
  /** Mines a block so many seconds later. */
  pass(seconds: bigint): Promise<void>
  close(): Promise<void>
}

/** @param owner whose the tokens are */
export async function servedChain(
  owner: string,
  options: DeployOptions = { rules: DEFAULT_RULES },
): Promise<ServedChain> {
  const server = await network.createServer({ override: { throwOnTransactionFailures: false } }, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  const url = `http://${address}:${port}`
  const transport = http(url, { retryCount: 0 })
  const control = createTestClient({ mode: 'hardhat', transport })
  const client = createPublicClient({ transport, pollingInterval: 5, cacheTime: 0 })
  const funded = async (name: string) => {
    const key = keyOf(name)
    await control.setBalance({ address: privateKeyToAccount(key).address, value: parseEther('100') })
    return key
  }
  const wallet = createWalletClient({ transport, account: privateKeyToAccount(await funded(owner)) })
  return {
    ...{ url, client, keyOf: funded },
    deployment: await deployMarket(wallet, client, options),
    async pass(seconds) {
      await control.increaseTime({ seconds: Number(seconds) })
      await control.mine({ blocks: 1 })
    },
    close: () => server.close(),
  }
}
