import type { Rules } from '../protocol/index.ts'
import { RuleRefused } from './errors.ts'

/** All that a deployment fixes for good; the token has 18 decimals. What the lengths mean is in docs/protocol.md. */
export interface DeploymentRules extends Rules {
  readonly arity: bigint
  /** Seconds from unbonding to withdrawal. */
  readonly unbondingTime: bigint
}

export type RuleName = keyof DeploymentRules

const MINUTE = 60n
const HOUR = 60n * MINUTE
const DAY = 24n * HOUR
const GWEI = 10n ** 9n
const TOKEN = 10n ** 18n

/** Games over many steps cost least at this: bench/gas.json. */
const DEFAULT_ARITY = 16n

/** Measured for each arity, and rounded up: bench/gas.json. Each hash of a sequence costs the same. */
const gasWith = (arity: bigint) => ({ enterGas: 120_000n + 1250n * arity, moveGas: 40_000n + 1250n * arity })

/** What `substep deploy` fixes unless it is told otherwise; gas depends on the arity. */
export const defaultRules = (arity: bigint = DEFAULT_ARITY): DeploymentRules => ({
  arity,
  unbondingTime: 7n * DAY,
  challenge: DAY,
  support: 6n * HOUR,
  opening: 6n * HOUR,
  budget: 12n * HOUR,
  minimum: 30n * MINUTE,
  solving: 2n * HOUR,
  finalising: 7n * DAY,
  speed: 10n ** 7n,
  maxSteps: 2n ** 40n,
  bond: 1000n * TOKEN,
  gasPriceFloor: GWEI,
  ...gasWith(arity),
  maxCallbackGas: 2_000_000n,
  maxOutput: 4096n,
})

export const DEFAULT_RULES = defaultRules()

export const RULE_NAMES = Object.keys(DEFAULT_RULES) as readonly RuleName[]

const below = (bits: bigint) => 2n ** bits - 1n
const [U32, U64, U96] = [below(32n), below(64n), below(96n)]
const MAX_GAS_PRICE_FLOOR = 10_000n * GWEI

/** Least and largest value of each rule, as the constructors of the contracts have them. */
const LIMITS: Readonly<Record<RuleName, readonly [least: bigint, largest: bigint]>> = {
  arity: [2n, 32n],
  unbondingTime: [0n, U32],
  challenge: [1n, U32],
  support: [1n, U32],
  opening: [1n, U32],
  budget: [1n, U32],
  minimum: [1n, U32],
  solving: [1n, U32],
  finalising: [1n, U32],
  speed: [1n, U64],
  maxSteps: [1n, U64],
  bond: [2n, U96],
  gasPriceFloor: [1n, MAX_GAS_PRICE_FLOOR],
  enterGas: [1n, U32],
  moveGas: [1n, U32],
  maxCallbackGas: [0n, U32],
  maxOutput: [0n, U32],
}

const GROWING = ['challenge', 'support', 'opening', 'budget', 'solving', 'finalising'] as const

/**
 * Refuses what the constructors would refuse, and says why.
 * @throws RuleRefused
 */
export function checkRules(rules: DeploymentRules): void {
  for (const name of RULE_NAMES) {
    const [least, largest] = LIMITS[name]
    if (rules[name] < least || rules[name] > largest)
      throw new RuleRefused(name, rules[name], `it must be ${least} to ${largest}`)
  }
  if (rules.minimum > rules.budget)
    throw new RuleRefused('minimum', rules.minimum, `it must be at most the budget, ${rules.budget}`)
  // Twin: Terms.sol; no length of any task may leave its field.
  const growth = 2n * ((rules.maxSteps + rules.speed - 1n) / rules.speed)
  for (const name of GROWING) {
    if (rules[name] + growth > U32)
      throw new RuleRefused(name, rules[name], `with ${growth} seconds for the longest task it must be below 2^32`)
  }
}
