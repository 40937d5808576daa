import type { Role } from '../daemon/index.ts'
import { type Idle, type Strategy, solverIdle, solverStrategy } from '../protocol/index.ts'

/** Takes what pays its gas. */
const FOR_ITS_GAS = { minProfit: 0n }

/** Takes what it has computed already and what pays, posts, and from then on plays as everybody honest does. */
export const solve: Strategy = solverStrategy(FOR_ITS_GAS)

/** A solver that has a stake to lock computes what it could take. */
export const idleSolver: Idle = solverIdle(FOR_ITS_GAS)

/** The solver as a daemon. */
export const solver: Role = {
  role: 'solver',
  play: ({ minProfit }) => ({ strategy: solverStrategy({ minProfit }), idle: solverIdle({ minProfit }) }),
}
