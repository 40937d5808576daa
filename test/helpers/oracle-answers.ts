import { type OracleOptions, type OracleReport, type Program, StateOracle } from '../../interpreter/index.ts'

/** What is asked about a run, there and back. */
const PARTS = [0.9, 0.1, 0.5, 0.45]
const MOST_STEPS = 1e8

export interface Answers {
  readonly steps: number
  readonly hashes: readonly string[]
  readonly report: OracleReport
}

/** What an oracle answers about a program that is run by the engine from the start. */
export function answersOf(program: Program, options: OracleOptions = {}): Answers {
  const oracle = new StateOracle(program, new Uint8Array(0), MOST_STEPS, { fewSteps: 0, leastGap: 1000, ...options })
  const { steps, stateHash } = oracle.final
  const hashes = PARTS.map((part) => oracle.hashAt(Math.floor(part * steps)))
  return { steps, hashes: [...hashes, stateHash], report: oracle.report }
}
