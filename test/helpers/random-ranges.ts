import type { Action, Body } from './random-body.ts'
import { dangerous, i32, masked, produce, useFuel } from './random-values.ts'

/** Of a range that danger struck: it may be as long as a memory. */
const WILD_COST = 60

/** Ways to push the start of each range, and the one length that they have. */
export interface Span {
  readonly starts: readonly Action[]
  readonly length: Action
}

/** A number at which a range of `size` ends, or any. */
const edge = (body: Body, size: number): void => {
  const { random } = body
  if (random.chance(0.2)) produce(body, 'i32')
  else i32(body, random.pick([size, size + 1, size - 1, -1, -2, 0x80000000, random.below(size + 2)]))
}

/** Numbers that code computes, all of them below half of the least size. */
const computed = (least: number, places: number): Span => {
  const half: Action = (body) => masked(body, Math.floor(Math.log2(least / 2)))
  return { starts: Array<Action>(places).fill(half), length: half }
}

const known = ({ random }: Body, sizes: readonly number[]): Span => {
  const least = Math.min(...sizes)
  const length = random.chance(0.2) ? least : random.below(least + 1)
  const starts = sizes.map((size): Action => {
    const start = random.chance(0.3) ? size - length : random.below(size - length + 1)
    return (body) => i32(body, start)
  })
  return { starts, length: (body) => i32(body, length) }
}

/** Ranges within sizes, unless danger strikes one number. */
export const span = (body: Body, sizes: readonly number[]): Span => {
  const { random } = body
  const least = Math.min(...sizes)
  const { starts, length } = least >= 4 && random.chance(0.4) ? computed(least, sizes.length) : known(body, sizes)
  if (!dangerous(body)) return { starts, length }
  useFuel(body, WILD_COST)
  const wild = random.below(sizes.length + 1)
  return {
    starts: starts.map((start, i) => (i === wild ? (inner) => edge(inner, sizes[i] ?? 0) : start)),
    length: wild === sizes.length ? (inner) => edge(inner, least) : length,
  }
}
