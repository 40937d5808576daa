import type { Evidence } from '../evidence.ts'
import type { Tried } from '../rules/try.ts'
import { answerChecks } from './answers.ts'
import { chainChecks } from './chain.ts'
import { gameChecks } from './game.ts'
import { moneyChecks } from './money.ts'
import { verdictChecks } from './verdict.ts'

export { matchesReference } from './answers.ts'

/** A check and what speaks against it. */
export interface Finding {
  readonly name: string
  readonly says: string
  readonly breaches: readonly string[]
}

const CHECKS = [...answerChecks, ...gameChecks, ...verdictChecks, ...moneyChecks, ...chainChecks]

/** Looks at everything that must hold. */
export function findings(evidence: Evidence, tried: readonly Tried[]): Promise<Finding[]> {
  return Promise.all(
    CHECKS.map(async ({ name, says, breaches }) => ({ name, says, breaches: await breaches(evidence, tried) })),
  )
}
