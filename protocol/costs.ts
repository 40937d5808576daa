/**
 * Gas of what is weighed against a price before it is done, for outputs of up to a few hundred bytes; bench/gas.json has
 * the measurements, and a test compares.
 */

/** Taking a task, posting and finalising it: what an undisputed task costs its solver. */
export const SOLVING_GAS = 250_000n

/** A delivery without its callback. */
export const DELIVERY_GAS = 60_000n
