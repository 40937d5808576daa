import { createHash } from 'node:crypto'
import { type Hash, lowerTask, programHeader } from '../../interpreter/index.ts'
import { ModuleRefused } from './refused.ts'

/** What modules lower to, by the hash of their bytes: each is lowered once, and what it says of itself is not believed. */
export interface ModuleIndex {
  /** Id of the program that a module is. @throws ModuleRefused */
  programOf(wasm: Uint8Array): Hash
}

export function createModuleIndex(): ModuleIndex {
  const known = new Map<string, Hash | ModuleRefused>()
  return {
    programOf(wasm) {
      const hash = createHash('sha256').update(wasm).digest('hex')
      const program = known.get(hash) ?? lowered(wasm)
      known.set(hash, program)
      if (program instanceof ModuleRefused) throw program
      return program
    },
  }
}

function lowered(wasm: Uint8Array): Hash | ModuleRefused {
  try {
    return programHeader(lowerTask(wasm)).programId
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return new ModuleRefused('notAProgram', message, { cause: error })
  }
}
