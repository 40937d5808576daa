/**
 * Gas of what is weighed against a price before it is done. A test measures each of them; they hold for outputs of up
 * to a few hundred bytes.
 */

/** Taking a task, posting and finalising it: what an undisputed task costs its solver. */
export const SOLVING_GAS = 600_000n

/** A delivery without its callback. */
export const DELIVERY_GAS = 120_000n
