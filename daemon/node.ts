import type { PublicClient } from 'viem'
import { messageOf } from './describe.ts'

/** A node does not answer, or not as one of Ethereum does. Of its URL only the origin is told. */
export class NodeUnreachable extends Error {
  override readonly name = 'NodeUnreachable'
  readonly origin: string
  constructor(url: string, problem: unknown) {
    const origin = URL.parse(url)?.origin ?? '(a URL)'
    super(`no node answers at ${origin} (${messageOf(problem)}): --rpc says where one is`, { cause: problem })
    this.origin = origin
  }
}

/**
 * Asks a node for the least that it can tell.
 * @throws NodeUnreachable
 */
export async function requireNode(client: Pick<PublicClient, 'getChainId'>, url: string): Promise<void> {
  try {
    await client.getChainId()
  } catch (error) {
    throw new NodeUnreachable(url, error)
  }
}
