import type { PublicClient } from 'viem'
import { refusalOf, SimulationRefused } from '../../../protocol/index.ts'
import type { Evidence } from '../evidence.ts'
import { askingAttempts } from './asking.ts'
import type { Attempt } from './attempt.ts'
import { endingAttempts } from './ending.ts'
import { enteringAttempts } from './entering.ts'
import { movingAttempts } from './moving.ts'
import { provingAttempts } from './proving.ts'

export interface Tried extends Attempt {
  /** The error that came, or what else happened. */
  readonly answer: string
}

/** Tries everything that must be refused, each on the state of the chain where it matters. */
export function tryForbidden(evidence: Evidence): Promise<Tried[]> {
  const makers = [askingAttempts, enteringAttempts, movingAttempts, provingAttempts, endingAttempts]
  const attempts = makers.flatMap((make) => make(evidence))
  return Promise.all(
    attempts.map(async (attempt) => ({
      ...attempt,
      answer: await answerTo(evidence.client, evidence.rules.arena, attempt),
    })),
  )
}

async function answerTo(client: PublicClient, to: `0x${string}`, { from, data, block }: Attempt): Promise<string> {
  try {
    await client.call({ account: from, to, data, blockNumber: block })
    return 'allowed'
  } catch (error) {
    const refusal = refusalOf(error)
    return refusal instanceof SimulationRefused ? refusal.errorName : refusal.message
  }
}
