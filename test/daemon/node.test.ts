import { createPublicClient, http } from 'viem'
import { describe, expect, it } from 'vitest'
import { failureFields } from '../../daemon/describe.ts'
import { NodeUnreachable, requireNode } from '../../daemon/node.ts'

const NOWHERE = 'http://127.0.0.1:1/secret'

describe('requireNode', () => {
  it('says where no node answers and which option names one, but not the rest of its URL', async () => {
    const client = createPublicClient({ transport: http(NOWHERE, { retryCount: 0 }) })
    const failure = requireNode(client, NOWHERE)
    await expect(failure).rejects.toThrow(NodeUnreachable)
    await expect(failure).rejects.toThrow(
      /^no node answers at http:\/\/127\.0\.0\.1:1 \(.*\): --rpc says where one is$/,
    )
    const error = await failure.catch((thrown: unknown) => thrown as NodeUnreachable)
    expect(failureFields(error).message).toBe((error as NodeUnreachable).message)
    expect(String(error)).not.toContain('secret')
  })

  it('is content with a node that tells its chain', async () => {
    await expect(requireNode({ getChainId: async () => 1 }, NOWHERE)).resolves.toBeUndefined()
  })
})
