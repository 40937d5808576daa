import {
  type Action,
  type Body,
  emit,
  emitEnd,
  inBlock,
  sameTypes,
  sink,
  type TableShape,
  type TypedAction,
} from './random-body.ts'
import { anyIndex } from './random-tables.ts'
import { address, dangerous, i32, leaf, masked, operands, produce } from './random-values.ts'
import type { FunctionType } from './wasm-builder.ts'
import type { ValueType } from './wasm-opcodes.ts'

const NO_TYPE: FunctionType = { params: [], results: [] }

const typeOf = ({ shape }: Body, index: number): FunctionType => shape.types[shape.functions[index] ?? -1] ?? NO_TYPE

const returns =
  (results: readonly ValueType[]) =>
  (type: FunctionType): boolean =>
    type.results.join() === results.join()

const callFunction = (body: Body, index: number): void => {
  const { params, results } = typeOf(body, index)
  operands(body, params)
  emit(body, { op: 'call', index }, params, results)
}

/** The module's own functions that end. */
const ownFunctions = (body: Body, fits: (type: FunctionType) => boolean): readonly number[] =>
  body.shape.functions.flatMap((_, index) =>
    index >= body.shape.imports.size && index !== body.shape.endless && fits(typeOf(body, index)) ? [index] : [],
  )

export const call: Action = (body) => {
  const { random, shape } = body
  if (shape.endless !== undefined && random.chance(shape.danger / 5)) return callFunction(body, shape.endless)
  callFunction(body, random.pick(ownFunctions(body, () => true)))
}

/** Pushes a value that a function returns, alone or before others. */
export const callForResult: TypedAction = (body, type) => {
  const callees = ownFunctions(body, ({ results }) => results[0] === type)
  if (callees.length === 0) return leaf(body, type)
  const callee = body.random.pick(callees)
  callFunction(body, callee)
  for (const _ of typeOf(body, callee).results.slice(1)) sink(body)
}

/** A call that goes on in place of the function. */
export const returnCall: Action = (body) => {
  const { random, shape } = body
  const fits = returns(body.frames[0]?.results ?? [])
  const hosts = [...shape.imports].filter(([, index]) => fits(typeOf(body, index)))
  if (hosts.length > 0 && random.chance(0.2)) {
    const [name, index] = random.pick(hosts)
    hostOperands(body, name)
    return emitEnd(body, { op: 'return_call', index })
  }
  const callees = ownFunctions(body, fits)
  if (callees.length === 0) return
  const index = random.pick(callees)
  operands(body, typeOf(body, index).params)
  emitEnd(body, { op: 'return_call', index })
}

/** An entry of a table, and a type for which to call it. */
interface Target {
  readonly table: number
  readonly type: number
  /** Pushes the index of the entry. */
  readonly index: Action
  /** The entry may be null. */
  readonly doubtful: boolean
}

/** A function of a table that no instruction changes. */
const fixedTarget = (body: Body, table: number, fixed: readonly (number | null)[], fits: Fits): Target | undefined => {
  const { random, shape } = body
  const safe = (entry: number) => entry >= shape.imports.size || entry === shape.imports.get('input_size')
  const fitting = fixed.flatMap((entry, slot) =>
    entry !== null && safe(entry) && fits(typeOf(body, entry)) ? [{ entry, slot }] : [],
  )
  if (fitting.length === 0) return undefined
  const { entry, slot } = random.pick(fitting)
  const type = random.pick(sameTypes(shape.types, shape.functions[entry] ?? 0))
  return { table, type, index: (inner) => i32(inner, slot), doubtful: false }
}

type Fits = (type: FunctionType) => boolean

/** Any index, or an entry that is called for another type, most often for one that differs only in kinds of values. */
const wildTarget = (body: Body, table: number, { minimum, fixed, callee }: TableShape, fits: Fits): Target => {
  const { random, shape } = body
  const entries = fixed?.flatMap((entry, slot) => (entry === null ? [] : [{ slot, type: typeOf(body, entry) }])) ?? []
  const { slot, type = NO_TYPE } =
    entries.length > 0
      ? random.pick(entries)
      : { slot: random.below(Math.max(1, minimum)), type: shape.types[callee ?? 0] }
  const all = shape.types.flatMap((other, i) => (fits(other) ? [i] : []))
  const others = all.filter((i) => JSON.stringify(shape.types[i]) !== JSON.stringify(type))
  const alike = others.filter((i) => sizes(shape.types[i]) === sizes(type))
  const anywhere = others.length === 0 || random.chance(0.5)
  return {
    table,
    type: random.pick(anywhere ? all : [...others, ...alike, ...alike]),
    index: (inner) => (anywhere ? anyIndex(inner, minimum) : i32(inner, slot)),
    doubtful: false,
  }
}

const sizes = (type: FunctionType | undefined): string => `${type?.params.length} ${type?.results.length}`

/** Any entry of a table that holds functions of one type only. */
const uniformTarget = (body: Body, table: number, { minimum, callee }: TableShape, fits: Fits): Target | undefined => {
  const { random, shape } = body
  if (callee === undefined || minimum === 0 || !fits(shape.types[callee] ?? NO_TYPE)) return undefined
  const slot = random.below(minimum)
  return {
    table,
    type: random.pick(sameTypes(shape.types, callee)),
    index: (inner) => i32(inner, slot),
    doubtful: true,
  }
}

/** What to call through a table, returning what is wanted; seldom something that traps. */
const target = (body: Body, fits: Fits): Target | undefined => {
  const { random, shape } = body
  const tables = shape.tables.flatMap((table, index) => (table.element === 'funcref' ? [{ table, index }] : []))
  if (tables.length === 0) return undefined
  if (dangerous(body)) {
    const { table, index } = random.pick(tables)
    return wildTarget(body, index, table, fits)
  }
  const targets = tables.flatMap(({ table, index }) => {
    const { fixed } = table
    const found = fixed ? fixedTarget(body, index, fixed, fits) : uniformTarget(body, index, table, fits)
    return found ? [found] : []
  })
  return targets.length === 0 ? undefined : random.pick(targets)
}

/** Pushes whether there is a function to call. */
const isThere = (body: Body, { table, index }: Target): void => {
  index(body)
  emit(body, { op: 'table.get', index: table }, ['i32'], ['funcref'])
  emit(body, { op: 'ref.is_null' }, ['funcref'], ['i32'])
  emit(body, { op: 'i32.eqz' }, ['i32'], ['i32'])
}

/** Calls through a table; in place of a function that is not there other values stand. */
export const callIndirect: Action = (body) => {
  const found = target(body, () => true)
  if (found === undefined) return
  const { table, type, index } = found
  const { params, results } = body.shape.types[type] ?? NO_TYPE
  const callIt: Action = (inner) => {
    index(inner)
    emit(inner, { op: 'call_indirect', type, table }, [...params, 'i32'], results)
  }
  operands(body, params)
  if (!found.doubtful) return callIt(body)
  isThere(body, found)
  const arm = (fill: () => void) => inBlock(body, { params, results, label: results }, fill)
  const then = arm(() => callIt(body))
  const otherwise = arm(() => undefined)
  emit(body, { op: 'if', type, body: then, otherwise }, [...params, 'i32'], results)
}

/** A call through a table in place of the function; nothing where the function is not there. */
export const returnCallIndirect: Action = (body) => {
  const found = target(body, returns(body.frames[0]?.results ?? []))
  if (found === undefined) return
  const { table, type, index } = found
  const callIt = (): void => {
    operands(body, body.shape.types[type]?.params ?? [])
    index(body)
    emitEnd(body, { op: 'return_call_indirect', type, table })
  }
  if (!found.doubtful) return callIt()
  isThere(body, found)
  emit(body, { op: 'if', type: 'empty', body: inBlock(body, { ...NO_TYPE, label: [] }, callIt) }, ['i32'])
}

/** Pushes what a function of the task ABI takes. */
const hostOperands = (body: Body, name: string): void => {
  if (name === 'input_size') return
  if (name === 'input_read') {
    if (dangerous(body)) produce(body, 'i32')
    else masked(body, 7)
  }
  address(body, 64)
  if (dangerous(body)) i32(body, -1)
  else masked(body, 6)
}

export const callHost: Action = (body) => {
  const { random, shape } = body
  if (shape.imports.size === 0) return
  const [name, index] = random.pick([...shape.imports])
  const { params, results } = typeOf(body, index)
  hostOperands(body, name)
  emit(body, { op: 'call', index }, params, results)
}
