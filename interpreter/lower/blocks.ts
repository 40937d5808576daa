import type { Instruction } from '../binary/instruction.ts'
import { advance, type Body, emit, setHeight } from './body.ts'
import { arityOf, branchWord, isPlainJump, type Label, returnWord } from './control.ts'
import { at } from './lookup.ts'
import { jump, jumpIfNotZero, jumpIfZero, jumpTable } from './words.ts'

type BlockInstruction = Extract<Instruction, { readonly op: 'block' | 'loop' | 'if' }>

/** Opens a block; code that cannot be reached opens it, too, so that each `end` finds its own. */
export const lowerBlock = (body: Body, { op, result }: BlockInstruction): void => {
  const toElse = op === 'if' && body.reachable ? advance(body, jumpIfZero()) : null
  openLabel(body, op, arityOf(result === null ? [] : [result]), toElse)
}

export const openLabel = (body: Body, kind: Label['kind'], results: Label['results'], toElse: number | null): void => {
  const { height, reachable: live, scope } = body
  body.labels.push({ kind, height, results, start: scope.code.pc, live, toEnd: [], toElse })
}

export const lowerElse = (body: Body): void => {
  const label = labelAt(body, 0)
  if (!label.live) return
  if (body.reachable) label.toEnd.push(emit(body, jump()))
  resolveElse(body, label)
  body.reachable = true
  setHeight(body, label.height)
}

/** The first arm of an `if` is over: the jump past it leads to the next word. */
const resolveElse = (body: Body, label: Label): void => {
  const { code } = body.scope
  if (label.toElse !== null) code.setImmLo(label.toElse, code.pc)
  label.toElse = null
}

export const lowerEnd = (body: Body): void => {
  const label = labelAt(body, 0)
  const { code } = body.scope
  if (label.kind === 'function' && body.reachable) emit(body, returnWord(body.frame, body.height))
  const jumpedTo = label.toElse !== null || label.toEnd.length > 0
  resolveElse(body, label)
  for (const pc of label.toEnd) code.setImmLo(pc, code.pc)
  body.labels.pop()
  body.reachable ||= jumpedTo
  if (body.reachable) setHeight(body, label.height + label.results)
}

/** Emits the branch and notes where its target is to be set. */
const emitBranch = (body: Body, label: Label): void => {
  const pc = emit(body, branchWord(label, body.frame, body.height))
  if (label.kind === 'block' || label.kind === 'if') label.toEnd.push(pc)
}

export const lowerBranch = (body: Body, depth: number): void => {
  emitBranch(body, labelAt(body, depth))
  body.reachable = false
}

export const lowerReturn = (body: Body): void => lowerBranch(body, body.labels.length - 1)

export const lowerBranchIf = (body: Body, depth: number): void => {
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

/** TABLE goes to one of the words behind it; in WebAssembly 1.0 a branch is always one word. */
export const lowerBranchTable = (body: Body, labels: readonly number[]): void => {
  advance(body, jumpTable(labels.length - 1))
  for (const depth of labels) emitBranch(body, labelAt(body, depth))
  body.reachable = false
}

const labelAt = ({ labels }: Body, depth: number): Label => at(labels, labels.length - 1 - depth, 'label')
