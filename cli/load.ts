import { lowerTask, type Program } from '../interpreter/index.ts'
import { readFile, readInput } from './files.ts'

/** A task and its input, ready to run. */
export interface Loaded {
  readonly program: Program
  readonly input: Uint8Array
}

/** Reads and lowers the module, then reads the input. Throws what reading, decoding and lowering throw. */
export async function load(wasm: string, input: string | undefined): Promise<Loaded> {
  const program = lowerTask(readFile(wasm), { keepSources: true })
  return { program, input: await readInput(input) }
}
