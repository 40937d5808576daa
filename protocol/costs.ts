/** Gas of what is weighed against a price before it is done; bench/gas.json has the measurements, and a test compares. */

/** Taking a task, posting and finalising it with a short output: what an undisputed task costs its solver. */
export const SOLVING_GAS = 250_000n

/** A byte more of the output, which no test compares: 40 in calldata at its floor, 8 in the event, and its hashing. */
export const OUTPUT_BYTE_GAS = 60n

/** A delivery without its callback. */
export const DELIVERY_GAS = 60_000n
