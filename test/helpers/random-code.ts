import type { Random } from './random.ts'
import {
  type Action,
  addToChecksum,
  type Body,
  current,
  emit,
  emitEnd,
  inBlock,
  localsOf,
  randomType,
  type Shape,
  type TypedAction,
} from './random-body.ts'
import { call, callForResult, callHost, callIndirect, returnCall, returnCallIndirect } from './random-calls.ts'
import { copyMemory, dropData, fillMemory, initMemory } from './random-memory.ts'
import { byTable, copyTable, dropElements, fillTable, initTable, setEntry } from './random-tables.ts'
import {
  binary,
  calculate,
  convert,
  dangerous,
  drop,
  grow,
  i32,
  isFull,
  leaf,
  load,
  masked,
  operands,
  produce,
  select,
  setGlobal,
  setLocal,
  store,
  useFuel,
} from './random-values.ts'
import type { BlockType, Code, FunctionType } from './wasm-builder.ts'
import { LOAD_ROWS, type ValueType } from './wasm-opcodes.ts'

const CALL_COST = 8
const LOOP_COST = 1
const OBSERVED_ENTRIES = 3

type Weighted<Item> = readonly (readonly [weight: number, item: Item])[]

const weighted = <Item>(random: Random, choices: Weighted<Item>): Item => {
  const tickets = choices.flatMap(([weight, item]) => Array<Item>(weight).fill(item))
  return random.pick(tickets)
}

interface TypedBlock extends FunctionType {
  readonly type: BlockType
}

const shortType = (type: ValueType | undefined): TypedBlock => ({
  type: type ?? 'empty',
  params: [],
  results: type === undefined ? [] : [type],
})

/** Block types that a type of the module stands for. */
const listed = ({ shape }: Body): readonly TypedBlock[] => shape.types.map((type, index) => ({ ...type, type: index }))

/** A block type with this one result. */
const blockTypeFor = (body: Body, type: ValueType): TypedBlock => {
  const fitting = listed(body).filter(({ results }) => results.length === 1 && results[0] === type)
  return body.random.pick([shortType(type), ...fitting])
}

const randomBlockType = (body: Body): TypedBlock => {
  if (body.random.chance(0.4)) return body.random.pick(listed(body))
  return shortType(body.random.chance(0.3) ? undefined : randomType(body.random))
}

const structured = (body: Body, blockType: TypedBlock): void => {
  const kind = body.random.below(10)
  if (kind < 4) block(body, blockType)
  else if (kind < 7) loop(body, blockType)
  else condition(body, blockType)
}

const inner = (body: Body, { params, results }: TypedBlock): Code =>
  inBlock(body, { params, results, label: results }, () => statements(body))

const block = (body: Body, blockType: TypedBlock): void => {
  const { type, params, results } = blockType
  operands(body, params)
  emit(body, { op: 'block', type, body: inner(body, blockType) }, params, results)
}

const condition = (body: Body, blockType: TypedBlock): void => {
  const { type, params, results } = blockType
  operands(body, params)
  produce(body, 'i32')
  const then = inner(body, blockType)
  const mayLackElse = params.join() === results.join()
  const arms =
    mayLackElse && body.random.chance(0.5) ? { body: then } : { body: then, otherwise: inner(body, blockType) }
  emit(body, { op: 'if', type, ...arms }, [...params, 'i32'], results)
}

/** A loop that uses fuel in every round; most count down a local, some repeat on a random condition. */
const loop = (body: Body, { type, params, results }: TypedBlock): void => {
  const { random } = body
  const counters = localsOf(body, 'i32')
  const counter = counters.length > 0 && random.chance(0.6) ? random.pick(counters) : undefined
  operands(body, params)
  if (counter !== undefined) {
    i32(body, 1 + random.below(20))
    emit(body, { op: 'local.set', index: counter }, ['i32'])
  }
  const code = inBlock(body, { params, results, label: params }, () => {
    useFuel(body, LOOP_COST)
    statements(body)
    operands(body, params)
    if (counter !== undefined) countDown(body, counter)
    else produce(body, 'i32')
    emit(body, { op: 'br_if', index: 0 }, [...params, 'i32'], params)
  })
  emit(body, { op: 'loop', type, body: code }, params, results)
}

const countDown = (body: Body, counter: number): void => {
  emit(body, { op: 'local.get', index: counter }, [], ['i32'])
  i32(body, 1)
  binary(body, 'i32.sub', 'i32')
  emit(body, { op: 'local.tee', index: counter }, ['i32'], ['i32'])
}

/** Label depths, and the types that a branch to all of them takes; seldom the function's own label, which ends it. */
const randomTargets = ({ random, frames }: Body, count: number) => {
  const { label } = random.pick(random.chance(0.9) && frames.length > 1 ? frames.slice(1) : frames)
  const fitting = frames.flatMap((frame, i) => (frame.label.join() === label.join() ? [frames.length - 1 - i] : []))
  return { label, targets: Array.from({ length: count }, () => random.pick(fitting)) }
}

const branch: Action = (body) => {
  const { label, targets } = randomTargets(body, 1)
  if (body.random.chance(0.5)) leaf(body, randomType(body.random))
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
const ending =
  (choices: Weighted<Action>): Action =>
  (body) => {
    const action = weighted<Action>(body.random, choices)
    if (body.frames.length > 1 && body.random.chance(0.3)) return action(body)
    operands(body, ['i32'])
    const code = inBlock(body, { params: [], results: [], label: [] }, () => action(body))
    emit(body, { op: 'if', type: 'empty', body: code }, ['i32'])
  }

const leaveBlock = ending([
  [3, branch],
  [5, branchTable],
  [1, returnEarly],
  [2, trap],
])

const tailCall = ending([
  [2, returnCall],
  [3, returnCallIndirect],
])

const byControl: TypedAction = (body, type) => {
  if (body.random.chance(0.6)) structured(body, blockTypeFor(body, type))
  else callForResult(body, type)
}

/** Mostly only within a block: in the function's outermost code a branch ends the function. */
const inside =
  (action: Action): Action =>
  (body) => {
    if (body.frames.length > 1 || body.random.chance(0.1)) action(body)
  }

const NUMBERS = ['i32', 'i64', 'f32', 'f64'] as const

const STATEMENTS: Weighted<Action> = [
  [32, calculate],
  [3, convert],
  [8, (body) => (body.shape.memory ? load(body, body.random.pick(LOAD_ROWS)) : undefined)],
  [10, store],
  [12, setLocal],
  [5, setGlobal],
  [4, drop],
  [3, (body) => select(body, body.random.pick(NUMBERS))],
  [14, (body) => structured(body, randomBlockType(body))],
  [6, inside(branchIf)],
  [6, inside(leaveBlock)],
  [5, tailCall],
  [6, call],
  [7, callIndirect],
  [5, callHost],
  [1, grow],
  [2, fillMemory],
  [2, copyMemory],
  [2, initMemory],
  [1, dropData],
  [3, setEntry],
  [2, fillTable],
  [2, copyTable],
  [2, initTable],
  [1, dropElements],
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

/** Adds the size of every table to the checksum, and of a few entries whether they are null. */
const observeTables: Action = (body) => {
  body.shape.tables.forEach(({ element, minimum }, index) => {
    emit(body, { op: 'table.size', index }, [], ['i32'])
    addToChecksum(body, 'i32')
    for (let entry = 0; entry < Math.min(minimum, OBSERVED_ENTRIES); entry++) {
      i32(body, entry)
      emit(body, { op: 'table.get', index }, ['i32'], [element])
      addToChecksum(body, element)
    }
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
  const body: Body = { random, shape, locals: [...params, ...locals], byControl, byTable, frames: [], budget }
  return inBlock(body, { params: [], results, label: results }, () => {
    useFuel(body, CALL_COST)
    while (!isFull(body) && !current(body).dead) weighted(random, STATEMENTS)(body)
    if (!current(body).dead) observeLocals(body)
    if (!current(body).dead && random.chance(0.3)) observeTables(body)
    if (random.chance(0.2)) statements(body)
  })
}
