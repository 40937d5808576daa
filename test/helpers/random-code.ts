import type { Random } from './random.ts'
import {
  type Action,
  addToChecksum,
  type Body,
  constant,
  current,
  emit,
  emitEnd,
  FUEL,
  inBlock,
  LAST_INDEX,
  localsOf,
  type Shape,
  type TypedAction,
} from './random-body.ts'
import {
  address,
  binary,
  dangerous,
  drop,
  grow,
  i32,
  isFull,
  leaf,
  load,
  masked,
  numeric,
  operands,
  produce,
  select,
  setGlobal,
  setLocal,
  store,
  VALUE_TYPES,
} from './random-values.ts'
import type { BlockType, Code, FunctionType } from './wasm-builder.ts'
import { LOAD_ROWS, NUMERIC_ROWS, type ValueType } from './wasm-opcodes.ts'

const CALL_COST = 8
const LOOP_COST = 1

type Weighted<Item> = readonly (readonly [weight: number, item: Item])[]

const weighted = <Item>(random: Random, choices: Weighted<Item>): Item => {
  const tickets = choices.flatMap(([weight, item]) => Array<Item>(weight).fill(item))
  return random.pick(tickets)
}

interface TypedBlock {
  readonly type: BlockType
  readonly results: readonly ValueType[]
}

const blockTypeOf = (type: ValueType | undefined): TypedBlock => ({
  type: type ?? 'empty',
  results: type === undefined ? [] : [type],
})

const randomBlockType = ({ random }: Body): TypedBlock => blockTypeOf(random.pick([...VALUE_TYPES, undefined]))

const structured = (body: Body, blockType: TypedBlock): void => {
  const kind = body.random.below(10)
  if (kind < 4) block(body, blockType)
  else if (kind < 7) loop(body, blockType)
  else condition(body, blockType)
}

const inner = (body: Body, { results }: TypedBlock): Code =>
  inBlock(body, { results, label: results }, () => statements(body))

const block = (body: Body, blockType: TypedBlock): void => {
  emit(body, { op: 'block', type: blockType.type, body: inner(body, blockType) }, [], blockType.results)
}

const condition = (body: Body, blockType: TypedBlock): void => {
  const { type, results } = blockType
  operands(body, ['i32'])
  const then = inner(body, blockType)
  const mayLackElse = results.length === 0
  const arms =
    mayLackElse && body.random.chance(0.5) ? { body: then } : { body: then, otherwise: inner(body, blockType) }
  emit(body, { op: 'if', type, ...arms }, ['i32'], results)
}

/** A loop that uses fuel in every round; most count down a local, some repeat on a random condition. */
const loop = (body: Body, { type, results }: TypedBlock): void => {
  const { random } = body
  const counters = localsOf(body, 'i32')
  const counter = counters.length > 0 && random.chance(0.6) ? random.pick(counters) : undefined
  if (counter !== undefined) {
    i32(body, 1 + random.below(20))
    emit(body, { op: 'local.set', index: counter }, ['i32'])
  }
  const code = inBlock(body, { results, label: [] }, () => {
    useFuel(body, LOOP_COST)
    statements(body)
    if (counter !== undefined) countDown(body, counter)
    else operands(body, ['i32'])
    emit(body, { op: 'br_if', index: 0 }, ['i32'])
  })
  emit(body, { op: 'loop', type, body: code }, [], results)
}

const countDown = (body: Body, counter: number): void => {
  emit(body, { op: 'local.get', index: counter }, [], ['i32'])
  i32(body, 1)
  binary(body, 'i32.sub', 'i32')
  emit(body, { op: 'local.tee', index: counter }, ['i32'], ['i32'])
}

/** Takes fuel, and leaves the function when there is none. */
const useFuel = (body: Body, cost: number): void => {
  emit(body, { op: 'global.get', index: FUEL }, [], ['i32'])
  i32(body, cost)
  binary(body, 'i32.sub', 'i32')
  emit(body, { op: 'global.set', index: FUEL }, ['i32'])
  emit(body, { op: 'global.get', index: FUEL }, [], ['i32'])
  i32(body, 0)
  emit(body, { op: 'i32.lt_s' }, ['i32', 'i32'], ['i32'])
  const results = body.frames[0]?.results ?? []
  const leave: Code = body.shape.fuelTraps
    ? [{ op: 'unreachable' }]
    : [...results.map((type) => constant(type, 0n)), { op: 'return' }]
  emit(body, { op: 'if', type: 'empty', body: leave }, ['i32'])
}

/** Label depths, and the types that a branch to all of them takes; seldom the function's own label, which ends it. */
const randomTargets = ({ random, frames }: Body, count: number) => {
  const { label } = random.pick(random.chance(0.9) && frames.length > 1 ? frames.slice(1) : frames)
  const fitting = frames.flatMap((frame, i) => (frame.label.join() === label.join() ? [frames.length - 1 - i] : []))
  return { label, targets: Array.from({ length: count }, () => random.pick(fitting)) }
}

const branch: Action = (body) => {
  const { label, targets } = randomTargets(body, 1)
  if (body.random.chance(0.5)) leaf(body, body.random.pick(VALUE_TYPES))
  operands(body, label)
  emitEnd(body, { op: 'br', index: targets[0] ?? 0 })
}

const branchIf: Action = (body) => {
  const { label, targets } = randomTargets(body, 1)
  operands(body, label)
  const taken = [...label, 'i32' as const]
  produce(body, 'i32')
  emit(body, { op: 'br_if', index: targets[0] ?? 0 }, taken, label)
}

const branchTable: Action = (body) => {
  const { random } = body
  const { label, targets } = randomTargets(body, 1 + random.below(5))
  operands(body, label)
  if (random.chance(0.5)) masked(body, random.pick([2, 3, 3, 4]))
  else produce(body, 'i32')
  emitEnd(body, { op: 'br_table', targets: targets.slice(1), otherwise: targets[0] ?? 0 })
}

const returnEarly: Action = (body) => {
  operands(body, body.frames[0]?.results ?? [])
  emitEnd(body, { op: 'return' })
}

const trap: Action = (body) => {
  if (current(body).dead || dangerous(body)) emitEnd(body, { op: 'unreachable' })
}

/** An unconditional end, mostly inside a condition so that the code behind it has a life. */
const ending: Action = (body) => {
  const action = weighted<Action>(body.random, [
    [3, branch],
    [5, branchTable],
    [1, returnEarly],
    [2, trap],
  ])
  if (body.frames.length > 1 && body.random.chance(0.3)) return action(body)
  operands(body, ['i32'])
  const code = inBlock(body, { results: [], label: [] }, () => action(body))
  emit(body, { op: 'if', type: 'empty', body: code }, ['i32'])
}

const callFunction = (body: Body, index: number): void => {
  const { types, functions } = body.shape
  const { params, results } = types[functions[index] ?? -1] ?? { params: [], results: [] }
  operands(body, params)
  emit(body, { op: 'call', index }, params, results)
}

const call: Action = (body) => {
  const { random, shape } = body
  if (shape.endless !== undefined && random.chance(shape.danger / 5)) return callFunction(body, shape.endless)
  const own = shape.functions.flatMap((_, index) =>
    index >= shape.imports.size && index !== shape.endless ? [index] : [],
  )
  callFunction(body, random.pick(own))
}

const callIndirect: Action = (body) => {
  const { random, shape } = body
  const { table, functions, types } = shape
  if (table === undefined) return
  const targets = table.flatMap((entry, slot) => (entry === null ? [] : [{ entry, slot }]))
  if (targets.length === 0 && !dangerous(body)) return
  const { entry, slot } = targets.length === 0 ? { entry: 0, slot: 0 } : random.pick(targets)
  const same = sameTypes(types, functions[entry] ?? 0)
  const type = random.pick(dangerous(body) ? otherTypes(types, types[functions[entry] ?? 0]) : same)
  const { params, results } = types[type] ?? { params: [], results: [] }
  operands(body, params)
  if (dangerous(body)) anyIndex(body, table.length)
  else i32(body, slot)
  const scratch = body.locals.length - 1
  emit(body, { op: 'local.tee', index: scratch }, ['i32'], ['i32'])
  emit(body, { op: 'global.set', index: LAST_INDEX }, ['i32'])
  emit(body, { op: 'local.get', index: scratch }, [], ['i32'])
  emit(body, { op: 'call_indirect', type }, [...params, 'i32'], results)
}

/** Indices of the types equal to one: a type is its structure. */
const sameTypes = (types: readonly FunctionType[], index: number): readonly number[] => {
  const key = JSON.stringify(types[index])
  return types.flatMap((type, i) => (JSON.stringify(type) === key ? [i] : []))
}

/** Indices of any types, most often of those that differ only in i32 and i64. */
const otherTypes = (types: readonly FunctionType[], wanted: FunctionType | undefined): readonly number[] => {
  const shape = ({ params, results }: FunctionType) => `${params.length} ${results.length}`
  const alike = types.flatMap((type, i) => (wanted && shape(type) === shape(wanted) ? [i] : []))
  return [...types.keys(), ...alike, ...alike]
}

/** A table index around the size of the table and the power of two above it, or any. */
const anyIndex = (body: Body, size: number): void => {
  const { random } = body
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(1, size)))
  const edges = [size - 1, size, capacity - 1, capacity, -1, random.below(size)]
  const kind = random.below(4)
  if (kind < 2) i32(body, random.pick(edges))
  else if (kind === 2) masked(body, 3)
  else produce(body, 'i32')
}

const callForResult: TypedAction = (body, type) => {
  const { random, shape } = body
  const callees = shape.functions.flatMap((typeIndex, index) => {
    const results = shape.types[typeIndex]?.results ?? []
    return index >= shape.imports.size && results.length === 1 && results[0] === type ? [index] : []
  })
  if (callees.length === 0) return leaf(body, type)
  callFunction(body, random.pick(callees))
}

const callHost: Action = (body) => {
  const { random, shape } = body
  if (shape.imports.size === 0) return
  const [name, index] = random.pick([...shape.imports])
  const i = 'i32' as const
  if (name === 'input_size') return emit(body, { op: 'call', index }, [], [i])
  if (name === 'input_read') {
    if (dangerous(body)) produce(body, i)
    else masked(body, 7)
  }
  address(body, 64)
  if (dangerous(body)) i32(body, -1)
  else masked(body, 6)
  if (name === 'input_read') emit(body, { op: 'call', index }, [i, i, i], [i])
  else emit(body, { op: 'call', index }, [i, i])
}

const byControl: TypedAction = (body, type) => {
  if (body.random.chance(0.6)) structured(body, blockTypeOf(type))
  else callForResult(body, type)
}

/** Mostly only within a block: in the function's outermost code a branch ends the function. */
const inside =
  (action: Action): Action =>
  (body) => {
    if (body.frames.length > 1 || body.random.chance(0.1)) action(body)
  }

const CONVERSIONS = NUMERIC_ROWS.filter(({ params, result }) => params[0] !== result && params.length === 1)

const STATEMENTS: Weighted<Action> = [
  [24, (body) => numeric(body, body.random.pick(NUMERIC_ROWS))],
  [3, (body) => numeric(body, body.random.pick(CONVERSIONS))],
  [8, (body) => (body.shape.memory ? load(body, body.random.pick(LOAD_ROWS)) : undefined)],
  [10, store],
  [12, setLocal],
  [5, setGlobal],
  [4, drop],
  [3, (body) => select(body, body.random.pick(VALUE_TYPES))],
  [14, (body) => structured(body, randomBlockType(body))],
  [6, inside(branchIf)],
  [6, inside(ending)],
  [6, call],
  [7, callIndirect],
  [5, callHost],
  [1, grow],
  [1, (body) => emit(body, { op: 'nop' })],
]

const statements: Action = (body) => {
  const count = 1 + body.random.below(6)
  for (let i = 0; i < count && !isFull(body); i++) weighted(body.random, STATEMENTS)(body)
}

/** Adds every parameter and local to the checksum. */
const observeLocals: Action = (body) => {
  body.locals.forEach((type, index) => {
    emit(body, { op: 'local.get', index }, [], [type])
    addToChecksum(body, type)
  })
}

/** Random code of a function: valid, and it ends because loops and calls use fuel. */
export const randomCode = (
  random: Random,
  shape: Shape,
  signature: FunctionType,
  locals: readonly ValueType[],
  budget: number,
): Code => {
  const { params, results } = signature
  const body: Body = { random, shape, locals: [...params, ...locals], byControl, frames: [], budget }
  return inBlock(body, { results, label: results }, () => {
    useFuel(body, CALL_COST)
    while (!isFull(body) && !current(body).dead) weighted(random, STATEMENTS)(body)
    if (!current(body).dead) observeLocals(body)
    if (random.chance(0.2)) statements(body)
  })
}
