import { jumpDropping, returnFrom, type Word } from './words.ts'

/** In WebAssembly 1.0 a block or a function has at most one result. */
export type Arity = 0 | 1

export const arityOf = (results: { readonly length: number }): Arity => (results.length === 0 ? 0 : 1)

/** The slots of a frame: [arguments][return pc][locals][operands]. */
export interface Frame {
  readonly args: number
  /** Without the arguments. */
  readonly locals: number
  readonly results: Arity
}

const RETURN_PC = 1

/** Depth of a local below sp when `height` operands are on the stack. */
export const localDepth = ({ args, locals }: Frame, index: number, height: number): number =>
  args + locals + height - index + (index < args ? RETURN_PC : 0)

/** The one word that gives the result and goes back to the caller. */
export const returnWord = ({ args, locals, results }: Frame, height: number): Word =>
  returnFrom(results, args + RETURN_PC + locals + height, RETURN_PC + locals + height)

/** A structured block that is open, and what waits for its end. */
export interface Label {
  readonly kind: 'function' | 'block' | 'loop' | 'if'
  /** Operands below the block. */
  readonly height: number
  readonly results: Arity
  /** First pc of the body: where a branch to a loop goes. */
  readonly start: number
  /** It was opened in code that can be reached. */
  readonly live: boolean
  /** Jumps to its end. */
  readonly toEnd: number[]
  /** The jump of an `if` past its first arm, until that arm ends. */
  toElse: number | null
}

/** The one word of a branch to the label; a branch to the function's label is the return. */
export const branchWord = (label: Label, frame: Frame, height: number): Word => {
  if (label.kind === 'function') return returnWord(frame, height)
  if (label.kind === 'loop') return jumpDropping(0, height - label.height, label.start)
  return jumpDropping(label.results, height - label.results - label.height)
}

/** The branch drops nothing, so that it can be made a conditional jump. */
export const isPlainJump = (label: Label, height: number): boolean => {
  const carried = label.kind === 'loop' ? 0 : label.results
  return label.kind !== 'function' && height === label.height + carried
}
