export {
  ExportRefused,
  ImportRefused,
  LibraryRefused,
  LinkError,
  ProgramTooLarge,
  RuntimeRefused,
  SegmentOutOfBounds,
} from './errors.ts'
export type { Remains } from './image.ts'
export type { Instance } from './instance.ts'
export type { External, FunctionCallee, Resolve, RuntimeExternal } from './link.ts'
export { Linker, type LinkerOptions } from './linker.ts'
export { type Library, type LoweringOptions, lower } from './lower.ts'
export type { LoweredCode, LoweredFunction, MemoryPiece, Origin, Program } from './program.ts'
export { call, constant, halt, type Word } from './words.ts'
