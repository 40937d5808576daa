/**
 * Two budgets of seconds, as in chess: only the player on move spends. Times are seconds of the chain.
 * Twin: contracts/game/Clock.sol.
 */

/** The last second in which the mover may move. */
export const deadline = (moved: bigint, left: bigint): bigint => moved + left

/** What is left to the mover that moves at `time`; never below zero. */
export function spend(moved: bigint, left: bigint, time: bigint): bigint {
  const end = deadline(moved, left)
  if (time <= moved) return left
  return time < end ? end - time : 0n
}

/** What the other player has when it comes on move: at least `minimum` seconds. */
export const handOver = (left: bigint, minimum: bigint): bigint => (left < minimum ? minimum : left)
