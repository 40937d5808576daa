import { type Signature, STACK_LIMIT } from '../../spec/index.ts'
import { type Instruction, instructionText } from '../binary/instruction.ts'
import type { FunctionBody } from '../binary/module.ts'
import { isMemoryInstruction, MEMORY_WORDS, NUMERIC_WORDS } from './arithmetic.ts'
import {
  lowerBlock,
  lowerBranch,
  lowerBranchIf,
  lowerBranchTable,
  lowerElse,
  lowerEnd,
  lowerReturn,
  openLabel,
} from './blocks.ts'
import { advance, type Body, emit, type Scope, setHeight } from './body.ts'
import { arityOf, localDepth } from './control.ts'
import { ProgramTooLarge } from './errors.ts'
import { at } from './lookup.ts'
import * as words from './words.ts'

/** Emits the words of a function and gives the pc of its entry. `func` is its index in the program. */
export const lowerFunction = (scope: Scope, func: number, signature: Signature, source: FunctionBody): number => {
  const locals = source.locals.reduce((sum, { count }) => sum + count, 0)
  const body: Body = {
    scope,
    frame: { args: signature.params.length, locals, results: arityOf(signature.results) },
    labels: [],
    height: 0,
    greatestHeight: 0,
    reachable: true,
    origin: { func, offset: source.offset, instruction: 'enter' },
  }
  const entryPc = emit(body, words.enter(locals, 0))
  openLabel(body, 'function', body.frame.results, null)
  for (const instruction of source.body) lowerInstruction(body, func, instruction)
  scope.code.setImmLo(entryPc, enterImmediate(body, func))
  return entryPc
}

/** Of the callee of the deepest call: its return pc stands above this function's operands. */
const RETURN_PC_SLOTS = 1

/** The only table stands at the start of TABLES. */
const TABLE_BASE = 0

/** Slots above sp at entry that the function may use, and those that the program's stack lacks. */
const enterImmediate = ({ scope, frame, greatestHeight }: Body, func: number): number => {
  const need = frame.locals + greatestHeight + RETURN_PC_SLOTS
  const limit = STACK_LIMIT - scope.stackReserve
  if (need > limit) throw new ProgramTooLarge(`stack slots of function ${func}`, need, limit)
  return need + scope.stackReserve
}

const lowerInstruction = (body: Body, func: number, instruction: Instruction): void => {
  const { op, offset } = instruction
  if (!body.reachable && op !== 'block' && op !== 'loop' && op !== 'if' && op !== 'else' && op !== 'end') return
  body.origin = { func, offset, instruction: instructionText(instruction) }
  const word = NUMERIC_WORDS.get(op)
  if (word !== undefined) advance(body, word)
  else if (isMemoryInstruction(instruction)) {
    advance(body, MEMORY_WORDS[instruction.op](instruction.displacement))
  } else lowerOther(body, instruction)
}

/** Everything but arithmetic and memory access. */
const lowerOther = (body: Body, instruction: Instruction): void => {
  switch (instruction.op) {
    case 'nop':
      break
    case 'block':
    case 'loop':
    case 'if':
      lowerBlock(body, instruction)
      break
    case 'else':
      lowerElse(body)
      break
    case 'end':
      lowerEnd(body)
      break
    case 'br':
      lowerBranch(body, instruction.label)
      break
    case 'br_if':
      lowerBranchIf(body, instruction.label)
      break
    case 'br_table':
      lowerBranchTable(body, instruction.labels)
      break
    case 'return':
      lowerReturn(body)
      break
    case 'unreachable':
      lowerUnreachable(body)
      break
    case 'call':
      lowerCall(body, instruction.func)
      break
    case 'call_indirect':
      lowerCallIndirect(body, instruction.type)
      break
    default:
      advance(body, plainWord(body, instruction))
  }
}

const lowerUnreachable = (body: Body): void => {
  emit(body, words.unreachable())
  body.reachable = false
}

/** Instructions of one word that knows its operands' depths. */
const plainWord = ({ frame, height, scope }: Body, instruction: Instruction): words.Word => {
  switch (instruction.op) {
    case 'i32.const':
    case 'i64.const':
      return words.constant(instruction.value)
    case 'local.get':
      return words.localGet(localDepth(frame, instruction.local, height))
    case 'local.set':
      return words.localSet(localDepth(frame, instruction.local, height))
    case 'local.tee':
      return words.localTee(localDepth(frame, instruction.local, height))
    case 'global.get':
      return words.globalGet(scope.firstGlobal + instruction.global)
    case 'global.set':
      return words.globalSet(scope.firstGlobal + instruction.global)
    case 'memory.size':
      return words.memorySize()
    case 'memory.grow':
      return words.memoryGrow(scope.growLimit)
    case 'select':
      return words.select()
    case 'drop':
      return words.drop()
    default:
      throw new RangeError(`no lowering of ${instruction.op}`)
  }
}

const lowerCall = (body: Body, index: number): void => {
  const callee = at(body.scope.callees, index, 'function')
  if (callee.kind === 'intrinsic') {
    advance(body, callee.word)
    return
  }
  const pc = emit(body, words.call())
  body.scope.calls.push({ pc, func: callee.func })
  applySignature(body, callee.signature)
}

const lowerCallIndirect = (body: Body, index: number): void => {
  const type = at(body.scope.types, index, 'type')
  emit(body, words.callIndirect(type.id, TABLE_BASE, body.scope.tableCapacityLog2))
  setHeight(body, body.height - 1)
  applySignature(body, type.signature)
}

const applySignature = (body: Body, { params, results }: Signature): void =>
  setHeight(body, body.height - params.length + results.length)
