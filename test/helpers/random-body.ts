import type { Random } from './random.ts'
import type { Code, FunctionType, Instruction, Limits } from './wasm-builder.ts'
import type { ValueType } from './wasm-opcodes.ts'

/** What the code of a random module can refer to. */
export interface Shape {
  readonly types: readonly FunctionType[]
  /** Type index of every function, imports first. */
  readonly functions: readonly number[]
  /** Function index of each imported function. */
  readonly imports: ReadonlyMap<string, number>
  readonly globals: readonly { readonly type: ValueType; readonly mutable: boolean }[]
  readonly memory?: Limits
  /** Function index of every table slot, or null. */
  readonly table?: readonly (number | null)[]
  /** A function that calls itself for ever, with very large frames and no effect. */
  readonly endless?: number
  /** How often an operation that may trap is left unguarded. */
  readonly danger: number
  /** Whether running out of fuel traps; else the function returns. */
  readonly fuelTraps: boolean
}

/** Globals with a purpose; random code writes only those above. */
export const FUEL = 0
/** The last index given to call_indirect, by which a host tells a null from a mismatch. */
export const LAST_INDEX = 1
/** Collects locals, so that a wrong one is seen. */
export const CHECKSUM = 2
export const FIRST_FREE_GLOBAL = 3

/** Extends a function under construction. */
export type Action = (body: Body) => void
export type TypedAction = (body: Body, type: ValueType) => void

/** A block under construction. */
interface Frame {
  /** Types that a branch to it takes. */
  readonly label: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly stack: ValueType[]
  readonly code: Instruction[]
  /** Operands below this height belong to an instruction under construction. */
  floor: number
  /** Behind an unconditional branch: operands below those known are of any type. */
  dead: boolean
}

/** A function under construction. */
export interface Body {
  readonly random: Random
  readonly shape: Shape
  /** Types of parameters and locals; the last one is a scratch i32 that random code leaves alone. */
  readonly locals: readonly ValueType[]
  /** Pushes a value of a type that comes out of a block, a loop or a call. */
  readonly byControl: TypedAction
  /** Blocks around the current point, outermost first. */
  readonly frames: Frame[]
  /** Instructions that may still be generated; what is open is closed after that. */
  budget: number
}

/** The innermost block. */
export const current = (body: Body): Frame => {
  const frame = body.frames.at(-1)
  if (frame === undefined) throw new RangeError('no open block')
  return frame
}

/** Appends an instruction that is valid here. */
export const emit = (
  body: Body,
  instruction: Instruction,
  pops: readonly ValueType[] = [],
  pushes: readonly ValueType[] = [],
): void => {
  const { stack, code } = current(body)
  stack.length = Math.max(0, stack.length - pops.length)
  stack.push(...pushes)
  code.push(instruction)
  body.budget -= 1
}

/** Appends an instruction that never continues. */
export const emitEnd = (body: Body, instruction: Instruction): void => {
  emit(body, instruction)
  const frame = current(body)
  frame.stack.length = 0
  frame.dead = true
}

/** The stack is these types, or in dead code the last of them. */
const matches = (known: readonly ValueType[], wanted: readonly ValueType[], dead: boolean): boolean =>
  (known.length === wanted.length || (dead && known.length < wanted.length)) &&
  known.every((type, i) => type === wanted[wanted.length - known.length + i])

/** Whether the operands that an instruction wants are already there. */
export const hasOperands = (body: Body, wanted: readonly ValueType[]): boolean => {
  const { stack, floor, dead } = current(body)
  return matches(stack.slice(Math.max(floor, stack.length - wanted.length)), wanted, dead && floor === 0)
}

/** Fills a new block and returns its code. */
export const inBlock = (
  body: Body,
  block: { readonly results: readonly ValueType[]; readonly label: readonly ValueType[] },
  fill: () => void,
): Code => {
  const frame: Frame = { ...block, stack: [], code: [], floor: 0, dead: false }
  body.frames.push(frame)
  fill()
  settle(body)
  body.frames.pop()
  return frame.code
}

/** Indices of locals of a type. */
export const localsOf = (body: Body, type: ValueType): readonly number[] =>
  body.locals.flatMap((local, index) => (local === type && index < body.locals.length - 1 ? [index] : []))

export const constant = (type: ValueType, value: bigint): Instruction =>
  type === 'i32' ? { op: 'i32.const', value: Number(BigInt.asIntN(32, value)) } : { op: 'i64.const', value }

/** Leaves exactly the results of the current block on its stack. */
const settle: Action = (body) => {
  const { random } = body
  const { stack, results, label, dead } = current(body)
  if (matches(stack, results, dead)) return
  if (label === results && hasOperands(body, results) && random.chance(0.5))
    return emitEnd(body, { op: 'br', index: 0 })
  while (stack.length > 0) sink(body)
  if (dead && random.chance(0.5)) return
  for (const type of results) emit(body, constant(type, random.int64()), [], [type])
}

/** Removes the top operand: into the checksum, into a local, or for good. */
export const sink: Action = (body) => {
  const { random } = body
  const type = current(body).stack.at(-1)
  const kind = type === undefined ? 0 : random.below(8)
  const targets = type === undefined ? [] : localsOf(body, type)
  if (type === undefined || kind === 0) emit(body, { op: 'drop' }, ['i32'])
  else if (kind < 4 && targets.length > 0) emit(body, { op: 'local.set', index: random.pick(targets) }, [type])
  else addToChecksum(body, type)
}

/** Takes the top operand into the checksum, where every bit and the order count. */
export const addToChecksum: TypedAction = (body, type) => {
  if (type === 'i32') emit(body, { op: 'i64.extend_i32_u' }, ['i32'], ['i64'])
  emit(body, { op: 'global.get', index: CHECKSUM }, [], ['i64'])
  emit(body, constant('i64', 5n), [], ['i64'])
  emit(body, { op: 'i64.rotl' }, ['i64', 'i64'], ['i64'])
  emit(body, { op: 'i64.add' }, ['i64', 'i64'], ['i64'])
  emit(body, { op: 'global.set', index: CHECKSUM }, ['i64'])
}
