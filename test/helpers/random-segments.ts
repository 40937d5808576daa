import type { Random } from './random.ts'
import { type ElementShape, type SegmentShape, sameTypes, type TableShape } from './random-body.ts'
import type { DataSegment, ElementSegment, FunctionType, Limits, TableType } from './wasm-builder.ts'

/** Tables and segments as the module has them and as code sees them, index by index. */
export interface Tables {
  readonly types: readonly TableType[]
  readonly shapes: readonly TableShape[]
  readonly elements: readonly ElementSegment[]
  readonly elementShapes: readonly ElementShape[]
}

/** What tables may refer to. */
export interface Callables {
  readonly types: readonly FunctionType[]
  /** Type index of each function. */
  readonly functions: readonly number[]
  /** Below this are the host's functions. */
  readonly imports: number
}

const PAGE_BYTES = 2 ** 16
/** Bytes that the runtime handles as one piece. */
const CHUNK = 4096
/** Greatest size that a module may declare. */
const NO_MAXIMUM = 2 ** 32 - 1

const list = <Item>(length: number, item: (index: number) => Item): readonly Item[] =>
  Array.from({ length }, (_, index) => item(index))

/** Of functions of one type if there is a callee, else of any; some null. */
const drawReferences = (random: Random, callables: Callables, length: number, callee?: number) => {
  const types = callee === undefined ? undefined : sameTypes(callables.types, callee)
  const fitting = callables.functions.flatMap((type, index) =>
    types === undefined || (index >= callables.imports && types.includes(type)) ? [index] : [],
  )
  return list(length, () => (fitting.length === 0 || random.chance(0.15) ? null : random.pick(fitting)))
}

const limits = (random: Random, minimum: number): Limits => {
  const kind = random.below(8)
  if (kind === 0) return { minimum }
  return { minimum, maximum: kind === 1 ? NO_MAXIMUM : minimum + random.below(9) }
}

/** A table that code does not change: segments of functions, some overlapping, and what it holds after them. */
const drawFixed = (random: Random, { functions }: Callables, table: number) => {
  const size = 1 + random.below(9)
  const elements = list(1 + random.below(3), () => {
    const offset = random.below(size + 1)
    const entries = list(random.below(size - offset + 1), () => random.below(functions.length))
    return { table, offset, functions: entries }
  })
  const fixed = Array<number | null>(size).fill(null)
  for (const { offset, functions: entries } of elements) fixed.splice(offset, entries.length, ...entries)
  const shape: TableShape = { element: 'funcref', minimum: size, fixed }
  return { shape, type: limits(random, size), elements }
}

/** A table that code changes: of functions of one type, of any functions, or of the host's references. */
const drawOpen = (random: Random, callables: Callables, empty: boolean): { shape: TableShape; type: TableType } => {
  const minimum = empty ? 0 : random.pick([1, 2, 3, 5, 8, 9, 16, 33])
  const type = limits(random, minimum)
  const kind = random.below(4)
  if (kind === 0) return { shape: { element: 'externref', minimum }, type: { ...type, element: 'externref' } }
  if (kind === 1) return { shape: { element: 'funcref', minimum }, type }
  const callee = random.pick(callables.functions.slice(callables.imports))
  return { shape: { element: 'funcref', minimum, callee }, type }
}

/** An active, passive or declarative segment for a table that code changes. */
const drawElements = (random: Random, callables: Callables, tables: readonly TableShape[], table: number) => {
  const { element, minimum, callee } = tables[table] ?? { element: 'funcref', minimum: 0 }
  const kind = random.below(8)
  const active = kind < 3
  const length = active ? random.below(minimum + 1) : random.below(12)
  const functions =
    element === 'externref'
      ? Array<null>(length).fill(null)
      : drawReferences(random, callables, length, random.chance(0.9) ? callee : undefined).slice()
  const segment: ElementSegment = {
    element,
    functions,
    ...(active && { table, offset: random.below(minimum - length + 1) }),
    ...(kind === 3 && { declarative: true }),
  }
  const uniform = callee !== undefined && holdsOnly(callables, functions, callee)
  const shape = { element, length, lasting: kind > 4, ...(uniform && { callee }) }
  return { segment, shape }
}

const holdsOnly = ({ types, functions }: Callables, entries: readonly (number | null)[], callee: number): boolean =>
  entries.every((entry) => entry === null || sameTypes(types, callee).includes(functions[entry] ?? -1))

/** Active segments keep a table of one type to that type, as calls through it rely on it. */
const keepsTypes = ({ segment, shape }: ReturnType<typeof drawElements>, tables: readonly TableShape[]): boolean =>
  segment.offset === undefined || shape.callee === tables[segment.table ?? 0]?.callee

/** Up to five tables and their segments. */
export const drawTables = (random: Random, callables: Callables, danger: number): Tables => {
  const open = list(random.below(4), () => drawOpen(random, callables, random.chance(danger)))
  const at = random.below(open.length + 1)
  const fixed = random.chance(0.9) ? drawFixed(random, callables, at) : undefined
  const tables = fixed ? open.toSpliced(at, 0, fixed) : open
  const shapes = tables.map(({ shape }) => shape)
  const changeable = shapes.flatMap((shape, index) => (shape.fixed ? [] : [index]))
  const drawn = list(changeable.length === 0 ? 0 : random.below(7), () =>
    drawElements(random, callables, shapes, random.pick(changeable)),
  ).filter((elements) => keepsTypes(elements, shapes))
  const active = fixed?.elements ?? []
  return {
    types: tables.map(({ type }) => type),
    shapes,
    elements: [...active, ...drawn.map(({ segment }) => segment)],
    elementShapes: [
      ...active.map(({ functions }) => ({ element: 'funcref', length: functions.length, lasting: false }) as const),
      ...drawn.map(({ shape }) => shape),
    ],
  }
}

const drawActive = (random: Random, pages: number): DataSegment => {
  const bytes = random.bytes(random.below(60))
  const size = pages * PAGE_BYTES
  if (bytes.length > size) return { offset: size, bytes: new Uint8Array() }
  const offset = random.pick([random.below(64), 0, random.below(0x8000), size - bytes.length])
  return { offset: Math.min(offset, size - bytes.length), bytes }
}

const drawPassive = (random: Random): DataSegment => ({
  bytes: random.bytes(random.chance(0.1) ? CHUNK + random.below(20) - 4 : random.below(80)),
})

/** Data segments, and how they look to code. */
export const drawData = (random: Random, pages: number) => {
  const data = list(random.below(6), () => (random.chance(0.5) ? drawActive(random, pages) : drawPassive(random)))
  const shapes = data.map(
    ({ offset, bytes }): SegmentShape => ({
      length: bytes.length,
      lasting: offset === undefined && random.chance(0.7),
    }),
  )
  return { data, shapes, counted: data.some(({ offset }) => offset === undefined) }
}
