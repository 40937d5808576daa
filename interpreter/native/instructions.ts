import { ALU } from '../../spec/index.ts'
import type { Instruction, Op } from '../binary/instruction.ts'
import type { InstructionOf } from '../lower/lowering.ts'
import type { Body } from './body.ts'
import { emitBranch, emitBranchIf, emitBranchTable, emitReturnBranch } from './branches.ts'
import { emitCall, emitCallIndirect, emitReturnCall, emitReturnCallIndirect } from './calls.ts'
import { emitBlock, emitIf, emitLoop, emitUnreachable } from './control.ts'
import { f32Const, f64Const, i32Const, i64Const, localGet, localSet, localTee, opcode, TYPE } from './encoding.ts'
import { emitLoad, emitMemoryGrow, emitMemorySize, emitStore } from './memory.ts'
import { arrows, keepsNanBits, makesNan } from './operands.ts'
import { emitGlobalGet, emitGlobalSet, emitSegmentDrop, emitTableGet, emitTableSet, globalType } from './regions.ts'

/** One instruction after another. */

const emitNumeric = (body: Body, op: Instruction['op']): void => {
  const { takes, leaves } = arrows(op)
  body.need(takes.length, keepsNanBits(op))
  body.pop(takes.length)
  body.charge(body.words)
  body.put(opcode(op))
  body.push(leaves, makesNan(op))
}

const emitLocalGet = (body: Body, local: number): void => {
  body.charge(body.words)
  body.put(localGet(body.localIndex(local)))
  body.push(body.locals[local]!, body.rawLocals.has(local), local)
}

const emitLocalSet = (body: Body, local: number, keeps: boolean): void => {
  const raw = body.rawLocals.has(local)
  body.need(1, !raw)
  body.charge(body.words)
  const index = body.localIndex(local)
  body.put(keeps ? localTee(index) : localSet(index))
  body.pop(1)
  body.forget(local)
  if (keeps) body.push(body.locals[local]!, raw, local)
}

/** Its result is raw if both are: of a NaN that was only moved all bits count. */
const emitSelect = (body: Body): void => {
  const [a, b] = body.operands.slice(-3)
  const raw = a!.raw && b!.raw
  body.need(3, !raw)
  body.pop(3)
  body.charge(body.words)
  body.put(opcode('select'))
  body.push(a!.type, raw)
}

const emitDrop = (body: Body): void => {
  body.need(1)
  body.pop(1)
  body.charge(body.words)
  body.put(opcode('drop'))
}

const emitConstant = (body: Body, code: readonly number[], type: (typeof TYPE)[keyof typeof TYPE]): void => {
  body.charge(body.words)
  body.put(code)
  body.push(type)
}

/** References are constants of the lowering. */
const emitReference = (body: Body): void => {
  const { immHi, immLo } = body.env.listing.word(body.pc)
  emitConstant(body, i64Const((BigInt(immHi) << 32n) | BigInt(immLo)), TYPE.i64)
}

const emitIsNull = (body: Body): void => {
  body.need(1)
  body.pop(1)
  body.charge(body.words)
  body.put(opcode('i64.eqz'))
  body.push(TYPE.i32)
}

/** The memory is linear memory, whose size the machine knows by itself. */
const isLinear = (body: Body): boolean => {
  const { alu } = body.env.listing.word(body.pc)
  return alu === ALU.PAGES || alu === ALU.GROW
}

/** The size of a table, or of a window: a global. */
const emitSize = (body: Body): void => emitGlobalGet(body, TYPE.i32)

type Emitters<K extends Op> = { readonly [P in K]: (body: Body, instruction: InstructionOf<P>) => void }

const CONTROL_EMITTERS = {
  nop: () => undefined,
  unreachable: emitUnreachable,
  block: emitBlock,
  loop: emitLoop,
  if: emitIf,
  br: (body, { label }) => emitBranch(body, label),
  br_if: (body, { label }) => emitBranchIf(body, label),
  br_table: emitBranchTable,
  return: emitReturnBranch,
  call: emitCall,
  call_indirect: (body, { type }) => emitCallIndirect(body, type),
  return_call: emitReturnCall,
  return_call_indirect: (body, { type }) => emitReturnCallIndirect(body, type),
} as const satisfies Partial<Emitters<Op>>

const VALUE_EMITTERS = {
  drop: emitDrop,
  select: emitSelect,
  select_t: emitSelect,
  'local.get': (body, { local }) => emitLocalGet(body, local),
  'local.set': (body, { local }) => emitLocalSet(body, local, false),
  'local.tee': (body, { local }) => emitLocalSet(body, local, true),
  'global.get': (body, { global }) => emitGlobalGet(body, globalType(body, global)),
  'global.set': (body, { global }) => emitGlobalSet(body, globalType(body, global)),
  'i32.const': (body, { value }) => emitConstant(body, i32Const(Number(value)), TYPE.i32),
  'i64.const': (body, { value }) => emitConstant(body, i64Const(value), TYPE.i64),
  'f32.const': (body, { value }) => emitConstant(body, f32Const(value), TYPE.f32),
  'f64.const': (body, { value }) => emitConstant(body, f64Const(value), TYPE.f64),
  'ref.null': emitReference,
  'ref.func': emitReference,
  'ref.is_null': emitIsNull,
} as const satisfies Partial<Emitters<Op>>

const STATE_EMITTERS = {
  'memory.size': (body) => (isLinear(body) ? emitMemorySize(body) : emitSize(body)),
  'memory.grow': (body) => (isLinear(body) ? emitMemoryGrow(body) : emitCall(body)),
  'memory.fill': emitCall,
  'memory.copy': emitCall,
  'memory.init': emitCall,
  'data.drop': emitSegmentDrop,
  'elem.drop': emitSegmentDrop,
  'table.get': emitTableGet,
  'table.set': emitTableSet,
  'table.size': emitSize,
  'table.grow': emitCall,
  'table.fill': emitCall,
  'table.copy': emitCall,
  'table.init': emitCall,
} as const satisfies Partial<Emitters<Op>>

const EMITTERS: Partial<Record<Op, unknown>> = { ...CONTROL_EMITTERS, ...VALUE_EMITTERS, ...STATE_EMITTERS }

/** Emits one instruction; blocks are closed by who goes through the body. */
export const emitInstruction = (body: Body, instruction: Instruction): void => {
  const emit = EMITTERS[instruction.op] as ((body: Body, instruction: Instruction) => void) | undefined
  if (emit !== undefined) emit(body, instruction)
  else if (!('displacement' in instruction)) emitNumeric(body, instruction.op)
  else if (instruction.op.includes('store')) emitStore(body, instruction)
  else emitLoad(body, instruction)
}
