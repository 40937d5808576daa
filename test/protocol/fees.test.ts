import { describe, expect, it } from 'vitest'
import { limitedFees, marketFees, raisedFees } from '../../protocol/fees.ts'

const GWEI = 10n ** 9n

describe('raisedFees', () => {
  it.each([0n, 1n, 7n, GWEI, 10n ** 15n])('offers at least an eighth more than %d, in both fees', (fee) => {
    const raised = raisedFees({ maxFeePerGas: fee, maxPriorityFeePerGas: fee }, marketFees(0n, 0n))
    for (const more of Object.values(raised)) {
      expect(more).toBeGreaterThan(fee)
      expect(more * 8n).toBeGreaterThanOrEqual(fee * 9n)
    }
  })

  it('offers what the market asks where that is more', () => {
    const market = marketFees(40n * GWEI, 2n * GWEI)
    expect(market).toEqual({ maxFeePerGas: 82n * GWEI, maxPriorityFeePerGas: 2n * GWEI })
    expect(raisedFees(marketFees(GWEI, GWEI), market)).toEqual(market)
  })
})

describe('limitedFees', () => {
  it('offers no more than the limit, tip included', () => {
    const limit = { maxFeePerGas: GWEI, maxPriorityFeePerGas: GWEI }
    expect(limitedFees(marketFees(GWEI, 3n * GWEI), GWEI)).toEqual(limit)
    expect(limitedFees(limit, 2n * GWEI)).toEqual(limit)
  })
})
