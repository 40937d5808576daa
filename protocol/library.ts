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

/**
 * Bytes of lowered programs that are kept: a program is many times as large as its module, and strangers publish
 * modules. Its words are counted; what is held beside them, places in the module for instance, is about as much again.
 */
const KEPT_BYTES = 2 ** 28

const BYTES_OF_A_LEAF = 8

const sizeOf = ({ code, tables, data, memory }: Program): number =>
  code.length + BYTES_OF_A_LEAF * tables.length + data.length + memory.reduce((sum, { bytes }) => sum + bytes.length, 0)

/**
 * Keeps all modules, and up to `keptBytes` of the programs that were last used, the last one in any case; the others are
 * lowered again when they are asked for.
 */
export function createLibrary(keptBytes = KEPT_BYTES): Library {
  const modules = new Map<Hash, Uint8Array>()
  /** The least recently used first. */
  const lowered = new Map<Hash, Program>()

  function use(id: Hash, program: Program): Program {
    lowered.delete(id)
    lowered.set(id, program)
    let bytes = [...lowered.values()].reduce((sum, kept) => sum + sizeOf(kept), 0)
    for (const [oldest, kept] of lowered) {
      if (bytes <= keptBytes || oldest === id) break
      lowered.delete(oldest)
      bytes -= sizeOf(kept)
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
