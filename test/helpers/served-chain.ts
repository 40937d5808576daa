import { network } from 'hardhat'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  type PublicClient,
  parseEther,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type Deployment, type DeployOptions, deployMarket } from '../../deployment/index.ts'
import { keyOf } from './embedded-chain.ts'

/** An empty chain that processes reach over HTTP. */
export interface ServedNode {
  readonly url: string
  readonly client: PublicClient
  /** Gives an account ether; the same name gives the same key. */
  keyOf(name: string): Promise<Hex>
  /** Mines a block so many seconds later. */
  pass(seconds: bigint): Promise<void>
  close(): Promise<void>
}

/** The same with a market on it. */
export interface ServedChain extends ServedNode {
  readonly deployment: Deployment
}

export async function servedNode(): Promise<ServedNode> {
  const server = await network.createServer({ override: { throwOnTransactionFailures: false } }, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  const url = `http://${address}:${port}`
  const transport = http(url, { retryCount: 0 })
  const control = createTestClient({ mode: 'hardhat', transport })
  return {
    url,
    client: createPublicClient({ transport, pollingInterval: 5, cacheTime: 0 }),
    async keyOf(name) {
      const key = keyOf(name)
      await control.setBalance({ address: privateKeyToAccount(key).address, value: parseEther('100') })
      return key
    },
    async pass(seconds) {
      await control.increaseTime({ seconds: Number(seconds) })
      await control.mine({ blocks: 1 })
    },
    close: () => server.close(),
  }
}

/** @param owner whose the tokens are */
export async function servedChain(owner: string, options?: DeployOptions): Promise<ServedChain> {
  const node = await servedNode()
  const account = privateKeyToAccount(await node.keyOf(owner))
  const wallet = createWalletClient({ transport: http(node.url), account })
  return { ...node, deployment: await deployMarket(wallet, node.client, options) }
}
