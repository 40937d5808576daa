import type { Address, PublicClient } from 'viem'
import { failureOf, SimulationRefused } from '../../../protocol/index.ts'
import type { Evidence } from '../evidence.ts'
import { askingAttempts } from './asking.ts'
import type { Attempt } from './attempt.ts'
import { deployingAttempts } from './deploying.ts'
import { endingAttempts } from './ending.ts'
import { enteringAttempts } from './entering.ts'
import { movingAttempts } from './moving.ts'
import { openingAttempts } from './opening.ts'
import { provingAttempts } from './proving.ts'

export interface Tried extends Attempt {
  /** The error that came, or what else happened. */
  readonly answer: string
}

const MAKERS = [
  deployingAttempts,
  askingAttempts,
  enteringAttempts,
  openingAttempts,
  movingAttempts,
  provingAttempts,
  endingAttempts,
] as const

/** Tries everything that must be refused, each on the state of the chain where it matters. */
export function tryForbidden(evidence: Evidence): Promise<Tried[]> {
  const attempts = MAKERS.flatMap((make) => make(evidence))
  return Promise.all(attempts.map(async (attempt) => ({ ...attempt, answer: await answerTo(evidence, attempt) })))
}

async function answerTo({ chain, rules: { arena } }: Evidence, attempt: Attempt): Promise<string> {
  const to = attempt.creates ? null : arena
  if (attempt.time === undefined) return call(chain.client, to, attempt, attempt.block)
  const fork = await chain.forkAt(attempt.block, attempt.time)
  try {
    return await call(fork.client, to, attempt, attempt.block + 1n)
  } finally {
    await fork.close()
  }
}

async function call(
  client: PublicClient,
  to: Address | null,
  { from, data }: Attempt,
  blockNumber: bigint,
): Promise<string> {
  try {
    await client.call({ account: from, to, data, blockNumber })
    return 'allowed'
  } catch (error) {
    const failure = failureOf(error)
    return failure instanceof SimulationRefused ? failure.errorName : failure.message
  }
}
