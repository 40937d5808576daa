import { createPublicClient, http } from 'viem'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../../daemon/content/sources.ts'
import { failureFields, messageOf, outcomeFields } from '../../daemon/describe.ts'
import { type Action, nextActions, type Outcome, WaitsAtFeeLimit } from '../../protocol/index.ts'
import { FALSE, gameOf, LIE, MINE, RULES, situationOf } from '../helpers/situations.ts'

const HASH = `0x${'1'.repeat(64)}` as const
const actionOf = (entries: Parameters<typeof situationOf>[0]): Action => nextActions(situationOf(entries)).actions[0]!

describe('outcomeFields', () => {
  it('tells of a move which steps are disputed from now on', () => {
    const game = gameOf(MINE, FALSE, LIE, 0n, 8n)
    const action = actionOf({ entries: [MINE, FALSE], games: [game] })
    const outcome: Outcome = { kind: 'mined', action, hash: HASH, gasUsed: 9n }
    expect(outcomeFields(outcome, RULES)).toMatchObject({
      ...{ action: 'bisect', reason: 'segmentDisputed', game: game.id },
      ...{ from: 4n, to: 8n, gas: 9n, transaction: HASH },
    })
  })

  it('tells of an entry against whom it is made', () => {
    const outcome: Outcome = { kind: 'alreadyDone', action: actionOf({ entries: [FALSE] }), told: 'why' }
    expect(outcomeFields(outcome, RULES)).toMatchObject({
      ...{ action: 'enterAndOpen', reason: 'truthMissing', told: 'why' },
      ...{ value: MINE.value, target: FALSE.owner, rival: FALSE.value },
    })
  })

  it('names the limit at which a transaction waits', () => {
    const error = new WaitsAtFeeLimit(HASH, 500n)
    const outcome: Outcome = { kind: 'failed', action: actionOf({ entries: [FALSE] }), error }
    expect(outcomeFields(outcome, RULES)).toMatchObject({ error: 'WaitsAtFeeLimit', maxFeePerGas: 500n })
  })
})

describe('failureFields', () => {
  it('tells of whatever was thrown', () => {
    expect(failureFields(new RangeError('too far'))).toEqual({ error: 'RangeError', message: 'too far' })
    expect(failureFields('lost')).toEqual({ error: 'unknown', message: 'lost' })
  })

  it('tells no key to a node', async () => {
    const rpcs = ['http://user:secret@127.0.0.1:9/v2/secret?key=secret', 'http://127.0.0.1:9/v2/secret?key=secret']
    for (const rpc of rpcs) {
      const client = createPublicClient({ transport: http(rpc, { retryCount: 0 }) })
      const failure = await client.getBlockNumber().catch((error: unknown) => error)
      expect(String(failure)).toContain('secret')
      const { message } = failureFields(failure)
      expect(message).toContain('HTTP request failed')
      expect(message).not.toContain('secret')
      expect(failureFields(new Error(`gave up: ${failure}`)).message).not.toContain('secret')
      expect(problemOf(failure).message).toBe(message)
    }
    expect(messageOf(new Error(`at "${rpcs[0]}", and (${rpcs[1]})`))).toBe(
      'at "http://127.0.0.1:9", and (http://127.0.0.1:9',
    )
  })
})
