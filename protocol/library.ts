import { type Hash, lowerTask, type Program, programHeader } from '../interpreter/index.ts'

/** Modules by the programs that they lower to. */
export interface Library {
  readonly ids: readonly Hash[]
  has(id: Hash): boolean
  /**
   * Takes a module; returns the id of its program.
   * @throws what `lowerTask` throws
   */
  add(module: Uint8Array): Hash
  /** A program that it has. */
  program(id: Hash): Program
}

/** A lowered program is many times as large as its module, and strangers publish modules. */
const LOWERED_AT_ONCE = 32

/** Keeps all modules, and the programs that were last used; the others are lowered again when they are asked for. */
export function createLibrary(): Library {
  const modules = new Map<Hash, Uint8Array>()
  /** The least recently used first. */
  const lowered = new Map<Hash, Program>()

  function use(id: Hash, program: Program): Program {
    lowered.delete(id)
    lowered.set(id, program)
    for (const oldest of lowered.keys()) {
      if (lowered.size <= LOWERED_AT_ONCE) break
      lowered.delete(oldest)
    }
    return program
  }

  return {
    get ids() {
      return [...modules.keys()]
    },
    has: (id) => modules.has(id),
    add(module) {
      const program = lowerTask(module)
      const id = programHeader(program).programId
      modules.set(id, module)
      use(id, program)
      return id
    },
    program: (id) => use(id, lowered.get(id) ?? lowerTask(modules.get(id) as Uint8Array)),
  }
}
