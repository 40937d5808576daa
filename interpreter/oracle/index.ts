export { type OracleOptions, type OracleReport, StateOracle, StepOutOfRange } from './state-oracle.ts'
export { type FinalState, finalStateOf, type Trace } from './trace.ts'
