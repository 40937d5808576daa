import { describe, expect, it } from 'vitest'
import { createReader, ReorganisedWhileReading, type Snapshot, viewOf } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { useArena } from '../helpers/arena-fixture.ts'
import { Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
const namesOf = ({ events }: Snapshot) => events.map(({ eventName }) => eventName)

describe('createReader', () => {
  const arena = useArena({ arity: 16 })

  const reader = (blocksPerQuery?: bigint, client = arena.current.client) =>
    createReader(client, arena.current.rules.arena, blocksPerQuery === undefined ? {} : { blocksPerQuery })

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
    expect(namesOf(await patient.read())).toEqual(['TaskCreated'])
    // Now the other branch, as long as the first one.
    while ((await arena.current.reader.read()).head.number < before.head.number) {
      await arena.current.advanceTo((await arena.current.now()) + 5n)
    }
    const after = await patient.read()
    expect(after).toEqual(await (await reader()).read())
    expect(namesOf(after)).toEqual(['TaskCreated'])
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
