import {
  type Action,
  type Body,
  constant,
  current,
  emit,
  FIRST_FREE_GLOBAL,
  FUEL,
  floatConstant,
  hasOperands,
  isReference,
  localsOf,
  randomConstant,
  randomType,
  sink,
  type TypedAction,
  zero,
} from './random-body.ts'
import type { Code } from './wasm-builder.ts'
import {
  type AccessRow,
  LOAD_ROWS,
  NUMERIC_ROWS,
  type NumberType,
  type NumericRow,
  REINTERPRET_ROWS,
  type ReinterpretOp,
  type Row,
  STORE_ROWS,
  type ValueType,
} from './wasm-opcodes.ts'

const PAGE_LOG2 = 16
/** What an engine may keep track of as one piece. */
const BLOCK_BYTES = 4096

type Computation = Row<NumericRow['op'] | ReinterpretOp>

const COMPUTING_ROWS: readonly Computation[] = [...NUMERIC_ROWS, ...REINTERPRET_ROWS]

export const dangerous = ({ random, shape }: Body): boolean => random.chance(shape.danger)
export const isFull = ({ budget, frames }: Body): boolean => budget <= 0 || frames.length > 12

/** Uses the operands that are there, or pushes new ones. */
export const operands = (body: Body, types: readonly ValueType[]): void => {
  if (types.length === 0 || (hasOperands(body, types) && body.random.chance(0.6))) return
  for (const type of types) produce(body, type)
}

export const i32 = (body: Body, value: number): void => emit(body, constant('i32', BigInt(value)), [], ['i32'])

export const binary = (body: Body, op: NumericRow['op'], type: NumberType): void =>
  emit(body, { op }, [type, type], [type])

/** Pushes an unsigned number below a power of two. */
export const masked = (body: Body, bits: number): void => {
  produce(body, 'i32')
  i32(body, 2 ** bits - 1)
  binary(body, 'i32.and', 'i32')
}

/** Takes fuel, and leaves the function when there is none. */
export const useFuel = (body: Body, cost: number): void => {
  emit(body, { op: 'global.get', index: FUEL }, [], ['i32'])
  i32(body, cost)
  binary(body, 'i32.sub', 'i32')
  emit(body, { op: 'global.set', index: FUEL }, ['i32'])
  emit(body, { op: 'global.get', index: FUEL }, [], ['i32'])
  i32(body, 0)
  emit(body, { op: 'i32.lt_s' }, ['i32', 'i32'], ['i32'])
  const results = body.frames[0]?.results ?? []
  const leave: Code = body.shape.fuelTraps ? [{ op: 'unreachable' }] : [...results.map(zero), { op: 'return' }]
  emit(body, { op: 'if', type: 'empty', body: leave }, ['i32'])
}

/** Pushes a value in one instruction. */
export const leaf: TypedAction = (body, type) => {
  const { random, shape } = body
  const locals = localsOf(body, type)
  const globals = shape.globals.flatMap((global, index) => (global.type === type && index !== FUEL ? [index] : []))
  const kind = random.below(8)
  if (kind < 4 && locals.length > 0) return emit(body, { op: 'local.get', index: random.pick(locals) }, [], [type])
  if (kind === 4 && globals.length > 0) return emit(body, { op: 'global.get', index: random.pick(globals) }, [], [type])
  if (kind === 5 && type === 'i32' && shape.memory) return emit(body, { op: 'memory.size' }, [], ['i32'])
  if (type === 'funcref' && shape.declared.length > 0 && random.chance(0.7))
    return emit(body, { op: 'ref.func', index: random.pick(shape.declared) }, [], ['funcref'])
  emit(body, randomConstant(random, type), [], [type])
}

/** Pushes one value of a type, and takes none that is there. */
export const produce: TypedAction = (body, type) => {
  const frame = current(body)
  const { floor } = frame
  frame.floor = frame.stack.length
  if (isFull(body) || body.random.chance(0.5)) leaf(body, type)
  else compute(body, type)
  frame.floor = floor
}

const compute: TypedAction = (body, type) => {
  const { random, shape } = body
  const kind = random.below(20)
  const loads = LOAD_ROWS.filter((row) => row.type === type)
  if (kind < 3 && shape.memory && loads.length > 0) load(body, random.pick(loads))
  else if (kind === 3) select(body, type)
  else if (kind < 8) body.byControl(body, type)
  else if (isReference(type) || (type === 'i32' && kind === 8)) body.byTable(body, type)
  else numeric(body, random.pick(COMPUTING_ROWS.filter((row) => row.result === type)))
}

export const numeric = (body: Body, row: Computation): void => {
  if (/div_|rem/.test(row.op)) divide(body, row)
  else if (/sh[lr]|rot/.test(row.op) && body.random.chance(0.5)) shift(body, row)
  else if (/trunc_f/.test(row.op)) truncated(body, row)
  else operands(body, row.params)
  emit(body, { op: row.op }, row.params, [row.result])
}

/** Any conversion, by which values change their type. */
export const convert: Action = (body) =>
  numeric(body, body.random.pick(COMPUTING_ROWS.filter(({ params, result }) => params[0] !== result)))

/** Any computation. */
export const calculate: Action = (body) => numeric(body, body.random.pick(COMPUTING_ROWS))

/** Pushes operands of a division: any, or a pair that traps, or most often a divisor that is not 0. */
const divide = (body: Body, { params, result }: Computation): void => {
  const unguarded = dangerous(body)
  const value = (number: bigint) => emit(body, constant(result, number), [], [result])
  if (unguarded && body.random.chance(0.5)) {
    const byZero = body.random.chance(0.5)
    value(result === 'i32' ? -(2n ** 31n) : -(2n ** 63n))
    value(byZero ? 0n : -1n)
    return
  }
  operands(body, params)
  if (unguarded) return
  value(1n)
  binary(body, result === 'i32' ? 'i32.or' : 'i64.or', result)
}

/** Pushes operands of a shift or rotation by a count at a boundary. */
const shift = (body: Body, { params, result }: Computation): void => {
  operands(body, params.slice(1))
  emit(body, constant(result, body.random.pick([0n, 1n, 31n, 32n, 33n, 63n, 64n, -1n])), [], [result])
}

/** Pushes a float whose integer part the result holds, unless danger strikes. */
const truncated = (body: Body, row: Computation): void => {
  const { random } = body
  const type = row.params[0] === 'f32' ? 'f32' : 'f64'
  const signed = row.op.endsWith('_s')
  const bits = row.result === 'i32' ? 32 : 64
  const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1)] : [0, 2 ** bits]
  const within = [low, signed ? low : -0.75, 0.5, -0, 1.5, high * (1 - 2 ** (type === 'f32' ? -24 : -53))]
  const unguarded = dangerous(body)
  const value = (number: number) => emit(body, floatConstant(type, number), [], [type])
  if (unguarded && random.chance(0.5)) operands(body, row.params)
  else if (unguarded) value(random.pick([low - 1, low - 2 ** 40, high, NaN]))
  else if (random.chance(0.3)) value(random.pick(within))
  else scaled(body, type, signed, bits)
}

/** Pushes a float with a fraction whose integer part has fewer bits than that. */
const scaled = (body: Body, type: 'f32' | 'f64', signed: boolean, bits: number): void => {
  operands(body, ['i32'])
  emit(body, { op: `${type}.convert_i32_s` }, ['i32'], [type])
  if (!signed) emit(body, { op: `${type}.abs` }, [type], [type])
  const scales = bits === 32 ? [0.25, 0.3, 0.5, 1e-4] : [0.3, 0.5, 1.5, 2.5e8, 4e9]
  emit(body, floatConstant(type, body.random.pick(scales)), [], [type])
  binary(body, `${type}.mul`, type)
}

/** References say what they select between, numbers seldom. */
export const select: TypedAction = (body, type) => {
  operands(body, [type, type, 'i32'])
  const typed = isReference(type) || body.random.chance(0.3)
  emit(body, typed ? { op: 'select_t', type } : { op: 'select' }, [type, type, 'i32'], [type])
}

/** Pushes an address and returns an offset so that `bytes` bytes there are within memory, unless danger strikes. */
export const address = (body: Body, bytes: number): number => {
  const { random } = body
  // Accesses are many: if each were in as much danger as other operations, hardly a program would trap otherwise.
  const unguarded = dangerous(body) && random.chance(0.3)
  if (random.chance(0.2)) {
    fromEndOfMemory(body, bytes - (unguarded ? random.pick([1, 1, random.below(bytes)]) : 0))
    return 0
  }
  if (random.chance(0.1)) i32(body, BLOCK_BYTES * (1 + random.below(7)) - random.below(bytes))
  else if (unguarded && random.chance(0.7)) produce(body, 'i32')
  else masked(body, random.pick([4, 6, 6, 8, 8, 12, 15]))
  if (random.chance(0.2)) return 0
  if (unguarded) return random.pick([0xffffffff, 0x80000000, 0x10000, 0xfff9])
  return random.chance(0.3) ? random.below(0x7ff0) : random.below(40)
}

const fromEndOfMemory = (body: Body, distance: number): void => {
  emit(body, { op: 'memory.size' }, [], ['i32'])
  i32(body, PAGE_LOG2)
  binary(body, 'i32.shl', 'i32')
  i32(body, distance)
  binary(body, 'i32.sub', 'i32')
}

/** The alignment is a hint: any up to the natural one. */
const alignment = ({ random }: Body, { bytes }: AccessRow): number => random.below(Math.log2(bytes) + 1)

export const load = (body: Body, row: (typeof LOAD_ROWS)[number]): void => {
  const offset = address(body, row.bytes)
  emit(body, { op: row.op, alignLog2: alignment(body, row), offset }, ['i32'], [row.type])
}

export const store: Action = (body) => {
  if (!body.shape.memory) return
  const row = body.random.pick(STORE_ROWS)
  const offset = address(body, row.bytes)
  produce(body, row.type)
  emit(body, { op: row.op, alignLog2: alignment(body, row), offset }, ['i32', row.type])
}

/** By a little, or by more than any memory may have: between the two an engine is free to refuse. */
export const grow: Action = (body) => {
  const { random, shape } = body
  if (!shape.memory) return
  if (shape.memory.maximum === undefined || random.chance(0.2)) i32(body, random.pick([0, 0x10001, 0x7fffffff, -1]))
  else masked(body, 2)
  emit(body, { op: 'memory.grow' }, ['i32'], ['i32'])
}

export const setLocal: Action = (body) => {
  const { random } = body
  const type = randomType(random)
  const targets = localsOf(body, type)
  if (targets.length === 0) return
  operands(body, [type])
  const index = random.pick(targets)
  if (random.chance(0.6)) emit(body, { op: 'local.set', index }, [type])
  else emit(body, { op: 'local.tee', index }, [type], [type])
}

export const setGlobal: Action = (body) => {
  const { random, shape } = body
  const targets = shape.globals.flatMap(({ mutable }, index) => (mutable && index >= FIRST_FREE_GLOBAL ? [index] : []))
  if (targets.length === 0) return
  const index = random.pick(targets)
  const type = shape.globals[index]?.type ?? 'i32'
  operands(body, [type])
  emit(body, { op: 'global.set', index }, [type])
}

export const drop: Action = (body) => {
  if (current(body).stack.length > 0 || current(body).dead) sink(body)
}
