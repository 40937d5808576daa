import { createHash } from 'node:crypto'
import type { Hash } from '../../interpreter/index.ts'
import { LoweringLost } from '../workers/lowering.ts'
import { ModuleRefused } from './refused.ts'

/** What modules lower to, by the hash of their bytes: each is lowered once, and what it says of itself is not believed. */
export interface ModuleIndex {
  /**
   * Id of the program that a module is, looked at for the sake of a program.
   * @throws ModuleRefused
   */
  programOf(wasm: Uint8Array, wanted: Hash): Promise<Hash>
}

/** The id of the program that a module lowers to. */
export type Identify = (wasm: Uint8Array, wanted: Hash) => Promise<Hash>

export function createModuleIndex(identify: Identify): ModuleIndex {
  const known = new Map<string, Promise<Hash>>()

  async function lowered(hash: string, wasm: Uint8Array, wanted: Hash): Promise<Hash> {
    try {
      return await identify(wasm, wanted)
    } catch (error) {
      if (error instanceof LoweringLost) {
        known.delete(hash)
        throw error
      }
      const message = error instanceof Error ? error.message : String(error)
      throw new ModuleRefused('notAProgram', message, { cause: error })
    }
  }

  return {
    programOf(wasm, wanted) {
      const hash = createHash('sha256').update(wasm).digest('hex')
      const program = known.get(hash) ?? lowered(hash, wasm, wanted)
      known.set(hash, program)
      return program
    },
  }
}
