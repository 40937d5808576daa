import { describe, expect, it } from 'vitest'
import { createBell } from '../../daemon/bell.ts'

describe('createBell', () => {
  it('wakes all that wait for its next ring, and none that wait for the one after', () => {
    const bell = createBell()
    const [first, second] = [bell.next(), bell.next()]
    expect([first.aborted, second.aborted]).toEqual([false, false])
    bell.ring()
    expect([first.aborted, second.aborted, bell.next().aborted]).toEqual([true, true, false])
  })
})
