import {
  type Action,
  type Body,
  current,
  emit,
  sameTypes,
  type TableShape,
  type TypedAction,
  zero,
} from './random-body.ts'
import { span } from './random-ranges.ts'
import { dangerous, i32, leaf, masked, produce } from './random-values.ts'
import type { ReferenceType } from './wasm-opcodes.ts'

type Indexed<Item> = Item & { readonly index: number }

const indexed = <Item extends object>(items: readonly Item[]): readonly Indexed<Item>[] =>
  items.map((item, index) => ({ ...item, index }))

/** Tables that instructions may change. */
const changeable = ({ shape }: Body): readonly Indexed<TableShape>[] =>
  indexed(shape.tables).filter(({ fixed }) => fixed === undefined)

/** A table index around the size of the table and the power of two above it, or any. */
export const anyIndex = (body: Body, size: number): void => {
  const { random } = body
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(1, size)))
  const edges = [size - 1, size, capacity - 1, capacity, -1, random.below(size)]
  const kind = random.below(4)
  if (kind < 2) i32(body, random.pick(edges))
  else if (kind === 2) masked(body, 3)
  else produce(body, 'i32')
}

/** Pushes the index of an entry, unless danger strikes; false where there is none. */
const pushIndex = (body: Body, { minimum }: TableShape): boolean => {
  const { random } = body
  if (dangerous(body)) anyIndex(body, minimum)
  else if (minimum === 0) return false
  else if (random.chance(0.5)) i32(body, random.below(minimum))
  else masked(body, Math.floor(Math.log2(minimum)))
  return true
}

const getEntry = (body: Body, table: Indexed<TableShape>): boolean => {
  if (!pushIndex(body, table)) return false
  emit(body, { op: 'table.get', index: table.index }, ['i32'], [table.element])
  return true
}

/** Pushes a reference that the table may hold. */
const referenceFor = (body: Body, table: Indexed<TableShape>): void => {
  const { random, shape } = body
  if (table.callee === undefined || dangerous(body)) {
    produce(body, table.element)
    return
  }
  const types = sameTypes(shape.types, table.callee)
  const own = shape.declared.filter((index) => index >= shape.imports.size)
  const fitting = own.filter((index) => types.includes(shape.functions[index] ?? -1))
  if (random.chance(0.3) && getEntry(body, table)) return
  if (fitting.length > 0 && random.chance(0.8))
    emit(body, { op: 'ref.func', index: random.pick(fitting) }, [], ['funcref'])
  else emit(body, zero('funcref'), [], ['funcref'])
}

const fromTable = (body: Body, element: ReferenceType): void => {
  const tables = indexed(body.shape.tables).filter((table) => table.element === element)
  if (tables.length === 0 || !getEntry(body, body.random.pick(tables))) leaf(body, element)
}

const growTable: Action = (body) => {
  const { random } = body
  const tables = changeable(body)
  if (tables.length === 0) return leaf(body, 'i32')
  const table = random.pick(tables)
  referenceFor(body, table)
  if (random.chance(0.2)) i32(body, random.pick([0, 0x7fffffff, -1]))
  else masked(body, random.pick([1, 2]))
  emit(body, { op: 'table.grow', index: table.index }, [table.element, 'i32'], ['i32'])
}

/** Pushes a reference out of a table, or a number that tells something of one. */
export const byTable: TypedAction = (body, type) => {
  const { random, shape } = body
  if (type === 'funcref' || type === 'externref') return fromTable(body, type)
  const kind = random.below(4)
  if (kind === 0) return growTable(body)
  if (kind === 1 && shape.tables.length > 0)
    return emit(body, { op: 'table.size', index: random.below(shape.tables.length) }, [], ['i32'])
  produce(body, random.pick(['funcref', 'funcref', 'externref']))
  emit(body, { op: 'ref.is_null' }, [current(body).stack.at(-1) ?? 'funcref'], ['i32'])
}

const onTable =
  (action: (body: Body, table: Indexed<TableShape>) => void): Action =>
  (body) => {
    const tables = changeable(body)
    if (tables.length > 0) action(body, body.random.pick(tables))
  }

export const setEntry = onTable((body, table) => {
  if (!pushIndex(body, table)) return
  referenceFor(body, table)
  emit(body, { op: 'table.set', index: table.index }, ['i32', table.element])
})

export const fillTable = onTable((body, table) => {
  const { starts, length } = span(body, [table.minimum])
  starts[0]?.(body)
  referenceFor(body, table)
  length(body)
  emit(body, { op: 'table.fill', index: table.index }, ['i32', table.element, 'i32'])
})

/** What may go into the table without a surprise for those who call through it. */
const sourcesFor = <Source extends { readonly element: ReferenceType; readonly callee?: number }>(
  body: Body,
  { element, callee }: TableShape,
  sources: readonly Source[],
): readonly Indexed<Source>[] => {
  const anything = callee === undefined || dangerous(body)
  return indexed(sources).filter((source) => source.element === element && (anything || source.callee === callee))
}

export const copyTable = onTable((body, table) => {
  const sources = sourcesFor(body, table, body.shape.tables)
  if (sources.length === 0) return
  const source = body.random.pick(sources)
  const { starts, length } = span(body, [table.minimum, source.minimum])
  for (const start of starts) start(body)
  length(body)
  emit(body, { op: 'table.copy', table: table.index, source: source.index }, ['i32', 'i32', 'i32'])
})

export const initTable = onTable((body, table) => {
  const sources = sourcesFor(body, table, body.shape.elements)
  if (sources.length === 0) return
  const source = body.random.pick(sources)
  const { starts, length } = span(body, [table.minimum, source.lasting || dangerous(body) ? source.length : 0])
  for (const start of starts) start(body)
  length(body)
  emit(body, { op: 'table.init', table: table.index, segment: source.index }, ['i32', 'i32', 'i32'])
})

export const dropElements: Action = (body) => {
  const { random, shape } = body
  if (shape.elements.length === 0) return
  const index = random.below(shape.elements.length)
  if (!shape.elements[index]?.lasting || dangerous(body)) emit(body, { op: 'elem.drop', index })
}
