import {
  clocksOf,
  depositOf,
  gasPriceAt,
  type MarketRules,
  phasesOf,
  postingEnd,
  SOLVING_GAS,
} from '../protocol/index.ts'
import type { Context } from './context.ts'

/** Outputs up to so many bytes are in the gas that solvers reckon with; each further one takes so much. */
const FREE_OUTPUT_BYTES = 200
const GAS_PER_OUTPUT_BYTE = 60n

/** The least price pays the gas and a quarter on top, the highest pays it at four times the present fees. */
const LEAST_PERCENT = 125n
const HIGHEST_PERCENT = 400n
/** Seconds in which the recommended price rises. */
const RAMP = 600

const GWEI = 10n ** 9n

export interface QuoteOptions {
  readonly maxSteps: bigint
  /** Bytes of output expected, if they are more than a few. */
  readonly outputBytes?: number
  /** What a solver shall get for running 10^9 steps, in wei, on top of its gas; by default nothing. */
  readonly weiPerGigastep?: bigint
}

/** Lengths in seconds for a task of so many steps, see docs/protocol.md. */
export interface Windows {
  readonly solving: bigint
  readonly challenge: bigint
  readonly support: bigint
  readonly opening: bigint
  readonly budget: bigint
  readonly minimum: bigint
  /** From posting to the end of the arena, when a dispute takes as long as it can. */
  readonly arena: bigint
  readonly finalising: bigint
}

export interface Quote {
  /** Units of the token that each solver and challenger has at stake. */
  readonly bond: bigint
  /** Wei that each of them has behind its claim, to repay the gas of honest challengers. */
  readonly deposit: bigint
  readonly windows: Windows
  /** Wei that taking, posting and finalising cost now. */
  readonly cost: bigint
  /** A price that pays for itself, ready for `request`. */
  readonly recommended: { readonly minPrice: bigint; readonly maxPrice: bigint; readonly ramp: number }
  /** Seconds from taking the task to its result: at once posted and undisputed; posted late; disputed to the end. */
  readonly untilResult: { readonly earliest: bigint; readonly undisputed: bigint; readonly worst: bigint }
  /** Whether the market takes a task of so many steps. */
  readonly isAccepted: boolean
}

/** What a task of so many steps takes, at the fees of now. */
export async function quote(context: Context, options: QuoteOptions): Promise<Quote> {
  const [rules, { baseFeePerGas }, tip] = await Promise.all([
    context.rules(),
    context.publicClient.getBlock(),
    context.publicClient.estimateMaxPriorityFeePerGas(),
  ])
  return quoteAt(rules, { baseFee: baseFeePerGas ?? 0n, tip }, options)
}

/** The same for given fees, in wei for each unit of gas. */
export function quoteAt(
  rules: MarketRules,
  { baseFee, tip }: { readonly baseFee: bigint; readonly tip: bigint },
  { maxSteps, outputBytes = 0, weiPerGigastep = 0n }: QuoteOptions,
): Quote {
  const windows = windowsOf(rules, maxSteps)
  const gas = SOLVING_GAS + GAS_PER_OUTPUT_BYTE * BigInt(Math.max(0, outputBytes - FREE_OUTPUT_BYTES))
  const cost = gas * (baseFee + tip)
  const run = (maxSteps * weiPerGigastep) / 10n ** 9n
  const price = (percent: bigint) => wholeGwei((cost * percent) / 100n + run)
  const { solving, challenge, arena } = windows
  return {
    ...{ bond: rules.bond, deposit: depositOf(rules, gasPriceAt(rules, baseFee), maxSteps), windows, cost },
    recommended: { minPrice: price(LEAST_PERCENT), maxPrice: price(HIGHEST_PERCENT), ramp: RAMP },
    untilResult: { earliest: challenge, undisputed: solving + challenge, worst: solving + arena },
    isAccepted: maxSteps > 0n && maxSteps <= rules.maxSteps,
  }
}

function windowsOf(rules: MarketRules, maxSteps: bigint): Windows {
  const { challenge, support, opening, end } = phasesOf(rules, 0n, maxSteps)
  const { budget, least } = clocksOf(rules, maxSteps)
  return {
    ...{
      solving: postingEnd(rules, 0n, maxSteps),
      challenge,
      support: support - challenge,
      opening: opening - support,
    },
    ...{ budget, minimum: least, arena: end, finalising: rules.finalising },
  }
}

/** Prices are whole gwei; rounded up. */
const wholeGwei = (wei: bigint): bigint => ((wei + GWEI - 1n) / GWEI) * GWEI
