import type { DisputedEvidence, Evidence } from '../evidence.ts'
import type { Tried } from '../rules/try.ts'
import { answerChecks, answersCheck, singleAnswerChecks } from './answers.ts'
import { chainChecks } from './chain.ts'
import type { Check } from './check.ts'
import { gameChecks } from './game.ts'
import { judgedChecks } from './judged.ts'
import { disputedMoneyChecks, honestMoneyChecks, moneyChecks } from './money.ts'
import { resultChecks } from './result.ts'

export { matchesReference } from './answers.ts'

/** A check and what speaks against it. */
export interface Finding {
  readonly name: string
  readonly says: string
  readonly breaches: readonly string[]
}

const HONEST: readonly Check[] = [
  ...answerChecks,
  ...singleAnswerChecks,
  ...resultChecks,
  ...honestMoneyChecks,
  ...moneyChecks,
  ...chainChecks,
]

const DISPUTED: readonly Check<DisputedEvidence>[] = [
  ...answerChecks,
  answersCheck,
  ...gameChecks,
  ...judgedChecks,
  ...resultChecks,
  ...disputedMoneyChecks,
  ...moneyChecks,
  ...chainChecks,
]

/** Looks at everything that must hold at the end of an act. */
export function findings(evidence: Evidence, tried: readonly Tried[]): Promise<Finding[]> {
  const { dispute } = evidence
  return dispute === undefined
    ? findingsOf(HONEST, evidence, tried)
    : findingsOf(DISPUTED, { ...evidence, dispute }, tried)
}

function findingsOf<E extends Evidence>(
  checks: readonly Check<E>[],
  evidence: E,
  tried: readonly Tried[],
): Promise<Finding[]> {
  return Promise.all(
    checks.map(async ({ name, says, breaches }) => ({ name, says, breaches: await breaches(evidence, tried) })),
  )
}
