import {
  createPublicClient,
  custom,
  encodeFunctionData,
  getAddress,
  LimitExceededRpcError,
  RpcError,
  toHex,
  zeroHash,
} from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Hash } from '../../interpreter/index.ts'
import {
  createReader,
  HeadWentBack,
  marketAbi,
  ReorganisedWhileReading,
  registryAbi,
  type Signer,
  type Snapshot,
  viewOf,
} from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { BOND, START_ETHER, START_STAKE, TEST_RULES } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { Scenario } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

/** What a query of logs spans. */
interface Range {
  readonly fromBlock: bigint
  readonly toBlock: bigint
}

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
/** How many events each block has. */
const countsOf = ({ events }: Snapshot) =>
  [...Map.groupBy(events, ({ blockNumber }) => blockNumber).values()].map(({ length }) => length)
const namesOf = ({ events }: Snapshot) => events.map(({ eventName }) => eventName)

describe('createReader', () => {
  const market = useMarket({ arity: 16 })

  const reader = (blocksPerQuery?: bigint, client = market.current.client) =>
    createReader(client, market.current.rules.market, blocksPerQuery === undefined ? {} : { blocksPerQuery })

  /** A client whose node's answers are changed on their way. */
  const answering = (change: (method: string, result: unknown) => unknown) => {
    const request = async ({ method, params }: { method: string; params?: unknown }) =>
      change(method, await market.current.client.request({ method, params } as never))
    return createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) as typeof market.current.client
  }

  /** A client whose node answers no query of logs with more than so many. */
  const capped = (most: number) =>
    answering((method, result) => {
      if (method !== 'eth_getLogs' || !Array.isArray(result) || result.length <= most) return result
      throw new LimitExceededRpcError(new Error(`query returned more than ${most} results`))
    })

  async function mine(blocks: number): Promise<void> {
    await market.current.client.request({ method: 'hardhat_mine', params: [`0x${blocks.toString(16)}`] } as never)
  }

  async function dispute(): Promise<Scenario> {
    const scenario = await Scenario.small(market.current)
    await scenario.liar('liar', { programs: flipping(FLIP) })
    await scenario.verifier('honest')
    return scenario
  }

  it('reads the same with however many blocks to a query', async () => {
    const scenario = await dispute()
    await scenario.rest()
    const large = await (await reader()).read()
    expect(large.events.length).toBeGreaterThan(5)
    for (const blocks of [1n, 2n, 7n, 1_000n]) expect(await (await reader(blocks)).read()).toEqual(large)
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
    const fork = await market.current.snapshot()
    const atFork = ['TaskRequested', 'Taken']
    await scenario.rest()
    const before = await patient.read()
    expect(namesOf(before)).toContain('Proved')
    await market.current.restore(fork)
    await expect(patient.read()).rejects.toThrow(HeadWentBack)
    expect(namesOf(await patient.read())).toEqual(atFork)
    // Now the other branch, as long as the first one.
    while ((await market.current.reader.read()).head.number < before.head.number) {
      await market.current.advanceTo((await market.current.now()) + 5n)
    }
    const after = await patient.read()
    expect(after).toEqual(await (await reader()).read())
    expect(namesOf(after)).toEqual(atFork)
  })

  it('forgets what a re-organisation takes back that goes deeper than what is read twice', async () => {
    const fork = await market.current.snapshot()
    await (await dispute()).rest()
    await mine(100)
    const patient = await reader()
    expect(namesOf(await patient.read())).toContain('Proved')
    await market.current.restore(fork)
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
    expect(namesOf(await late.read())).toEqual(['TaskRequested'])
  })

  it('reads old blocks again only when told to forget them', async () => {
    await dispute()
    const starts: bigint[] = []
    const { client } = market.current
    const getLogs = (query: Range) => {
      starts.push(query.fromBlock)
      return client.getLogs(query)
    }
    const watched = { ...client, getLogs } as unknown
    const patient = await reader(undefined, watched as typeof client)
    await mine(200)
    for (let i = 0; i < 2; i++) await patient.read()
    patient.forget()
    const last = await patient.read()
    expect(starts).toEqual([0n, last.head.number - 63n, 0n])
    expect(namesOf(last)).toEqual(['TaskRequested'])
  })

  it('lets one older head pass, reads little when the newer one is back, and believes one that stays', async () => {
    await dispute()
    let back = 0n
    const { client } = market.current
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
    const { client } = market.current
    const getLogs = (query: Range) => {
      if (query.toBlock - query.fromBlock < 3n) return client.getLogs(query)
      throw new RpcError(new Error('query returned more than 10000 results'), { code: -32005, shortMessage: 'limit' })
    }
    const limited = await reader(undefined, { ...client, getLogs } as unknown as typeof client)
    expect(await limited.read()).toEqual(await (await reader()).read())
  })

  it('asks for less of a block where the node refuses all of it', async () => {
    const scenario = await dispute()
    await scenario.rest()
    const all = await (await reader()).read()
    expect(Math.max(...countsOf(all))).toBeGreaterThan(1)
    expect(await (await reader(undefined, capped(1))).read()).toEqual(all)
    await expect((await reader(undefined, capped(0))).read()).rejects.toThrow('more than 0 results')
  })

  it('is not kept from its events by the places of inputs, and reads those when asked', async () => {
    const program = await market.current.publish(SMALL_TASK)
    const uris = Array.from({ length: 8 }, (_, i) => `https://example.org/${i}`)
    const task = await market.current.askByReference(program, Uint8Array.of(1), uris)
    const few = await reader(undefined, capped(7))
    expect(await few.readUris(task)).toEqual([])
    expect(namesOf(await few.read())).toEqual(['TaskRequested'])
    await expect(few.readUris(task)).rejects.toThrow('more than 7 results')
    const many = await reader()
    await many.read()
    expect(await many.readUris(task)).toEqual(uris)
    expect(await many.readUris(zeroHash)).toEqual([])
  })

  it('throws when the chain changes while it reads', async () => {
    await dispute()
    const { client } = market.current
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

  it('finds all that belongs to a market by its address alone', async () => {
    const { rules, client } = market.current
    const found = (await reader()).rules
    const ask = { abi: marketAbi, address: rules.market } as const
    expect(found).toMatchObject({
      ...{ chainId: 31337n, market: rules.market, arity: 16, unbonding: TEST_RULES.unbondingTime },
      games: await client.readContract({ ...ask, functionName: 'games' }),
      vault: await client.readContract({ ...ask, functionName: 'vault' }),
      registry: await client.readContract({ ...ask, functionName: 'registry' }),
    })
    const { arity, unbondingTime, ...lengths } = TEST_RULES
    expect(found).toMatchObject(lengths)
    expect(await client.getCode({ address: found.stepper })).not.toBe(undefined)
    expect(await market.current.balanceOf(found.vault)).toBe(0n)
  })

  it('tells what an owner can lock and spend', async () => {
    const { account } = await market.current.account('somebody')
    const wallet = await market.current.client.getBalance(account)
    expect(await (await reader()).funds(account.address)).toEqual({
      ...{ stake: START_STAKE, allowance: START_STAKE, ether: START_ETHER, wallet },
    })
  })

  it('tells what an operator may lock of it, and has for gas', async () => {
    const owner = await market.current.account('somebody')
    const stranger = await market.current.keyHolder('stranger')
    const operator = await market.current.operator('operator', owner, 1_500n)
    const patient = await reader()
    const funds = (signer: Signer) => patient.funds(owner.account.address, signer.account.address)
    const wallet = await market.current.client.getBalance(operator.account)
    expect(await funds(operator)).toEqual({ stake: START_STAKE, allowance: 1_500n, ether: START_ETHER, wallet })
    expect((await funds(stranger)).allowance).toBe(0n)
    const scenario = await Scenario.small(market.current)
    const { request } = await scenario.view()
    const args = [request, owner.account.address]
    await market.current.send(operator, { to: market.current.rules.market, abi: marketAbi, name: 'take', args })
    expect(await funds(operator)).toMatchObject({ stake: START_STAKE - BOND, allowance: 1_500n - BOND })
  })

  it('takes no event of another contract', async () => {
    const scenario = await dispute()
    await scenario.rest()
    const { events } = await (await reader()).read()
    const { market: address, games } = market.current.rules
    const told = new Set(events.map(({ address }) => getAddress(address)))
    expect(told).toEqual(new Set([address, games]))
    expect(viewOf(await (await reader()).read()).tasks.size).toBe(1)
  })

  describe('readModule', () => {
    const WASM = Uint8Array.from({ length: 100 }, (_, i) => i)
    let program: Hash
    let teller: Signer

    beforeEach(async () => {
      program = await market.current.publish(SMALL_TASK)
      teller = await market.current.keyHolder('teller')
    })

    const send = (name: string, args: readonly unknown[]) =>
      market.current.send(teller, { to: market.current.rules.registry, abi: registryAbi, name, args })
    const tell = (index: bigint, total: bigint, piece: Uint8Array) =>
      send('tell', [program, index, total, toHex(piece)])

    it.each([1n, 1_000n])('puts the pieces of each publisher together, with %d blocks to a query', async (blocks) => {
      await tell(1n, 2n, WASM.subarray(60))
      await tell(0n, 2n, Uint8Array.of(9))
      await tell(0n, 2n, WASM.subarray(0, 60))
      await send('locate', [program, 'https://example.org/a.wasm'])
      const { candidates, uris } = await (await reader(blocks)).readModule(program)
      expect(candidates.slice(1)).toEqual([{ publisher: teller.account.address, module: WASM }])
      expect(candidates[0]?.module).toEqual(Uint8Array.from(SMALL_TASK))
      expect(uris).toEqual([{ publisher: teller.account.address, uri: 'https://example.org/a.wasm' }])
    })

    it('is kept by what strangers tell in a block from nothing in others, nor from what the publisher tells there', async () => {
      await tell(0n, 2n, WASM.subarray(0, 60))
      await tell(1n, 2n, WASM.subarray(60))
      const { client, rules } = market.current
      await client.request({ method: 'evm_setAutomine', params: [false] } as never)
      const data = encodeFunctionData({ abi: registryAbi, functionName: 'tell', args: [program, 0n, 9n, '0x'] })
      const call = { to: rules.registry, data, gas: 100_000n, chain: null }
      for (let i = 0; i < 3; i++) await teller.sendTransaction({ ...call, account: teller.account })
      const publisher = await market.current.keyHolder('deployer')
      const again = [program, 0n, 1n, toHex(WASM)] as const
      const word = encodeFunctionData({ abi: registryAbi, functionName: 'tell', args: again })
      await publisher.sendTransaction({ ...call, data: word, account: publisher.account })
      await client.request({ method: 'evm_mine', params: [] } as never)
      await client.request({ method: 'evm_setAutomine', params: [true] } as never)
      const { candidates } = await (await reader(undefined, capped(2))).readModule(program)
      expect(candidates.map(({ module }) => module)).toEqual([WASM, WASM])
    })

    it('gives no module of which a piece is missing', async () => {
      await tell(0n, 3n, WASM)
      await tell(2n, 3n, WASM)
      await tell(1n, 4n, WASM)
      expect((await (await reader()).readModule(program)).candidates.length).toBe(1)
    })

    it('knows nothing of a program of which nothing was told', async () => {
      expect(await (await reader()).readModule(zeroHash)).toEqual({ candidates: [], uris: [] })
    })
  })
})
