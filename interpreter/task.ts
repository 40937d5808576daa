import { decodeModule } from './binary/index.ts'
import { runtimeWasm } from './host/index.ts'
import { type LoweringOptions, lower, type Program } from './lower/index.ts'

export interface TaskOptions extends Omit<LoweringOptions, 'libraries'> {
  /** Modules from which the task, and those after them, import by name; linked in this order. */
  readonly libraries?: readonly { readonly name: string; readonly wasm: Uint8Array }[]
}

/**
 * A task's WebAssembly module as a program of the machine, with the host functions that it imports and the libraries
 * linked in.
 * @throws MalformedModule, InvalidModule, UnsupportedFeature, LinkError, ProgramTooLarge
 */
export const lowerTask = (wasm: Uint8Array, { libraries = [], ...options }: TaskOptions = {}): Program =>
  lower(decodeModule(wasm), decodeModule(runtimeWasm), {
    ...options,
    libraries: libraries.map(({ name, wasm: library }) => ({ name, module: decodeModule(library) })),
  })
