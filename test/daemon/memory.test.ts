import { totalmem } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryLeft } from '../../daemon/memory.ts'

describe('memoryLeft', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('is some, and less than there is', () => {
    expect(memoryLeft()).toBeGreaterThan(0)
    expect(memoryLeft()).toBeLessThan(totalmem())
  })

  it.each([
    ['of the system', 0, 1_000],
    ['of the system where the share is larger', 10_000, 1_000],
    ['of the share', 700, 600],
  ])('is what is left %s', (_, share, left) => {
    vi.spyOn(process, 'availableMemory').mockReturnValue(1_000)
    vi.spyOn(process, 'constrainedMemory').mockReturnValue(share)
    vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(100)
    expect(memoryLeft()).toBe(left)
  })
})
