import { CONTROL, type Signature } from '../../spec/index.ts'
import type { InstructionWord } from '../machine/word.ts'
import type { Body } from './body.ts'
import {
  i32Const,
  i64Const,
  localGet,
  localSet,
  type NativeType,
  nativeType,
  opcode,
  TYPE,
  unsigned,
} from './encoding.ts'
import { Segment } from './flow.ts'
import { intrinsicOf } from './listing.ts'
import { emitCheckedReference, emitIntrinsic } from './regions.ts'
import { NativeUnsupported } from './unsupported.ts'

/**
 * Calls. The counter goes along as the last argument and comes back as the last result, exact on both ways; in its low
 * bits goes sp at the callee's entry, and the first slot of the callee's frame comes back, which no tail call changes.
 */

/** The slot of the return pc. */
const RETURN_PC = 1

interface Callee {
  readonly signature: Signature
  /** The engine's call; the arguments and the counter are on its stack. */
  readonly code: readonly number[]
}

const emitFrameCall = (body: Body, { signature, code }: Callee): void => {
  const params = signature.params.length
  const results = signature.results.map(nativeType)
  body.needOnly(params)
  const frame = body.slotOf(body.operands.length - params)
  const given = body.constant(body.pending(), frame + params + RETURN_PC)
  body.bytes.defer(() => [...localGet(body.counter), ...i64Const(given()), ...opcode('i64.add')])
  body.put(code)
  body.pop(params)
  returnedFrom(body, results, frame)
}

/** Behind a call: the results, and the counter less what is charged ahead from here on. */
const returnedFrom = (body: Body, results: readonly NativeType[], frame: number): void => {
  const segment = new Segment()
  body.segment = segment
  const back = body.constant(() => -segment.potential, -frame)
  body.bytes.defer(() => [...i64Const(back()), ...opcode('i64.add'), ...localSet(body.counter)])
  for (const type of results) body.push(type)
  body.flush()
  const pc = body.source.pcs[body.at + 1]!
  body.env.site(pc, { func: body.func, kind: 'call', at: body.at, operands: [...body.operands] })
  body.check(pc, results.length, body.exhausted)
}

const indirectCode = (reference: number): number[] => [...localGet(reference), ...opcode('i32.wrap_i64')]

const typeCode = (body: Body, signature: Signature): number[] => [...unsigned(body.env.typeIndex(signature)), 0]

const CALL = 0x10
const CALL_INDIRECT = 0x11
const RETURN_CALL = 0x12
const RETURN_CALL_INDIRECT = 0x13

/** The words are constants that the lowering pushes, then the CALL. */
export const emitCall = (body: Body): void => {
  const words = body.env.listing.words(body.pc, body.pc + body.words)
  const last = words.at(-1)!
  if (last.control === CONTROL.CALL) emitLinkedCall(body, words, last.immLo)
  else emitIntrinsic(body, intrinsicOf(last))
}

const emitLinkedCall = (body: Body, words: readonly InstructionWord[], entryPc: number): void => {
  const { entries, sources, functionIndex } = body.env
  for (const { immLo } of words.slice(0, -1)) {
    body.put(i32Const(immLo))
    body.push(TYPE.i32)
  }
  const func = entries.get(entryPc)!
  body.charge(body.words)
  emitFrameCall(body, {
    signature: sources[func]!.signature,
    code: [CALL, ...unsigned(functionIndex(func))],
  })
}

export const emitCallIndirect = (body: Body, type: number): void => {
  const { signature } = body.source.places.types[type]!
  const reference = emitCheckedReference(body)
  body.charge(body.words)
  const code = [...indirectCode(reference), CALL_INDIRECT, ...typeCode(body, signature)]
  emitFrameCall(body, { signature, code })
}

const emitFrameTailCall = (body: Body, { signature, code }: Callee): void => {
  const params = signature.params.length
  body.need(params, true)
  body.charge(body.words)
  const given = body.constant(body.pending(), params - body.args)
  body.bytes.defer(() => [...localGet(body.counter), ...i64Const(given()), ...opcode('i64.add')])
  body.put(code)
  body.reachable = false
}

export const emitReturnCall = (body: Body): void => {
  const { listing, entries, sources } = body.env
  const last = listing.word(body.pc + body.words - 1)
  const func = entries.get(last.immLo)
  if (func === undefined) throw new NativeUnsupported('a tail call of an intrinsic')
  emitFrameTailCall(body, {
    signature: sources[func]!.signature,
    code: [RETURN_CALL, ...unsigned(body.env.functionIndex(func))],
  })
}

export const emitReturnCallIndirect = (body: Body, type: number): void => {
  const { signature } = body.source.places.types[type]!
  const reference = emitCheckedReference(body)
  const code = [...indirectCode(reference), RETURN_CALL_INDIRECT, ...typeCode(body, signature)]
  emitFrameTailCall(body, { signature, code })
}
