import { createPublicClient, custom, RpcError } from 'viem'
import { describe, expect, it } from 'vitest'
import { createReader, HeadWentBack, ReorganisedWhileReading, type Snapshot, viewOf } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
const namesOf = ({ events }: Snapshot) => events.map(({ eventName }) => eventName)

describe('createReader', () => {
  const arena = useArena({ arity: 16 })

  const reader = (blocksPerQuery?: bigint, client = arena.current.client) =>
    createReader(client, arena.current.rules.arena, blocksPerQuery === undefined ? {} : { blocksPerQuery })

  /** A client whose node's answers are changed on their way. */
  const answering = (change: (method: string, result: unknown) => unknown) => {
    const request = async ({ method, params }: { method: string; params?: unknown }) =>
      change(method, await arena.current.client.request({ method, params } as never))
    return createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) as typeof arena.current.client
  }

  async function mine(blocks: number): Promise<void> {
    await arena.current.client.request({ method: 'hardhat_mine', params: [`0x${blocks.toString(16)}`] } as never)
  }

  async function dispute(): Promise<Scenario> {
    const scenario = await Scenario.small(arena.current)
    await scenario.liar('liar', { programs: flipping(FLIP) })
    await scenario.verifier('honest')
    return scenario
  }

  it.each([1n, 2n, 7n, 1_000n])('reads the same with %d blocks to a query', async (blocks) => {
    const scenario = await dispute()
    await scenario.rest()
    const [small, large] = [await (await reader(blocks)).read(), await (await reader()).read()]
    expect(small.events.length).toBeGreaterThan(5)
    expect(small).toEqual(large)
  })

  it('reads the same block after block as at once', async () => {
    const scenario = await dispute()
    const patient = await reader()
    const seen: Snapshot[] = []
    do seen.push(await patient.read())
    while (await scenario.round())
    expect(seen.length).toBeGreaterThan(3)
    expect(await patient.read()).toEqual(await (await reader()).read())
  })

  it('forgets what a re-organisation takes back, and reads what comes instead', async () => {
    const scenario = await dispute()
    const patient = await reader()
    await scenario.round()
    const fork = await arena.current.snapshot()
    await scenario.rest()
    const before = await patient.read()
    expect(namesOf(before)).toContain('Proved')
    await arena.current.restore(fork)
    await expect(patient.read()).rejects.toThrow(HeadWentBack)
    expect(namesOf(await patient.read())).toEqual(['TaskCreated'])
    // Now the other branch, as long as the first one.
    while ((await arena.current.reader.read()).head.number < before.head.number) {
      await arena.current.advanceTo((await arena.current.now()) + 5n)
    }
    const after = await patient.read()
    expect(after).toEqual(await (await reader()).read())
    expect(namesOf(after)).toEqual(['TaskCreated'])
  })

  it('forgets what a re-organisation takes back that goes deeper than what is read twice', async () => {
    const fork = await arena.current.snapshot()
    await (await dispute()).rest()
    await mine(100)
    const patient = await reader()
    expect(namesOf(await patient.read())).toContain('Proved')
    await arena.current.restore(fork)
    await mine(200)
    for (let i = 0; i < 2; i++) expect(await patient.read()).toEqual(await (await reader()).read())
    expect((await patient.read()).events).toEqual([])
  })

  it('sees the logs that a lagging node kept back at first', async () => {
    await dispute()
    let lags = true
    const late = await reader(
      undefined,
      answering((method, result) => (method === 'eth_getLogs' && lags ? [] : result)),
    )
    expect((await late.read()).events).toEqual([])
    lags = false
    expect(namesOf(await late.read())).toEqual(['TaskCreated'])
  })

  it('reads old blocks again only when told to forget them', async () => {
    await dispute()
    const starts: bigint[] = []
    const { client } = arena.current
    const getLogs = (query: { fromBlock: bigint; toBlock: bigint }) => {
      starts.push(query.fromBlock)
      return client.getLogs({ address: arena.current.rules.arena, ...query })
    }
    const watched = { ...client, getLogs } as unknown
    const patient = await reader(undefined, watched as typeof client)
    await mine(200)
    for (let i = 0; i < 2; i++) await patient.read()
    patient.forget()
    const last = await patient.read()
    expect(starts).toEqual([0n, last.head.number - 63n, 0n])
    expect(namesOf(last)).toEqual(['TaskCreated'])
  })

  it('lets one older head pass, reads little when the newer one is back, and believes one that stays', async () => {
    await dispute()
    let back = 0n
    const { client } = arena.current
    const getBlock = async (query?: Parameters<typeof client.getBlock>[0]) => {
      const block = await client.getBlock(query)
      return query === undefined ? client.getBlock({ blockNumber: (block.number ?? 0n) - back }) : block
    }
    const patient = await reader(undefined, { ...client, getBlock } as typeof client)
    const { head } = await patient.read()
    back = 1n
    await expect(patient.read()).rejects.toThrow(HeadWentBack)
    back = 0n
    expect((await patient.read()).head).toEqual(head)
    back = 1n
    await expect(patient.read()).rejects.toThrow(HeadWentBack)
    expect((await patient.read()).head.number).toBe(head.number - 1n)
  })

  it('asks for fewer blocks where the node refuses so many', async () => {
    const scenario = await dispute()
    await scenario.rest()
    const { client } = arena.current
    const getLogs = ({ fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint }) => {
      if (toBlock - fromBlock < 3n) return client.getLogs({ address: arena.current.rules.arena, fromBlock, toBlock })
      throw new RpcError(new Error('query returned more than 10000 results'), { code: -32005, shortMessage: 'limit' })
    }
    const limited = await reader(undefined, { ...client, getLogs } as unknown as typeof client)
    expect(await limited.read()).toEqual(await (await reader()).read())
  })

  it('throws when the chain changes while it reads', async () => {
    await dispute()
    const { client } = arena.current
    let blocks = 0
    // The last look at the head finds another block in its place.
    const shifting = {
      ...client,
      getBlock: async (query?: Parameters<typeof client.getBlock>[0]) => {
        const block = await client.getBlock(query)
        return blocks++ === 0 ? block : { ...block, hash: block.parentHash }
      },
    } as typeof client
    await expect((await reader(undefined, shifting)).read()).rejects.toThrow(ReorganisedWhileReading)
  })

  it('tells what an account can lock', async () => {
    const { account } = await arena.current.account('somebody')
    expect(await (await reader()).funds(account.address)).toEqual({ balance: 5_005n, allowance: 0n })
  })

  it('takes no event of another contract', async () => {
    const scenario = await dispute()
    await scenario.rest()
    const { events } = await (await reader()).read()
    expect(new Set(events.map(({ address }) => address.toLowerCase()))).toEqual(
      new Set([arena.current.rules.arena.toLowerCase()]),
    )
    expect(viewOf(await (await reader()).read()).tasks.size).toBe(1)
  })
})
