import { describe, expect, it } from 'vitest'
import { type Action, marketAbi, type Writer } from '../../protocol/index.ts'
import { idleVerifier, verify } from '../../verifier/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }

/** A player that claims the truth and does not defend it. */
const only =
  (...kinds: readonly Action['kind'][]) =>
  (writer: Writer): Writer => ({
    ...writer,
    send: (actions) => writer.send(actions.filter(({ kind }) => kinds.includes(kind))),
  })

/** Lets the clock of the one game run out that is open. */
async function playUntilDead(scenario: Scenario): Promise<void> {
  await scenario.rest()
  const running = (await scenario.games()).find(({ winner }) => winner === undefined)
  await scenario.market.advanceTo((running?.deadline ?? 0n) + 1n)
  await scenario.rest()
}

describe('fromCursor', () => {
  const market = useMarket({ arity: 16 })

  it('pays the price to the earliest that lives, wherever another payment ended', async () => {
    const scenario = await Scenario.small(market.current)
    const stranger = await market.current.keyHolder('stranger')
    const watching = { strategy: verify, idle: idleVerifier }
    await scenario.liar('first', { wrap: only('take', 'post') })
    await scenario.liar('liar', { ...watching, programs: flipping(FLIP) })
    const second = await scenario.liar('second', { ...watching, wrap: only('enter', 'enterAndOpen') })
    await playUntilDead(scenario)
    await market.current.advanceTo((await scenario.view()).phases?.challenge ?? 0n)
    await playUntilDead(scenario)
    /** Before the honest player is paid, somebody looks at the entries up to the second. */
    const walk = async () => {
      const { request, result } = await scenario.view()
      const args = [request, result?.value, [second.owner]]
      await market.current.send(stranger, { to: market.current.rules.market, abi: marketAbi, name: 'payPrice', args })
    }
    const wrap = (writer: Writer): Writer => ({
      ...writer,
      async send(actions) {
        if (actions.some(({ kind }) => kind === 'payPrice')) await walk()
        return writer.send(actions)
      },
    })
    const honest = await scenario.verifier('honest', { wrap })
    const task = await scenario.finish()
    const statuses = [...task.entries.values()].map(({ status }) => status)
    // What the dead who nobody living played leave is due to the requester and to nobody else.
    expect(statuses).toEqual(['dead', 'divided', 'dead', 'released'])
    expect(honest.outcomes.find(({ action }) => action.kind === 'payPrice')).toMatchObject({ kind: 'mined' })
    expect(task.priceDue).toBe(false)
  })
})
