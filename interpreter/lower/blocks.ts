import { advance, type Body, emit, setHeight } from './body.ts'
import { branchWords, copiesReturnPc, isOneWord, isPlainJump, type Label } from './control.ts'
import { at } from './lookup.ts'
import type { InstructionOf, Lowerings } from './lowering.ts'
import { jump, jumpIfNotZero, jumpIfZero, jumpTable, unreachable } from './words.ts'

/** Structured control: blocks, and the branches out of them. */

/** Opens a block; code that cannot be reached opens it, too, so that each `end` finds its own. */
const lowerBlock = (body: Body, { op, signature }: InstructionOf<'block' | 'loop' | 'if'>): void => {
  const toElse = op === 'if' && body.reachable ? advance(body, jumpIfZero()) : null
  openLabel(body, { kind: op, params: signature.params.length, results: signature.results.length, toElse })
}

export const openLabel = (body: Body, label: Pick<Label, 'kind' | 'params' | 'results' | 'toElse'>): void => {
  const { height, reachable: live, scope } = body
  body.labels.push({ ...label, height: height - label.params, start: scope.code.pc, live, toEnd: [] })
}

const lowerElse = (body: Body): void => {
  const label = labelAt(body, 0)
  if (!label.live) return
  if (body.reachable) label.toEnd.push(emit(body, jump()))
  resolveElse(body, label)
  body.reachable = true
  setHeight(body, label.height + label.params)
}

/** The first arm of an `if` is over: the jump past it leads to the next word. */
const resolveElse = (body: Body, label: Label): void => {
  const { code } = body.scope
  if (label.toElse !== null) code.setImmLo(label.toElse, code.pc)
  label.toElse = null
}

const lowerEnd = (body: Body): void => {
  const label = labelAt(body, 0)
  const { code } = body.scope
  if (label.kind === 'function' && body.reachable) emitBranch(body, label)
  const jumpedTo = label.toElse !== null || label.toEnd.length > 0
  resolveElse(body, label)
  for (const pc of label.toEnd) code.setImmLo(pc, code.pc)
  body.labels.pop()
  body.reachable ||= jumpedTo
  if (body.reachable) setHeight(body, label.height + label.results)
}

/** Emits the branch and notes where its target is to be set. */
const emitBranch = (body: Body, label: Label): void => {
  if (label.kind === 'function' && copiesReturnPc(body.frame)) body.copiesReturnPc = true
  for (const word of branchWords(label, body.frame, body.height)) emit(body, word)
  if (label.kind === 'block' || label.kind === 'if') label.toEnd.push(body.scope.code.pc - 1)
}

const lowerBranch = (body: Body, depth: number): void => {
  emitBranch(body, labelAt(body, depth))
  body.reachable = false
}

/** A branch to the label of the function. */
export const lowerReturn = (body: Body): void => lowerBranch(body, body.labels.length - 1)

const lowerBranchIf = (body: Body, { label: depth }: InstructionOf<'br_if'>): void => {
  const label = labelAt(body, depth)
  if (isPlainJump(label, body.height - 1)) {
    const pc = advance(body, jumpIfNotZero(label.start))
    if (label.kind !== 'loop') label.toEnd.push(pc)
    return
  }
  const skip = advance(body, jumpIfZero())
  emitBranch(body, label)
  body.scope.code.setImmLo(skip, body.scope.code.pc)
}

/** TABLE goes to one of the words behind it. A branch of several words stands behind all of them, once for its label. */
const lowerBranchTable = (body: Body, { labels }: InstructionOf<'br_table'>): void => {
  advance(body, jumpTable(labels.length - 1))
  const trampolines = new Map<Label, number[]>()
  for (const depth of labels) {
    const label = labelAt(body, depth)
    if (isOneWord(label, body.height)) emitBranch(body, label)
    else {
      const jumps = trampolines.get(label) ?? []
      jumps.push(emit(body, jump()))
      trampolines.set(label, jumps)
    }
  }
  for (const [label, jumps] of trampolines) emitTrampoline(body, label, jumps)
  body.reachable = false
}

const emitTrampoline = (body: Body, label: Label, jumps: readonly number[]): void => {
  for (const pc of jumps) body.scope.code.setImmLo(pc, body.scope.code.pc)
  emitBranch(body, label)
}

const labelAt = ({ labels }: Body, depth: number): Label => at(labels, labels.length - 1 - depth, 'label')

const lowerUnreachable = (body: Body): void => {
  emit(body, unreachable())
  body.reachable = false
}

export const BLOCK_LOWERINGS = {
  unreachable: lowerUnreachable,
  block: lowerBlock,
  loop: lowerBlock,
  if: lowerBlock,
  else: lowerElse,
  end: lowerEnd,
  br: (body, { label }) => lowerBranch(body, label),
  br_if: lowerBranchIf,
  br_table: lowerBranchTable,
  return: lowerReturn,
} as const satisfies Lowerings<
  'unreachable' | 'block' | 'loop' | 'if' | 'else' | 'end' | 'br' | 'br_if' | 'br_table' | 'return'
>
