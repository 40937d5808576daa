import type { Signature } from '../../spec/index.ts'
import { lowerReturn } from './blocks.ts'
import { advance, type Body, emit, setHeight } from './body.ts'
import { indirectTailCallWords, tailCallWords } from './control.ts'
import type { Callee, FunctionCallee } from './link.ts'
import { at } from './lookup.ts'
import type { InstructionOf, Lowerings } from './lowering.ts'
import type { RuntimeFunction } from './runtime.ts'
import { call, callIndirect, checkReference, constant, type Word } from './words.ts'

/** Calls, tail calls, and calls of the runtime. */

const calleeOf = (body: Body, index: number): Callee => at(body.scope.callees, index, 'function')

/** Emits a word whose immLo becomes the pc of a function's entry. */
export const emitWithEntry = (body: Body, word: Word, func: number): void => {
  body.scope.entries.push({ pc: emit(body, word), func })
}

const applySignature = (body: Body, { params, results }: Signature): void =>
  setHeight(body, body.height - params.length + results.length)

const emitCall = (body: Body, callee: FunctionCallee): void => {
  emitWithEntry(body, call(), callee.func)
  applySignature(body, callee.signature)
}

/** Calls a function of the runtime. The instruction's operands are on the stack; these constants follow them. */
export const callRuntime = (body: Body, name: RuntimeFunction, constants: readonly number[]): void => {
  for (const value of constants) advance(body, constant(BigInt(value)))
  emitCall(body, body.scope.runtime(name))
}

const lowerCall = (body: Body, { func }: InstructionOf<'call' | 'return_call'>): void => {
  const callee = calleeOf(body, func)
  if (callee.kind === 'function') emitCall(body, callee)
  else advance(body, callee.word)
}

/** What an indirect call checks: the type of the reference, and the entry in its table. */
const indirection = ({ scope }: Body, instruction: InstructionOf<'call_indirect' | 'return_call_indirect'>) => ({
  type: at(scope.types, instruction.type, 'type'),
  table: at(scope.tables, instruction.table, 'table'),
})

const lowerCallIndirect = (body: Body, instruction: InstructionOf<'call_indirect'>): void => {
  const { type, table } = indirection(body, instruction)
  emit(body, callIndirect(type.id, table))
  setHeight(body, body.height - 1)
  applySignature(body, type.signature)
}

/** A word of the machine has no frame that could take the place of this one. */
const lowerReturnCall = (body: Body, instruction: InstructionOf<'return_call'>): void => {
  const callee = calleeOf(body, instruction.func)
  if (callee.kind === 'intrinsic') {
    lowerCall(body, instruction)
    lowerReturn(body)
    return
  }
  emitTailCall(body, tailCallWords(body.frame, body.height, callee.signature.params.length))
  body.scope.entries.push({ pc: body.scope.code.pc - 1, func: callee.func })
}

const lowerReturnCallIndirect = (body: Body, instruction: InstructionOf<'return_call_indirect'>): void => {
  const { type, table } = indirection(body, instruction)
  emit(body, checkReference(type.id, table))
  emitTailCall(body, indirectTailCallWords(body.frame, body.height, type.signature.params.length))
}

const emitTailCall = (body: Body, words: readonly Word[]): void => {
  for (const word of words) emit(body, word)
  body.copiesReturnPc = true
  body.reachable = false
}

export const CALL_LOWERINGS = {
  call: lowerCall,
  call_indirect: lowerCallIndirect,
  return_call: lowerReturnCall,
  return_call_indirect: lowerReturnCallIndirect,
} as const satisfies Lowerings<'call' | 'call_indirect' | 'return_call' | 'return_call_indirect'>
