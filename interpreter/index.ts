export {
  type FunctionPlace,
  InvalidModule,
  MalformedModule,
  UnsupportedFeature,
} from './binary/index.ts'
export * from './commit/index.ts'
export {
  ExportRefused,
  ImportRefused,
  LinkError,
  type LoweredFunction,
  type LoweringOptions,
  type Origin,
  type Program,
  ProgramTooLarge,
  SegmentOutOfBounds,
} from './lower/index.ts'
export * from './machine/index.ts'
export { type Place, placeOf } from './place.ts'
export { lowerTask } from './task.ts'
export { ExecutionTrace, type FinalState, finalStateOf, type Trace } from './trace.ts'
