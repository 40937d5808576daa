import { aluCode } from '../../spec/index.ts'
import { unary } from './arithmetic.ts'
import { advance, type Body, setHeight } from './body.ts'
import { emitWithEntry } from './calls.ts'
import { at } from './lookup.ts'
import type { InstructionOf, Lowerings } from './lowering.ts'
import { constant, functionReference } from './words.ts'

/** References are numbers: 0 is null, a function is its type id and the pc of its entry. */

const NULL = 0n

const lowerFunctionReference = (body: Body, { func }: InstructionOf<'ref.func'>): void => {
  const callee = at(body.scope.callees, func, 'function')
  if (callee.kind === 'intrinsic') throw new RangeError('a word of the machine has no reference')
  emitWithEntry(body, functionReference(callee.typeId), callee.func)
  setHeight(body, body.height + 1)
}

export const REFERENCE_LOWERINGS = {
  'ref.null': (body) => advance(body, constant(NULL)),
  'ref.is_null': (body) => advance(body, unary(aluCode('i64', 'eqz'))),
  'ref.func': lowerFunctionReference,
} as const satisfies Lowerings<'ref.null' | 'ref.is_null' | 'ref.func'>
