export {
  ExportRefused,
  ImportRefused,
  LinkError,
  ProgramTooLarge,
  RuntimeRefused,
  SegmentOutOfBounds,
} from './errors.ts'
export { type LoweringOptions, lower } from './lower.ts'
export type { LoweredFunction, Origin, Program } from './program.ts'
