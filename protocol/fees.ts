/** What a transaction offers for each unit of gas, in wei. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** The base fee grows by an eighth a block at most: a fee of twice the last one stays good for five full blocks. */
const BASE_FEE_FACTOR = 2n

/** Nodes replace a transaction for a tenth or an eighth more; a quarter more gets to where the market is in fewer tries. */
const RAISE_PERCENT = 125n

/** What gets into one of the next blocks. */
export const marketFees = (baseFee: bigint, tip: bigint): Fees => ({
  maxFeePerGas: BASE_FEE_FACTOR * baseFee + tip,
  maxPriorityFeePerGas: tip,
})

/** What takes the place of a transaction that offered `paid`. */
export const raisedFees = (paid: Fees, market: Fees): Fees => ({
  maxFeePerGas: larger(raised(paid.maxFeePerGas), market.maxFeePerGas),
  maxPriorityFeePerGas: larger(raised(paid.maxPriorityFeePerGas), market.maxPriorityFeePerGas),
})

/** The same, but never more than `limit` in all. */
export const limitedFees = ({ maxFeePerGas, maxPriorityFeePerGas }: Fees, limit: bigint): Fees => ({
  maxFeePerGas: smaller(maxFeePerGas, limit),
  maxPriorityFeePerGas: smaller(maxPriorityFeePerGas, limit),
})

const raised = (fee: bigint): bigint => (fee * RAISE_PERCENT) / 100n + 1n
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
