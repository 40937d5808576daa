import { describe, expect, it } from 'vitest'
import { flipping } from '../adversaries/computing.ts'
import { BOND } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { PlayerProcess } from '../helpers/player-process.ts'
import { NO_INPUT, Scenario } from '../helpers/scenario.ts'
import { nothing } from '../helpers/small-tasks.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }

describe('a player as a process, over HTTP', () => {
  const market = useMarket({ arity: 16, chain: 'served' })

  it.each([0, 4, 7, 8, 11])('wins against a process whose machine flips one bit in substep %i', async (substep) => {
    const scenario = await Scenario.small(market.current)
    const { account } = await scenario.enlist('liar', false)
    await scenario.enlist('honest', true)
    const flags = Object.entries({ ...FLIP, substep }).flatMap(([name, value]) => [`--flip-${name}`, `${value}`])
    const liar = new PlayerProcess(market.current, 'test/adversaries/corrupt-player.ts', 'liar', { flags })
    const honest = new PlayerProcess(market.current, 'verifier/main.ts', 'honest')
    const proof = await honest.until(({ action }) => action === 'prove')
    expect(proof).toMatchObject({ from: `${FLIP.step}`, substep })
    await honest.until(({ action }) => action === 'bury')
    await scenario.check('the burial')
    const entries = [...(await scenario.view()).entries.values()]
    expect(entries.map(({ owner, status }) => [owner === account.address, status])).toEqual([
      [true, 'dead'],
      [false, 'alive'],
    ])
    expect([await liar.end('SIGTERM'), await honest.end('SIGTERM')]).toEqual([0, 0])
  })

  it('finishes its moves and says goodbye when told to stop', async () => {
    await Scenario.small(market.current)
    await market.current.account('honest')
    const player = new PlayerProcess(market.current, 'solver/main.ts', 'honest')
    await player.until(({ event, action }) => event === 'mined' && action === 'post')
    const stopped = player.until(({ event }) => event === 'stopped')
    expect(await player.end('SIGTERM')).toBe(0)
    // Its stake is locked, and its clocks would run on.
    expect((await stopped).reason).toBe('stakeAtRisk')
  })

  it('plays on when nobody reads its log any more', async () => {
    await market.current.account('honest')
    const player = new PlayerProcess(market.current, 'solver/main.ts', 'honest')
    await player.until(({ event }) => event === 'started')
    player.stopReading()
    const scenario = await Scenario.small(market.current)
    await expect.poll(async () => (await scenario.view()).status, { timeout: 20_000 }).toBe('posted')
    expect(await player.end('SIGTERM')).toBe(0)
  })

  it('tells what it refuses, and why', async () => {
    const program = await market.current.publish(nothing(), { told: false })
    await market.current.ask(program, NO_INPUT)
    await market.current.account('honest')
    const player = new PlayerProcess(market.current, 'solver/main.ts', 'honest')
    const line = await player.until(({ event, reason }) => event === 'refused' && reason === 'programMissing')
    expect(line).toMatchObject({ program })
    await player.end('SIGTERM')
  })

  it('plays with the stake of its owner, whose key it does not have', async () => {
    const scenario = await Scenario.small(market.current)
    await scenario.liar('liar', { programs: flipping(FLIP) })
    const owner = await scenario.enlist('honest', true)
    const operator = await market.current.operator('operator', owner, BOND)
    await scenario.rest()
    const player = new PlayerProcess(market.current, 'verifier/main.ts', 'operator', { owner: owner.account.address })
    await player.until(({ event, action }) => event === 'mined' && action === 'enterAndOpen')
    const entries = [...(await scenario.view()).entries.values()]
    expect(entries.map((entry) => entry.owner)).toContain(owner.account.address)
    expect(entries.map((entry) => entry.owner)).not.toContain(operator.account.address)
    await scenario.check('the entry')
    expect(await player.end('SIGTERM')).toBe(0)
  })
})
