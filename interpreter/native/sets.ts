import type { Instruction } from '../binary/instruction.ts'
import { blocksOf } from './blocks.ts'

/** Where the locals of a function are set: indices of instructions, in order. */
type Sets = ReadonlyMap<number, readonly number[]>

const KNOWN = new WeakMap<readonly Instruction[], Sets>()

const setsOf = (code: readonly Instruction[]): Sets => {
  const known = KNOWN.get(code) ?? findSets(code)
  KNOWN.set(code, known)
  return known
}

const findSets = (code: readonly Instruction[]): Sets => {
  const sets = new Map<number, number[]>()
  for (const [at, instruction] of code.entries()) {
    if (instruction.op !== 'local.set' && instruction.op !== 'local.tee') continue
    const places = sets.get(instruction.local)
    if (places === undefined) sets.set(instruction.local, [at])
    else places.push(at)
  }
  return sets
}

/** Whether a local is set in the block that begins at an instruction. */
export const isSetWithin = (code: readonly Instruction[], local: number, opening: number): boolean => {
  const places = setsOf(code).get(local) ?? []
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (places[middle]! < opening) low = middle + 1
    else high = middle
  }
  return low < places.length && places[low]! < blocksOf(code).end(opening)
}
