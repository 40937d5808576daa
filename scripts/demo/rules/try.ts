import { decodeErrorResult, type Hex, isHex, type PublicClient } from 'viem'
import { gamesAbi, marketAbi, registryAbi, stepperAbi, vaultAbi } from '../../../protocol/index.ts'
import { dappAbi } from '../dapp.ts'
import type { DisputedEvidence, Evidence } from '../evidence.ts'
import { askingAttempts } from './asking.ts'
import type { Attempt } from './attempt.ts'
import { consumingAttempts } from './consuming.ts'
import { deployingAttempts } from './deploying.ts'
import { endingAttempts } from './ending.ts'
import { enteringAttempts } from './entering.ts'
import { keepingAttempts } from './keeping.ts'
import { movingAttempts } from './moving.ts'
import { openingAttempts } from './opening.ts'
import { provingAttempts } from './proving.ts'
import { publishingAttempts } from './publishing.ts'
import { resultingAttempts } from './resulting.ts'
import { takingAttempts } from './taking.ts'

export interface Tried extends Attempt {
  /** The error that came, or what else happened. */
  readonly answer: string
}

/** What is forbidden in every task; tried in the act that has no dispute. */
const IN_TASKS: readonly ((evidence: Evidence) => Attempt[])[] = [
  deployingAttempts,
  publishingAttempts,
  askingAttempts,
  consumingAttempts,
  takingAttempts,
  keepingAttempts,
  resultingAttempts,
]

/** What is forbidden in a dispute. */
const IN_DISPUTES: readonly ((evidence: DisputedEvidence) => Attempt[])[] = [
  enteringAttempts,
  openingAttempts,
  movingAttempts,
  provingAttempts,
  endingAttempts,
]

/** Tries everything that must be refused, each on the state of the chain where it matters. */
export function tryForbidden(evidence: Evidence): Promise<Tried[]> {
  const { dispute } = evidence
  const attempts =
    dispute === undefined
      ? IN_TASKS.flatMap((make) => make(evidence))
      : IN_DISPUTES.flatMap((make) => make({ ...evidence, dispute }))
  return Promise.all(attempts.map(async (attempt) => ({ ...attempt, answer: await answerTo(evidence, attempt) })))
}

async function answerTo({ chain }: Evidence, attempt: Attempt): Promise<string> {
  if (attempt.time === undefined) return call(chain.client, attempt, attempt.block)
  const fork = await chain.forkAt(attempt.block, attempt.time)
  try {
    return await call(fork.client, attempt, attempt.block + 1n)
  } finally {
    await fork.close()
  }
}

async function call(client: PublicClient, attempt: Attempt, blockNumber: bigint): Promise<string> {
  const { from, to, data, value = 0n, gas } = attempt
  try {
    await client.call({ account: from, to, data, value, ...(gas === undefined ? {} : { gas }), blockNumber })
    return 'allowed'
  } catch (error) {
    return refusalOf(error)
  }
}

/** Errors of all contracts on the stage. */
const ERRORS = [...marketAbi, ...gamesAbi, ...vaultAbi, ...registryAbi, ...stepperAbi, ...dappAbi]

function refusalOf(error: unknown): string {
  const data = revertData(error)
  if (data === undefined) return error instanceof Error ? error.message : String(error)
  try {
    return decodeErrorResult({ abi: ERRORS, data }).errorName
  } catch {
    return `reverted with ${data}`
  }
}

/** The bytes that a contract reverted with, wherever the node and the transport put them. */
function revertData(error: unknown): Hex | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const data = 'data' in cause ? cause.data : undefined
    if (isHex(data)) return data
    if (typeof data === 'object' && data !== null && 'data' in data && isHex(data.data)) return data.data
  }
  return undefined
}
