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
  LibraryRefused,
  LinkError,
  type LoweredFunction,
  type LoweringOptions,
  type Origin,
  type Program,
  ProgramTooLarge,
  SegmentOutOfBounds,
} from './lower/index.ts'
export * from './machine/index.ts'
export { NativeMachine, type NativeOptions, type NativeReport, type Tier } from './native/index.ts'
export * from './oracle/index.ts'
export { type Place, placeOf } from './place.ts'
export { lowerTask, type TaskOptions } from './task.ts'
