import { type Action, type Body, emit } from './random-body.ts'
import { type Span, span } from './random-ranges.ts'
import { dangerous, i32, masked, produce, useFuel } from './random-values.ts'

/** Bytes that the runtime handles as one piece. */
const CHUNK = 4096
/** Bytes of memory within which most ranges lie: more of them are seen by loads. */
const NEAR = 300
const PAGE_BYTES = 65_536
const LONG_COST = 30
const WHOLE_COST = 60

/** Ranges of memory: short ones close together, so that they overlap; some as long as a chunk. */
const within = (body: Body, pages: number, places: number): Span => {
  const { random } = body
  if (random.chance(0.1)) {
    useFuel(body, LONG_COST)
    const length = CHUNK * (1 + random.below(2)) + random.below(18) - 9
    const starts = Array.from({ length: places }, (): Action => {
      const start = random.pick([0, 1, random.below(40), random.below(3 * CHUNK), pages * PAGE_BYTES - length])
      return (inner) => i32(inner, start)
    })
    return { starts, length: (inner) => i32(inner, length) }
  }
  if (random.chance(0.4)) return span(body, Array<number>(places).fill(random.pick([16, 64, NEAR, CHUNK])))
  const base = random.pick([0, 0, CHUNK - 20, random.below(NEAR)])
  const start: Action = (inner) => {
    i32(inner, base + inner.random.below(40))
  }
  return { starts: Array<Action>(places).fill(start), length: (inner) => masked(inner, inner.random.pick([2, 4, 6])) }
}

/** Whole memory and its edges where danger strikes, and seldom without. */
const ranges = (body: Body, places: number): Span | undefined => {
  const { random, shape } = body
  if (!shape.memory) return undefined
  const pages = shape.memory.minimum
  const risky = dangerous(body)
  if (pages === 0 && !risky) return undefined
  if (!risky && !random.chance(0.03)) return within(body, pages, places)
  useFuel(body, WHOLE_COST)
  return span(body, Array<number>(places).fill(Math.min(pages * PAGE_BYTES, 2 * PAGE_BYTES)))
}

export const fillMemory: Action = (body) => {
  const range = ranges(body, 1)
  if (range === undefined) return
  range.starts[0]?.(body)
  produce(body, 'i32')
  range.length(body)
  emit(body, { op: 'memory.fill' }, ['i32', 'i32', 'i32'])
}

export const copyMemory: Action = (body) => {
  const range = ranges(body, 2)
  if (range === undefined) return
  for (const start of range.starts) start(body)
  range.length(body)
  emit(body, { op: 'memory.copy' }, ['i32', 'i32', 'i32'])
}

/** From a segment that is there; from one that may be gone only nothing, unless danger strikes. */
export const initMemory: Action = (body) => {
  const { random, shape } = body
  if (!shape.memory || !shape.dataCounted) return
  const segment = random.below(shape.data.length)
  const { length, lasting } = shape.data[segment] ?? { length: 0, lasting: false }
  const memory = Math.min(shape.memory.minimum * PAGE_BYTES, random.pick([NEAR, 2 * CHUNK]))
  if (length > CHUNK) useFuel(body, LONG_COST)
  const { starts, length: count } = span(body, [memory, lasting || dangerous(body) ? length : 0])
  for (const start of starts) start(body)
  count(body)
  emit(body, { op: 'memory.init', segment }, ['i32', 'i32', 'i32'])
}

export const dropData: Action = (body) => {
  const { random, shape } = body
  if (!shape.dataCounted) return
  const index = random.below(shape.data.length)
  if (!shape.data[index]?.lasting || dangerous(body)) emit(body, { op: 'data.drop', index })
}
