import {
  createPublicClient,
  createWalletClient,
  type HttpTransport,
  http,
  type PrivateKeyAccount,
  type PublicClient,
  type WalletClient,
} from 'viem'
import { type Deployment, deploymentPath, readDeployment } from '../../deployment/index.ts'
import { NodeUnreachable } from './errors.ts'
import { readAccount } from './key.ts'
import type { ChainOptions, SignerOptions } from './options.ts'

/** Between two looks at the chain, in milliseconds: blocks come every few seconds at most. */
const POLLING_MS = 1000

/** A node that answers, and its chain. */
export interface Node {
  readonly client: PublicClient
  readonly chainId: number
  readonly transport: HttpTransport
}

export type Wallet = WalletClient<HttpTransport, undefined, PrivateKeyAccount>

/** A node and the deployment on its chain. */
export interface Connection extends Node {
  readonly deployment: Deployment
}

/** A connection for one who sends transactions. */
export interface SigningConnection extends Connection {
  readonly wallet: Wallet
}

/** @throws NodeUnreachable */
export async function reach(rpc: string): Promise<Node> {
  const transport = http(rpc)
  const client: PublicClient = createPublicClient({ transport, pollingInterval: POLLING_MS, cacheTime: 0 })
  try {
    // A node that is there answers at once; later failures are worth another try.
    const chainId = await createPublicClient({ transport: http(rpc, { retryCount: 0 }) }).getChainId()
    return { client, transport, chainId }
  } catch (error) {
    throw new NodeUnreachable(rpc, error)
  }
}

/** @throws NodeUnreachable, and what reading the deployment throws */
export async function connect({ rpc, deployment }: ChainOptions): Promise<Connection> {
  const node = await reach(rpc)
  return { ...node, deployment: readDeployment(deployment ?? deploymentPath(node.chainId), node.chainId) }
}

/** @throws what connect throws, and reading the key */
export async function connectToSign(options: SignerOptions): Promise<SigningConnection> {
  const account = readAccount(options.keyFile)
  const connection = await connect(options)
  return { ...connection, wallet: walletOf(connection, account) }
}

/** A wallet of an account on a node's chain. */
export const walletOf = ({ transport }: Node, account: PrivateKeyAccount): Wallet =>
  createWalletClient({ transport, account })
