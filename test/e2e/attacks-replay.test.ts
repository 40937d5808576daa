import { numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { callOf, type Outcome } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { crossPlaying, type Forced, replaying } from '../adversaries/senders.ts'
import { BOND, LocalMarket } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { type Cast, Scenario } from '../helpers/scenario.ts'

const FLIP = { step: 100, substep: 8, address: 4_003, bit: 2 }
const REWARD = BOND / 2n

describe('replay across games', () => {
  const market = useMarket({ arity: 16 })

  /** Two tasks on one program and input, in each of which the same liar lies in the same way. */
  async function twoDisputes(wrap: Parameters<Scenario['liar']>[1]['wrap']) {
    const salts = [1n, 2n].map((salt) => numberToHex(salt, { size: 32 }))
    const scenarios = []
    for (const salt of salts) scenarios.push(await Scenario.small(market.current, { salt }))
    const [first, second] = scenarios as [Scenario, Scenario]
    const liar = await first.liar('liar', { programs: flipping(FLIP), ...(wrap === undefined ? {} : { wrap }) })
    const honest = await first.verifier('honest')
    for (const name of ['liar', 'honest']) await second.enlist(name, name === 'honest')
    await first.finish()
    while (await second.jump()) await first.rest()
    await second.check('the end of both')
    for (const scenario of [first, second]) {
      const { status, result } = await scenario.view()
      expect({ status, value: result?.value }).toEqual({ status: 'final', value: scenario.truth.final.value })
    }
    expect([await first.gainOf(liar), await first.gainOf(honest)]).toEqual([-2n * BOND, 2n * REWARD])
    return { liar, honest }
  }

  it('is refused for a move of one task in the game of another, sent before its own', async () => {
    const forced: Forced[] = []
    await twoDisputes(crossPlaying(market.current, forced))
    expect(forced.length).toBeGreaterThan(1)
    expect(forced.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('is refused for whatever was sent before', async () => {
    const forced: Forced[] = []
    await twoDisputes(replaying(market.current, forced))
    expect(new Set(forced.map(({ kind }) => kind))).toEqual(new Set(['take', 'post', 'bisect']))
    expect(forced.filter(({ status }) => status === 'success')).toEqual([])
  })

  it('is refused for the calls of one market in another on the same chain', async () => {
    const { honest, liar } = await twoDisputes(undefined)
    const other = await LocalMarket.beside(market.current)
    const sent = [liar, honest].flatMap((cast: Cast) =>
      cast.outcomes
        .filter((outcome): outcome is Extract<Outcome, { kind: 'mined' }> => outcome.kind === 'mined')
        .map(({ action }) => ({ signer: cast.signer, action })),
    )
    expect(sent.length).toBeGreaterThan(10)
    for (const { signer, action } of sent) {
      expect(await market.current.force(signer, callOf(action, other)), action.kind).toBe('reverted')
    }
  })
})
