import type { Signature } from '../../spec/index.ts'
import type { FunctionBody } from '../binary/module.ts'
import type { Scope } from './body.ts'

/**
 * A lowered program: the start state of the machine without input, as plain data.
 * Source: docs/machine.md, "State" and "Lowering".
 */
export interface Program {
  /** Instruction words from pc 0, 32 bytes each, big-endian. */
  readonly code: Uint8Array
  /** Pages of linear memory at the start. */
  readonly pages: number
  /** Initial bytes of MEMORY that are not zero, in pieces by ascending address that do not overlap. */
  readonly memory: readonly MemoryPiece[]
  /** Initial leaves of GLOBALS from index 0: module globals, then hidden ones. */
  readonly globals: readonly bigint[]
  /** Initial leaves of TABLES from index 0: 2^64 + reference, or 0 for an absent entry. */
  readonly tables: readonly bigint[]
  /** Initial bytes of DATA from address 0: passive data segments. */
  readonly data: Uint8Array
  /** Where each instruction word comes from; index = pc. */
  readonly origins: readonly Origin[]
  /** Functions that were lowered, in link order; `Origin.func` counts here. */
  readonly functions: readonly LoweredFunction[]
  /** What each function was lowered from, for whoever recompiles the program; null unless that was kept. */
  readonly sources: readonly LoweredCode[] | null
}

/** Bytes from an address of MEMORY on. */
export interface MemoryPiece {
  readonly address: number
  readonly bytes: Uint8Array
}

/** Where a word comes from in WASM terms. */
export interface Origin {
  /** Index into `Program.functions`, or -1 for the start stub. */
  readonly func: number
  /** Byte offset of the instruction in its module, or -1 where there is none. */
  readonly offset: number
  /** WASM instruction in text form, such as `i32.add` or `local.get 3`; or what the lowering added. */
  readonly instruction: string
}

export interface LoweredFunction {
  /** The name by which the module was linked, such as `task`. */
  readonly module: string
  /** From the name section, else an export, else `func[i]`. */
  readonly name: string
  readonly entryPc: number
  readonly typeId: number
}

/** What a function was lowered from, and where the words of each of its instructions stand. */
export interface LoweredCode {
  readonly signature: Signature
  readonly source: FunctionBody
  readonly places: Pick<Scope, 'types' | 'tables' | 'globalTypes'>
  readonly entryPc: number
  /** The pc before each instruction of the body, and that behind the function. */
  readonly pcs: readonly number[]
}
