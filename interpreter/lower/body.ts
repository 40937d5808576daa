import type { Signature } from '../../spec/index.ts'
import type { CodeBuilder } from './code-builder.ts'
import type { Frame, Label } from './control.ts'
import type { Callee } from './link.ts'
import type { Origin } from './program.ts'
import type { Word } from './words.ts'

/** What the code of a module refers to outside the function that it stands in. */
export interface Scope {
  readonly code: CodeBuilder
  readonly callees: readonly Callee[]
  readonly firstGlobal: number
  /** Type index to what an indirect call needs to know. */
  readonly types: readonly { readonly signature: Signature; readonly id: number }[]
  readonly tableCapacityLog2: number
  /** Pages to which memory.grow may go. */
  readonly growLimit: number
  /** Slots by which the stack is smaller than the machine's. */
  readonly stackReserve: number
  /** CALL words whose target is not known before all functions are lowered: pc and function in the program. */
  readonly calls: { readonly pc: number; readonly func: number }[]
}

/** A function while it is lowered. */
export interface Body {
  readonly scope: Scope
  readonly frame: Frame
  readonly labels: Label[]
  /** Operands on the stack. */
  height: number
  greatestHeight: number
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
