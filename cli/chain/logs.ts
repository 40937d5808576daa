import { inPieces } from '../../protocol/index.ts'
import type { Connection } from './connection.ts'

/** Blocks of one query; providers commonly take this many, and where one takes fewer they become fewer. */
const BLOCKS_PER_QUERY = 2000n

/** What a query finds in all blocks of a deployment. */
export async function sinceDeployment<T>(
  { client, deployment }: Pick<Connection, 'client' | 'deployment'>,
  query: (fromBlock: bigint, toBlock: bigint) => Promise<readonly T[]>,
): Promise<T[]> {
  const range = { from: deployment.block, to: await client.getBlockNumber(), perQuery: BLOCKS_PER_QUERY }
  return inPieces(range, query)
}
