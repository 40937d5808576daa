import type { Instruction } from '../binary/instruction.ts'

/** A block that is open at an instruction, and the arm of an `if` that it stands in. */
export interface Around {
  readonly opening: number
  readonly arm: 'none' | 'first' | 'second'
}

/** Where the blocks of a function begin and end, by indices of instructions. */
export interface Blocks {
  /** The end of the block that begins at an index. */
  end(opening: number): number
  /** The `else` of the block that begins at an index, if there is one. */
  otherwise(opening: number): number | undefined
  /** Where the block of an `else` begins. */
  opening(otherwise: number): number
  /** The blocks that are open at an instruction, outermost first. */
  around(at: number): Around[]
}

/** Functions are resumed more than once. */
const KNOWN = new WeakMap<readonly Instruction[], Blocks>()

export const blocksOf = (code: readonly Instruction[]): Blocks => {
  const known = KNOWN.get(code) ?? findBlocks(code)
  KNOWN.set(code, known)
  return known
}

const findBlocks = (code: readonly Instruction[]): Blocks => {
  const [ends, otherwises, openings] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()]
  const open: number[] = []
  for (const [at, { op }] of code.entries()) {
    const innermost = open.at(-1)
    if (op === 'block' || op === 'loop' || op === 'if') open.push(at)
    if (op === 'else' && innermost !== undefined) {
      otherwises.set(innermost, at)
      openings.set(at, innermost)
    }
    if (op === 'end' && innermost !== undefined) {
      ends.set(innermost, at)
      open.pop()
    }
  }
  const armOf = (opening: number, at: number): Around['arm'] => {
    const otherwise = otherwises.get(opening)
    if (otherwise === undefined) return 'none'
    return at < otherwise ? 'first' : 'second'
  }
  return {
    end: (opening) => ends.get(opening)!,
    otherwise: (opening) => otherwises.get(opening),
    opening: (otherwise) => openings.get(otherwise)!,
    around: (at) =>
      [...ends]
        .filter(([opening, end]) => opening < at && at < end)
        .map(([opening]) => ({ opening, arm: armOf(opening, at) }))
        .sort((a, b) => a.opening - b.opening),
  }
}
