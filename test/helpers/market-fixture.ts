import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Hash, LocalMarket, type MarketSettings } from './local-market.ts'

/** One market for the tests of a block; each of them finds it as it was deployed. */
export function useMarket(settings: Partial<MarketSettings>): { current: LocalMarket } {
  const used = {} as { current: LocalMarket }
  let clean: Hash
  beforeAll(async () => {
    used.current = await LocalMarket.create(settings)
  })
  beforeEach(async () => {
    clean = await used.current.snapshot()
  })
  afterEach(() => used.current.restore(clean))
  afterAll(() => used.current.close())
  return used
}
