import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ChainKind, findAnvil } from '../helpers/chains.ts'
import { CALLBACK } from '../helpers/consumers.ts'
import { type CoreEnd, playCore } from '../helpers/core-scenario.ts'
import { BOND, LocalMarket, ORDER } from '../helpers/local-market.ts'

const CHAINS: readonly ChainKind[] = ['embedded', 'served', 'anvil']
const REWARD = BOND / 2n

const isThere = (chain: ChainKind): boolean => chain !== 'anvil' || findAnvil() !== undefined
for (const chain of CHAINS.filter((kind) => !isThere(kind))) {
  console.log(`skipped on ${chain}: no such program among the packages of this platform or on the PATH`)
}

describe.each(CHAINS)('a request that a solver lies about, on the chain "%s"', (chain) => {
  let market: LocalMarket
  let end: CoreEnd
  beforeAll(async () => {
    if (!isThere(chain)) return
    market = await LocalMarket.create({ arity: 2, chain })
    end = await playCore(market)
  })
  afterAll(async () => market?.close())

  it.skipIf(!isThere(chain))('ends with the right result, told to the consumer', async () => {
    const { scenario, told, lie } = end
    const { status, result, delivered } = await scenario.view()
    const { value, outcome, output } = { ...scenario.truth.final, ...result }
    expect({ status, delivered, value: result?.value }).toEqual({ status: 'final', delivered: true, value })
    expect(lie).not.toBe(value)
    expect(output).toEqual(scenario.truth.result().output)
    expect(told.map((one) => [one.task, one.output, one.outcome.outputRoot])).toEqual([
      [scenario.task, `0x${Buffer.from(output ?? []).toString('hex')}`, outcome?.outputRoot],
    ])
  })

  it.skipIf(!isThere(chain))('costs the liar its stake, of which the winner is paid', async () => {
    const { scenario, liar, honest } = end
    expect(honest.outcomes.map(({ action }) => action.kind)).toContain('prove')
    const refund = await scenario.refund()
    expect([await scenario.gainOf(liar), await scenario.gainOf(honest)]).toEqual([-BOND, REWARD])
    expect(await market.burned()).toBe(BOND - REWARD)
    expect(await scenario.etherGainOf(liar)).toBe(-4n * refund)
    expect(await scenario.etherGainOf(honest)).toBe(refund + ORDER.maxPrice + CALLBACK.tip)
    const { request } = await scenario.view()
    expect((await market.accountOf(request.requester)).ether).toBe(3n * refund)
  })
})
