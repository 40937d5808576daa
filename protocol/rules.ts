import type { Address } from 'viem'
import { maxMoves } from './bisection.ts'
import type { Place } from './game-ids.ts'
import type { TurnRules } from './turns.ts'

/** All that a deployment of the arena fixes for good; times in seconds. */
export interface ArenaRules extends Place, TurnRules {
  readonly stepper: Address
  /** Seconds on each player's clock at the start. */
  readonly budget: bigint
  readonly challenge: bigint
  readonly support: bigint
  readonly opening: bigint
  readonly token: Address
  /** The bond of one entry, in units of the token. */
  readonly bond: bigint
}

/** When the phases of a task end; each phase is up to but not including its end. */
export interface Phases {
  readonly challenge: bigint
  readonly support: bigint
  readonly opening: bigint
  readonly end: bigint
}

/** Phases of a task whose first entry was made at `posted`. Twin: Arena.phasesOf. */
export function phasesOf(rules: ArenaRules, posted: bigint, maxSteps: bigint): Phases {
  const challenge = posted + rules.challenge
  const support = challenge + rules.support
  const opening = support + rules.opening
  const games = 2n * rules.budget + BigInt(maxMoves(maxSteps, rules.arity)) * rules.minimum
  return { challenge, support, opening, end: opening + games }
}
