import { createHash } from 'node:crypto'
import { type Hash, lowerTask, type Program, programHeader } from '../../interpreter/index.ts'
import { ModuleRefused } from './refused.ts'

/** A program under its id. */
export interface Lowered {
  readonly id: Hash
  readonly program: Program
}

/**
 * The program that a module is. Its id is computed here and believed of nobody.
 * @throws ModuleRefused
 */
export function lowerModule(wasm: Uint8Array): Lowered {
  try {
    const program = lowerTask(wasm)
    return { id: programHeader(program).programId, program }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ModuleRefused('notAProgram', message, { cause: error })
  }
}

/** What modules lower to, by the hash of their bytes: none is lowered a second time only to learn that it is another's. */
export interface ModuleIndex {
  /** The program `id`, if the module is its. @throws ModuleRefused if it is no program's */
  programOf(id: Hash, wasm: Uint8Array): Program | undefined
}

export function createModuleIndex(): ModuleIndex {
  const known = new Map<string, Hash | ModuleRefused>()

  function lower(hash: string, wasm: Uint8Array): Lowered {
    try {
      const lowered = lowerModule(wasm)
      known.set(hash, lowered.id)
      return lowered
    } catch (error) {
      if (error instanceof ModuleRefused) known.set(hash, error)
      throw error
    }
  }

  return {
    programOf(id, wasm) {
      const hash = createHash('sha256').update(wasm).digest('hex')
      const before = known.get(hash)
      if (before instanceof ModuleRefused) throw before
      if (before !== undefined && before !== id) return undefined
      const lowered = lower(hash, wasm)
      return lowered.id === id ? lowered.program : undefined
    },
  }
}
