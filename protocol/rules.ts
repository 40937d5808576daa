import type { Address } from 'viem'
import { maxMoves } from './bisection.ts'
import type { Place, Request } from './game-ids.ts'

/** The floors of all lengths of a deployment, in seconds, and the rest of what it fixes for good. Twin: struct Rules. */
export interface Rules {
  readonly challenge: bigint
  readonly support: bigint
  readonly opening: bigint
  /** On each player's clock at the start. */
  readonly budget: bigint
  /** Least time of a player that comes on move. */
  readonly minimum: bigint
  readonly solving: bigint
  readonly finalising: bigint
  /** Steps per second of the slowest player that is waited for. */
  readonly speed: bigint
  /** Most steps that a task may ask for. */
  readonly maxSteps: bigint
  /** The stake behind an entry or a taken task, in units of the token. */
  readonly bond: bigint
  /** Wei. */
  readonly gasPriceFloor: bigint
  /** Gas of entering and opening, and of a move. */
  readonly enterGas: bigint
  readonly moveGas: bigint
  readonly maxCallbackGas: bigint
  /** Bytes; a larger output is named by its root only. */
  readonly maxOutput: bigint
}

/** All that a market fixes for good, and the contracts that belong to it. */
export interface MarketRules extends Place, Rules {
  readonly games: Address
  readonly vault: Address
  readonly registry: Address
  readonly token: Address
  readonly stepper: Address
  readonly arity: number
  /** Seconds from unbonding to withdrawal. */
  readonly unbonding: bigint
}

/** When the phases of a task end; each phase is up to but not including its end. */
export interface Phases {
  readonly challenge: bigint
  readonly support: bigint
  readonly opening: bigint
  readonly end: bigint
}

/** How the arena of a posted task stands. */
export type Verdict = 'pending' | 'settled' | 'void'

/** The clock that a player starts with, and the least that it has when it comes on move. */
export interface Clocks {
  readonly budget: bigint
  readonly least: bigint
}

const GWEI = 10n ** 9n
/** Unit in which a task's gas price is kept. */
const GAS_PRICE_UNIT = 10n ** 7n
const MOST_GAS_PRICE_UNITS = 2n ** 24n - 1n
/** Gas refunds in a deposit, one for each of the first four opponents. */
export const REFUNDS = 4

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** Seconds in which the slowest player runs a task once. */
export const runTime = ({ speed }: Pick<Rules, 'speed'>, maxSteps: bigint): bigint => ceilDiv(maxSteps, speed)

/** The clocks of the games of a task. */
export function clocksOf(rules: Rules, maxSteps: bigint): Clocks {
  const runs = 2n * runTime(rules, maxSteps)
  return { budget: rules.budget + runs, least: rules.minimum + runs }
}

/** Phases of a task that was posted at `posted`. Twin: Phased.phasesOf. */
export function phasesOf(rules: MarketRules, posted: bigint, maxSteps: bigint): Phases {
  const run = runTime(rules, maxSteps)
  const { budget, least } = clocksOf(rules, maxSteps)
  const challenge = posted + rules.challenge + 2n * run
  const support = challenge + rules.support + run
  const opening = support + rules.opening + run
  return { challenge, support, opening, end: opening + 2n * budget + BigInt(maxMoves(maxSteps, rules.arity)) * least }
}

/** The first second from which a verdict can stand. */
export const verdictFrom = (phases: Phases, valuesSeen: number): bigint =>
  valuesSeen === 1 ? phases.challenge : phases.opening

/** How an arena stands at `time`, by the values that were ever seen and those that live. Twin: Phased._verdict. */
export function verdictAt(phases: Phases, valuesSeen: number, valuesAlive: number, time: bigint): Verdict {
  if (valuesAlive === 1) return time < verdictFrom(phases, valuesSeen) ? 'pending' : 'settled'
  return time < phases.end ? 'pending' : 'void'
}

/** The last second in which a task taken at `taken` may be posted. */
export const postingEnd = (rules: Rules, taken: bigint, maxSteps: bigint): bigint =>
  taken + rules.solving + 2n * runTime(rules, maxSteps)

/** The last second in which a settled task can only be opened, and not given up. */
export const finalisingEnd = (rules: Rules, phases: Phases, valuesSeen: number): bigint =>
  (valuesSeen === 1 ? phases.challenge : phases.end) + rules.finalising

/** What taking a task at `time` pays, in wei: it rises from the least to the highest price. Twin: Terms._price. */
export function priceAt({ order }: Pick<Request, 'order'>, requestedAt: bigint, time: bigint): bigint {
  const { minPrice, maxPrice, ramp } = order
  const elapsed = time < requestedAt ? 0n : time - requestedAt
  if (elapsed >= BigInt(ramp)) return maxPrice
  return minPrice + (((maxPrice - minPrice) * elapsed) / BigInt(ramp) / GWEI) * GWEI
}

/** The gas price, in wei, that a request at this base fee fixes. Twin: Terms._gasPriceNow. */
export function gasPriceAt({ gasPriceFloor }: Pick<Rules, 'gasPriceFloor'>, baseFee: bigint): bigint {
  const units = ceilDiv((larger(2n * baseFee, gasPriceFloor) * 6n) / 5n, GAS_PRICE_UNIT)
  return (units > MOST_GAS_PRICE_UNITS ? MOST_GAS_PRICE_UNITS : units) * GAS_PRICE_UNIT
}

/** One gas refund, in wei: what one side of the longest dispute pays at a task's gas price. Twin: Terms._refund. */
export function refundOf(rules: MarketRules, gasPrice: bigint, maxSteps: bigint): bigint {
  const gas = rules.enterGas + rules.moveGas * BigInt(Math.floor(maxMoves(maxSteps, rules.arity) / 2) + 1)
  return ceilDiv(gasPrice * gas, GWEI) * GWEI
}

/** The ether behind an entry, in wei. Twin: Terms._deposit. */
export const depositOf = (rules: MarketRules, gasPrice: bigint, maxSteps: bigint): bigint =>
  BigInt(REFUNDS) * refundOf(rules, gasPrice, maxSteps)
