import type { NetworkManager } from 'hardhat/types/network'
import { type Address, createPublicClient, createTestClient, custom, http, type PublicClient } from 'viem'

/** Pause between two looks of viem's waiting functions, in milliseconds. */
const POLL_MS = 20

/** A chain in this process, served over HTTP on loopback; every transaction is mined at once. */
export interface Chain {
  readonly url: string
  readonly client: PublicClient
  /** Gives an account ether for its gas. */
  fund(account: Address): Promise<void>
  /** Mines a block at `time`, seconds; the clock goes on from there. */
  advanceTo(time: bigint): Promise<void>
  /** Calls on the state after a block as if the next one had this time; the chain itself goes on untouched. */
  forkAt(block: bigint, time: bigint): Promise<Fork>
  close(): Promise<void>
}

export interface Fork {
  readonly client: PublicClient
  close(): Promise<void>
}

const ETHER = 10n ** 18n

export async function startChain(): Promise<Chain> {
  const { network } = await import('hardhat')
  const server = await network.createServer(undefined, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  const url = `http://${address}:${port}`
  const transport = http(url)
  const control = createTestClient({ mode: 'hardhat', transport })
  return {
    url,
    client: createPublicClient({ transport, pollingInterval: POLL_MS }),
    fund: (account) => control.setBalance({ address: account, value: 100n * ETHER }),
    async advanceTo(time) {
      await control.setNextBlockTimestamp({ timestamp: time })
      await control.mine({ blocks: 1 })
    },
    forkAt: (block, time) => forkAt(network, url, block, time),
    close: () => server.close(),
  }
}

async function forkAt(network: NetworkManager, url: string, block: bigint, time: bigint): Promise<Fork> {
  const override = { type: 'edr-simulated', forking: { url, blockNumber: Number(block) } } as const
  const { provider, close } = await network.create({ override })
  const transport = custom(provider)
  const control = createTestClient({ mode: 'hardhat', transport })
  await control.setNextBlockTimestamp({ timestamp: time })
  await control.mine({ blocks: 1 })
  return { client: createPublicClient({ transport }), close }
}
