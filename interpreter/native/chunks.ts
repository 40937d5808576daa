/**
 * Steps are charged ahead: a chunk is a piece of code whose steps are all taken off the counter where it begins. What
 * was taken off ahead at some point is pending there; a branch that skips code gives the difference back.
 */
export class Chunk {
  /** Steps of the code so far; of all its code once the function is emitted. */
  steps = 0
}

/** Steps of each chunk that is pending at a point, as counted there. */
export type Ledger = ReadonlyMap<Chunk, number>

/** The chunks that may go on, as they are now. */
export const ledgerOf = (chunks: Iterable<Chunk>): Ledger => new Map([...chunks].map((chunk) => [chunk, chunk.steps]))

/** Steps charged ahead at a point; known once the function is emitted. */
export const pendingAt = (ledger: Ledger): number => {
  let pending = 0
  for (const [chunk, steps] of ledger) pending += chunk.steps - steps
  return pending
}
