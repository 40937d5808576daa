import { describe, expect, it } from 'vitest'
import { createWatcher } from '../../daemon/watcher.ts'
import type { Reader } from '../../protocol/index.ts'
import { hashOf, ME, RULES } from '../helpers/situations.ts'

const SECONDS = 1_000

/** What is told of heads of some ages, in seconds, one look after the other. */
async function toldOf(ages: readonly number[]): Promise<string[]> {
  const told: string[] = []
  const now = 2_000_000_000
  let age = 0
  const read: Reader['read'] = async () => {
    const head = { number: 7n, hash: hashOf('head'), timestamp: BigInt(now - age), baseFee: 1n }
    return { rules: RULES, head, events: [], times: new Map() }
  }
  const reader: Pick<Reader, 'read' | 'forget' | 'ledger'> = {
    read,
    forget: () => undefined,
    ledger: async (_, expected) => expected,
  }
  const watcher = createWatcher(
    reader,
    ME,
    (level, event, fields) => told.push(`${level} ${event} ${fields?.head} ${fields?.seconds}`),
    () => now * SECONDS,
  )
  for (age of ages) await watcher.look()
  return told
}

describe('createWatcher', () => {
  it('warns of a head that stands still, once until it moves', async () => {
    expect(await toldOf([300])).toEqual([])
    expect(await toldOf([301, 302, 900])).toEqual(['warn headStandsStill 7 301'])
    expect(await toldOf([400, 12, 500])).toEqual(['warn headStandsStill 7 400', 'warn headStandsStill 7 500'])
  })

  it('minds no chain whose clock is ahead', async () => {
    expect(await toldOf([-86_400])).toEqual([])
  })
})
