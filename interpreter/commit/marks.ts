import { CHUNK_PAIRS } from './chunks.ts'

/** The pairs of a level's nodes that changed: a bit for each, by chunk. */
export type Marks = Map<number, number>
export const ALL_PAIRS = -1

/** Number of the lowest bit that is set. */
export const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits)

export function mark(marks: Marks, chunk: number, pairs: number): void {
  const before = marks.get(chunk) ?? 0
  if ((before | pairs) !== before) marks.set(chunk, before | pairs)
}

/** Half as many bits: one for each two, set if either of them is. */
export function halved(bits: number): number {
  let half = (bits | (bits >>> 1)) & 0x55555555
  half = (half | (half >>> 1)) & 0x33333333
  half = (half | (half >>> 2)) & 0x0f0f0f0f
  half = (half | (half >>> 4)) & 0x00ff00ff
  return (half | (half >>> 8)) & 0x0000ffff
}

/** The changed pair, counted in its level, where there is but one. */
export function onlyPair(marks: Marks): number | undefined {
  if (marks.size > 1) return undefined
  for (const [chunk, pairs] of marks) if ((pairs & (pairs - 1)) === 0) return CHUNK_PAIRS * chunk + lowest(pairs)
  return undefined
}
