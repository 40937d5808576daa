import type { ReferenceType, Signature, ValueType } from '../../spec/index.ts'
import type { CodeBuilder } from './code-builder.ts'
import type { Frame, Label } from './control.ts'
import type { Callee, FunctionCallee } from './link.ts'
import type { Origin } from './program.ts'
import type { RuntimeFunction } from './runtime.ts'
import type { Word } from './words.ts'

/** A table in the program. */
export interface TablePlace {
  readonly type: ReferenceType
  /** Leaf of TABLES at which it begins. */
  readonly base: number
  /** log2 of the leaves that it has. */
  readonly capacityLog2: number
  /** Entries to which it may grow, as declared. */
  readonly maximum: number | null
  /** Entries to which table.grow goes: at most the capacity and the declared maximum. */
  readonly growLimit: number
  /** Leaf of GLOBALS with its number of entries. */
  readonly sizeGlobal: number
}

/** A memory in the program: linear memory itself, whose size is a register, or a window of MEMORY. */
export interface MemoryPlace {
  /** Pages to which it may grow, as declared. */
  readonly maximum: number | null
  /** Pages to which memory.grow goes. */
  readonly growLimit: number
  readonly window: {
    /** Address of MEMORY at which it begins. */
    readonly base: number
    /** Leaf of GLOBALS with its number of pages. */
    readonly sizeGlobal: number
  } | null
}

/** A passive segment in DATA or TABLES. */
export interface SegmentPlace {
  /** Byte of DATA or leaf of TABLES at which it begins. */
  readonly base: number
  /** Leaf of GLOBALS with its length: 0 once it is dropped. */
  readonly lengthGlobal: number
}

/** A type in the program. */
export interface ProgramType {
  readonly signature: Signature
  /** Equal for equal signatures. */
  readonly id: number
}

/** What the code of a module refers to outside the function that it stands in: places by index of WebAssembly. */
export interface Scope {
  readonly code: CodeBuilder
  readonly callees: readonly Callee[]
  /** Leaves of GLOBALS. */
  readonly globals: readonly number[]
  readonly globalTypes: readonly ValueType[]
  readonly types: readonly ProgramType[]
  readonly tables: readonly TablePlace[]
  /** Null where the module has none. */
  readonly memory: MemoryPlace | null
  readonly elements: readonly SegmentPlace[]
  readonly data: readonly SegmentPlace[]
  /** The function of the runtime, linked to the module's memory; it becomes part of the program with its first use. */
  readonly runtime: (name: RuntimeFunction) => FunctionCallee
  /** Slots by which the stack is smaller than the machine's. */
  readonly stackReserve: number
  /** Words whose immLo is the entry of a function: it is not known before all functions are lowered. */
  readonly entries: { readonly pc: number; readonly func: number }[]
}

/** A function while it is lowered. */
export interface Body {
  readonly scope: Scope
  readonly frame: Frame
  readonly labels: Label[]
  /** Operands on the stack. */
  height: number
  greatestHeight: number
  /** A return or a tail call pushes a copy of the return pc. */
  copiesReturnPc: boolean
  /** The next instruction can be reached; if not, nothing is emitted. */
  reachable: boolean
  /** Of the words that are being emitted. */
  origin: Origin
}

/** Emits a word that leaves the straight line, or that a call's result follows. */
export const emit = (body: Body, word: Word): number => body.scope.code.emit(word, body.origin)

/** Emits a word after which the next one runs, with the operands that it pushes or pops. */
export const advance = (body: Body, word: Word): number => {
  const pc = emit(body, word)
  setHeight(body, body.height + (word.delta ?? 0))
  return pc
}

export const setHeight = (body: Body, height: number): void => {
  body.height = height
  body.greatestHeight = Math.max(body.greatestHeight, height)
}
