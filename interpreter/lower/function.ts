import { type Signature, STACK_LIMIT } from '../../spec/index.ts'
import { type Instruction, instructionText, type Op } from '../binary/instruction.ts'
import type { FunctionBody } from '../binary/module.ts'
import { NUMERIC_WORDS, type NumericOp, type Reinterpretation } from './arithmetic.ts'
import { BLOCK_LOWERINGS, openLabel } from './blocks.ts'
import { advance, type Body, emit, type Scope } from './body.ts'
import { CALL_LOWERINGS } from './calls.ts'
import { ProgramTooLarge } from './errors.ts'
import type { Lowerings } from './lowering.ts'
import { MEMORY_LOWERINGS } from './memory.ts'
import type { LoweredCode } from './program.ts'
import { REFERENCE_LOWERINGS } from './references.ts'
import { TABLE_LOWERINGS } from './tables.ts'
import { VARIABLE_LOWERINGS } from './variables.ts'
import { enter } from './words.ts'

/** Emits the words of a function and says where they stand. `func` is its index in the program. */
export const lowerFunction = (scope: Scope, func: number, signature: Signature, source: FunctionBody): LoweredCode => {
  const [args, results] = [signature.params.length, signature.results.length]
  const locals = source.locals.reduce((sum, { count }) => sum + count, 0)
  const body: Body = {
    scope,
    frame: { args, locals, results },
    labels: [],
    height: 0,
    greatestHeight: 0,
    copiesReturnPc: false,
    reachable: true,
    origin: { func, offset: source.offset, instruction: 'enter' },
  }
  const entryPc = emitEntry(body, locals)
  openLabel(body, { kind: 'function', params: 0, results, toElse: null })
  const pcs = source.body.map((instruction) => {
    const { pc } = scope.code
    lowerInstruction(body, func, instruction)
    return pc
  })
  scope.code.setImmLo(entryPc, enterImmediate(body, func))
  const { types, tables, globalTypes } = scope
  return { signature, source, places: { types, tables, globalTypes }, entryPc, pcs: [...pcs, scope.code.pc] }
}

/** The clocks of a game count steps: a step must not clear as many slots as a module likes. */
const LOCALS_PER_STEP = 256

/** The first word is to check that the stack has room for the whole frame; the others follow where locals are many. */
const emitEntry = (body: Body, locals: number): number => {
  const entryPc = emit(body, enter(Math.min(locals, LOCALS_PER_STEP), 0))
  for (let left = locals - LOCALS_PER_STEP; left > 0; left -= LOCALS_PER_STEP) {
    emit(body, enter(Math.min(left, LOCALS_PER_STEP), 0))
  }
  return entryPc
}

/** Of the callee of the deepest call: its return pc stands above this function's operands. */
const RETURN_PC_SLOTS = 1

/** Slots above sp at entry that the function may use, and those that the program's stack lacks. */
const enterImmediate = (body: Body, func: number): number => {
  const copySlots = body.copiesReturnPc ? 1 : 0
  const need = body.frame.locals + body.greatestHeight + RETURN_PC_SLOTS + copySlots
  const limit = STACK_LIMIT - body.scope.stackReserve
  if (need > limit) throw new ProgramTooLarge(`stack slots of function ${func}`, need, limit)
  return need + body.scope.stackReserve
}

const nothing = (): void => undefined

const NO_WORDS: Lowerings<'nop' | Reinterpretation> = {
  nop: nothing,
  'i32.reinterpret_f32': nothing,
  'i64.reinterpret_f64': nothing,
  'f32.reinterpret_i32': nothing,
  'f64.reinterpret_i64': nothing,
}

const LOWERINGS: Lowerings<Exclude<Op, NumericOp>> = {
  ...NO_WORDS,
  ...BLOCK_LOWERINGS,
  ...CALL_LOWERINGS,
  ...VARIABLE_LOWERINGS,
  ...REFERENCE_LOWERINGS,
  ...MEMORY_LOWERINGS,
  ...TABLE_LOWERINGS,
}

/** Blocks nest in code that cannot be reached, too. */
const OF_DEAD_CODE: ReadonlySet<Op> = new Set<Op>(['block', 'loop', 'if', 'else', 'end'])

const lowerInstruction = (body: Body, func: number, instruction: Instruction): void => {
  const { op, offset } = instruction
  if (!body.reachable && !OF_DEAD_CODE.has(op)) return
  body.origin = { func, offset, instruction: instructionText(instruction) }
  const word = NUMERIC_WORDS.get(op)
  if (word !== undefined) advance(body, word)
  else loweringOf(instruction)(body, instruction)
}

/** Each lowering stands under the name of its own instruction, which TypeScript cannot follow through the table. */
const loweringOf = ({ op }: Instruction) =>
  LOWERINGS[op as Exclude<Op, NumericOp>] as (body: Body, instruction: Instruction) => void
