export * from './commit/index.ts'
export * from './machine/index.ts'
export { ExecutionTrace, type FinalState, type Trace } from './trace.ts'
export type { LoweredFunction, Origin, Program } from './lower/program.ts'
