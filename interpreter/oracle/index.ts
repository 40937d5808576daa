export {
  arbitrate,
  compareRaw,
  compareStates,
  executeTwice,
  type Sampling,
  type Verdict,
} from './double-execution.ts'
export type { TaskModules } from './raw-run.ts'
export { type OracleOptions, type OracleReport, StateOracle, StepOutOfRange } from './state-oracle.ts'
export { type FinalState, finalStateOf, type Trace } from './trace.ts'
