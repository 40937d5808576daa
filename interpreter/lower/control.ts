import { ALU, CONTROL } from '../../spec/index.ts'
import { move, push, type Word } from './words.ts'

/** The slots of a frame: [arguments][return pc][locals][operands]. */
export interface Frame {
  readonly args: number
  /** Without the arguments. */
  readonly locals: number
  readonly results: number
}

const RETURN_PC = 1

/** Depth of a local below sp when `height` operands are on the stack. */
export const localDepth = ({ args, locals }: Frame, index: number, height: number): number =>
  args + locals + height - index + (index < args ? RETURN_PC : 0)

const returnPcDepth = ({ locals }: Frame, height: number): number => RETURN_PC + locals + height

/** Depth of the frame's first slot. */
const frameDepth = (frame: Frame, height: number): number => frame.args + returnPcDepth(frame, height)

/** A structured block that is open, and what waits for its end. */
export interface Label {
  readonly kind: 'function' | 'block' | 'loop' | 'if'
  /** Operands below the block and its parameters. */
  readonly height: number
  readonly params: number
  readonly results: number
  /** First pc of the body: where a branch to a loop goes. */
  readonly start: number
  /** It was opened in code that can be reached. */
  readonly live: boolean
  /** Jumps to its end. */
  readonly toEnd: number[]
  /** The jump of an `if` past its first arm, until that arm ends. */
  toElse: number | null
}

/** Values that a branch to the label carries. */
const carried = ({ kind, params, results }: Label): number => (kind === 'loop' ? params : results)

/** Operands that a branch to the label drops from below the values that it carries. */
const dropped = (label: Label, height: number): number => height - label.height - carried(label)

/** The branch is a jump that leaves the stack as it is, so that it can be made a conditional one. */
export const isPlainJump = (label: Label, height: number): boolean =>
  label.kind !== 'function' && dropped(label, height) === 0

/** A branch to the label is one word: the last of the values that it carries moves as it jumps. */
export const isOneWord = (label: Label, height: number): boolean => carried(label) <= 1 || isPlainJump(label, height)

/** The words that branch to the label; the last of them jumps. */
export const branchWords = (label: Label, frame: Frame, height: number): Word[] => {
  if (label.kind === 'function') return returnWords(frame, height)
  const distance = dropped(label, height)
  const moves = distance === 0 ? [] : moveDown({ count: carried(label), above: 0, distance })
  const target = label.kind === 'loop' ? label.start : 0
  return leaving(moves, { control: CONTROL.JUMP, delta: -distance, immLo: target })
}

/** The results would overwrite the return pc before the last of them goes back to it. */
export const copiesReturnPc = ({ args, results }: Frame): boolean => results > args + RETURN_PC

/** The words that move the results to the start of the frame and go back to the caller. */
export const returnWords = (frame: Frame, height: number): Word[] => {
  const above = copiesReturnPc(frame) ? 1 : 0
  const distance = frameDepth(frame, height) - frame.results
  const moves = moveDown({ count: frame.results, above, distance })
  const b = above === 0 ? returnPcDepth(frame, height) : above
  const end = leaving(moves, { control: CONTROL.RETURN, b, delta: -distance - above })
  return above === 0 ? end : [copyOfReturnPc(frame, height), ...end]
}

/** The words that replace the frame by `args` arguments and the return pc, and jump; the last needs its target. */
export const tailCallWords = (frame: Frame, height: number, args: number): Word[] => {
  const depth = frameDepth(frame, height)
  const moves = moveDown({ count: args, above: 1, distance: depth - args })
  const newReturnPc = { ...move(1, depth + 1 - args), control: CONTROL.JUMP, delta: args - depth }
  return [copyOfReturnPc(frame, height), ...moves, newReturnPc]
}

/** The same where the pc of the callee's entry stands on top of the arguments. */
export const indirectTailCallWords = (frame: Frame, height: number, args: number): Word[] => {
  const depth = frameDepth(frame, height)
  const moves = moveDown({ count: args, above: 2, distance: depth - args - 1 })
  const newReturnPc = { ...move(1, depth + 1 - args), control: CONTROL.RETURN, b: 2, delta: args - depth }
  return [copyOfReturnPc(frame, height), ...moves, newReturnPc]
}

const copyOfReturnPc = (frame: Frame, height: number): Word => push(returnPcDepth(frame, height))

interface Values {
  readonly count: number
  /** Slots that stand on top of the values. */
  readonly above: number
  /** Slots by which the values go down. */
  readonly distance: number
}

/** The lowest value moves first: no value is overwritten before it has moved. */
const moveDown = ({ count, above, distance }: Values): Word[] =>
  Array.from({ length: count }, (_, i) => {
    const depth = above + count - i
    return move(depth, depth + distance)
  })

/** The moves, the last of which leaves as well; where nothing moves, a word that only leaves. */
const leaving = (moves: readonly Word[], leave: Word): Word[] => [
  ...moves.slice(0, -1),
  { alu: ALU.ZERO, ...moves.at(-1), ...leave },
]
