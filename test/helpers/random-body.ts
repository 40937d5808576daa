import { floatBits, programFloat } from './float-constants.ts'
import type { Random } from './random.ts'
import type { Code, FunctionType, Instruction, Limits } from './wasm-builder.ts'
import type { NumberType, ReferenceType, ValueType } from './wasm-opcodes.ts'

export interface TableShape {
  readonly element: ReferenceType
  /** Entries that it has at any time. */
  readonly minimum: number
  /** Function index of every entry, or null, of a table that no instruction changes. */
  readonly fixed?: readonly (number | null)[]
  /** Index of a type: unless danger strikes, every entry is null or a function of that type. */
  readonly callee?: number
}

export interface SegmentShape {
  readonly length: number
  /** It is there until danger strikes; others are dropped at any time, or from the start. */
  readonly lasting: boolean
}

export interface ElementShape extends SegmentShape {
  readonly element: ReferenceType
  /** As that of a table. */
  readonly callee?: number
}

/** What the code of a random module can refer to. */
export interface Shape {
  readonly types: readonly FunctionType[]
  /** Type index of every function, imports first. */
  readonly functions: readonly number[]
  /** Function index of each imported function. */
  readonly imports: ReadonlyMap<string, number>
  readonly globals: readonly { readonly type: ValueType; readonly mutable: boolean }[]
  readonly memory?: Limits
  readonly tables: readonly TableShape[]
  readonly elements: readonly ElementShape[]
  readonly data: readonly SegmentShape[]
  /** The code may name data segments. */
  readonly dataCounted: boolean
  /** Functions that code may refer to. */
  readonly declared: readonly number[]
  /** A function that calls itself for ever, with very large frames and no effect. */
  readonly endless?: number
  /** How often an operation that may trap is left unguarded. */
  readonly danger: number
  /** Whether running out of fuel traps; else the function returns. */
  readonly fuelTraps: boolean
}

/** Globals with a purpose; random code writes only those above. */
export const FUEL = 0
/** Collects locals, so that a wrong one is seen. */
export const CHECKSUM = 1
export const FIRST_FREE_GLOBAL = 2

const TYPES: readonly ValueType[] = [
  ...Array<'i32'>(5).fill('i32'),
  ...Array<'i64'>(4).fill('i64'),
  ...Array<'f32'>(4).fill('f32'),
  ...Array<'f64'>(4).fill('f64'),
  ...(['funcref', 'funcref', 'externref'] as const),
]

/** Numbers more often than references. */
export const randomType = (random: Random): ValueType => random.pick(TYPES)

export const isReference = (type: ValueType): type is ReferenceType => type === 'funcref' || type === 'externref'

/** Indices of the types equal to one: a type is its structure. */
export const sameTypes = (types: readonly FunctionType[], index: number): readonly number[] => {
  const key = JSON.stringify(types[index])
  return types.flatMap((type, i) => (JSON.stringify(type) === key ? [i] : []))
}

/** Extends a function under construction. */
export type Action = (body: Body) => void
export type TypedAction = (body: Body, type: ValueType) => void

/** A block under construction. */
interface Frame {
  /** Types that a branch to it takes. */
  readonly label: readonly ValueType[]
  readonly results: readonly ValueType[]
  /** Types of the operands, the top one last. */
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
  /** Types of parameters and locals. */
  readonly locals: readonly ValueType[]
  /** Pushes a value of a type that comes out of a block, a loop or a call. */
  readonly byControl: TypedAction
  /** Pushes a reference out of a table, or a number that tells something of one. */
  readonly byTable: TypedAction
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
  block: FunctionType & { readonly label: readonly ValueType[] },
  fill: () => void,
): Code => {
  const { params, results, label } = block
  const frame: Frame = { results, label, stack: [...params], code: [], floor: 0, dead: false }
  body.frames.push(frame)
  fill()
  settle(body)
  body.frames.pop()
  return frame.code
}

/** Indices of locals of a type. */
export const localsOf = (body: Body, type: ValueType): readonly number[] =>
  body.locals.flatMap((local, index) => (local === type ? [index] : []))

/** Bits as a constant. */
const ofBits = (type: NumberType, bits: bigint): Instruction => {
  switch (type) {
    case 'i32':
      return { op: 'i32.const', value: Number(BigInt.asIntN(32, bits)) }
    case 'i64':
      return { op: 'i64.const', value: BigInt.asIntN(64, bits) }
    case 'f32':
      return { op: 'f32.const', bits: Number(bits) }
    default:
      return { op: 'f64.const', bits }
  }
}

/** A number as a constant of a type. */
export const constant = (type: NumberType, value: bigint): Instruction =>
  ofBits(type, type === 'f32' || type === 'f64' ? floatBits(type, Number(value)) : value)

export const floatConstant = (type: 'f32' | 'f64', value: number): Instruction => ofBits(type, floatBits(type, value))

/** Zero, or a null reference. */
export const zero = (type: ValueType): Instruction =>
  isReference(type) ? { op: 'ref.null', type } : constant(type, 0n)

/** A random constant, or a null reference. */
export const randomConstant = (random: Random, type: ValueType): Instruction => {
  if (isReference(type)) return zero(type)
  return ofBits(type, type === 'f32' || type === 'f64' ? programFloat(random, type) : random.int64())
}

/** Leaves exactly the results of the current block on its stack. */
const settle: Action = (body) => {
  const { random } = body
  const { stack, results, label, dead } = current(body)
  if (matches(stack, results, dead)) return
  if (label === results && hasOperands(body, results) && random.chance(0.5))
    return emitEnd(body, { op: 'br', index: 0 })
  while (stack.length > 0) sink(body)
  if (dead && random.chance(0.5)) return
  for (const type of results) emit(body, randomConstant(random, type), [], [type])
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

/** Takes the top operand into the checksum, where every bit and the order count; of a reference whether it is null. */
export const addToChecksum: TypedAction = (body, type) => {
  const step = (
    op: 'ref.is_null' | 'i32.reinterpret_f32' | 'i64.reinterpret_f64' | 'i64.extend_i32_u',
    to: ValueType,
  ) => emit(body, { op }, [current(body).stack.at(-1) ?? type], [to])
  if (isReference(type)) step('ref.is_null', 'i32')
  if (type === 'f32') step('i32.reinterpret_f32', 'i32')
  if (type === 'f64') step('i64.reinterpret_f64', 'i64')
  if (current(body).stack.at(-1) === 'i32') step('i64.extend_i32_u', 'i64')
  emit(body, { op: 'global.get', index: CHECKSUM }, [], ['i64'])
  emit(body, constant('i64', 5n), [], ['i64'])
  emit(body, { op: 'i64.rotl' }, ['i64', 'i64'], ['i64'])
  emit(body, { op: 'i64.add' }, ['i64', 'i64'], ['i64'])
  emit(body, { op: 'global.set', index: CHECKSUM }, ['i64'])
}
