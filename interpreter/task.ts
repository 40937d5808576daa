import { decodeModule } from './binary/index.ts'
import { taskAbiWasm } from './host/index.ts'
import { type LoweringOptions, lower, type Program } from './lower/index.ts'

/**
 * A task's WebAssembly module as a program of the machine, the host functions it imports linked in.
 * @throws MalformedModule, InvalidModule, UnsupportedFeature, LinkError, ProgramTooLarge
 */
export const lowerTask = (wasm: Uint8Array, options?: LoweringOptions): Program =>
  lower(decodeModule(wasm), decodeModule(taskAbiWasm), options)
