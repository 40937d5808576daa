import { bytesOf } from '../../interpreter/commit/bits.ts'
import type { Node } from '../../interpreter/commit/hash.ts'
import { pathLength, regionDepth, regionOf } from '../../interpreter/commit/merkle.ts'
import { encodeWitness } from '../../interpreter/commit/witness.ts'
import { boundaryCore } from '../../interpreter/machine/boundary.ts'
import type { Registers } from '../../interpreter/machine/registers.ts'
import { advance, type Touch, touch } from '../../interpreter/machine/step.ts'
import { packWord } from '../../interpreter/machine/word.ts'
import { REGION, REGION_LEVELS, SUBSTEP, SUBSTEPS } from '../../spec/index.ts'
import { createRandom, type Random } from '../../test/helpers/random.ts'
import type { Operation } from './operations.ts'

/**
 * How full the tree is. Dense: every sibling on the way is there, so a path is as long as it can be.
 * Sparse: 8,192 words of code, 4 MiB of memory, 256 slots, 256 globals and table entries, 4 KiB of
 * data, input and output.
 */
export type Density = 'dense' | 'sparse'

/** Levels of each region that are in use, from the leaf up. */
const SPARSE_LEVELS: Record<number, number> = {
  [REGION.CODE]: 13,
  [REGION.MEMORY]: 17,
  [REGION.STACK]: 8,
  [REGION.GLOBALS]: 8,
  [REGION.TABLES]: 8,
  [REGION.DATA]: 7,
  [REGION.INPUT]: 7,
  [REGION.OUTPUT]: 7,
}

/** Bytes without a zero: the dearest calldata. */
const fullBytes = (random: Random): Node => random.bytes(32).map((byte) => byte || 1)

/** Nodes that a witness would send as absent stand for empty siblings. */
function siblings(random: Random, { g }: Touch, density: Density, empty: (level: number) => Node): Node[] {
  const length = pathLength(g)
  const region = regionOf(g)
  const used = density === 'dense' ? regionDepth(region) : (SPARSE_LEVELS[region] as number)
  return Array.from({ length }, (_, level) => {
    const present = level < used || level >= length - REGION_LEVELS
    return present ? fullBytes(random) : empty(level)
  })
}

/** The leaf at a place: such that operands and addresses lie within all limits and accesses cross. */
function leafAt(random: Random, { g }: Touch, operation: Operation, substep: number): Node {
  const region = regionOf(g)
  if (region === REGION.CODE) return bytesOf(packWord(operation.word))
  const operand = operation.operands?.[substep - SUBSTEP.OPERAND_A]
  if (operand !== undefined) return bytesOf(operand)
  if (region === REGION.STACK) return bytesOf(BigInt(31 + 32 * (random.below(2) + 1)))
  if (region === REGION.TABLES) return bytesOf((1n << 64n) | (1n << 32n) | 77n)
  return fullBytes(random)
}

/** Registers with full counters, as deep into a long run. */
const START: Registers = { steps: 0x1a2b3c4d5e6fn, pc: 5_555, sp: 222, pages: 64, status: 0, exit: 0 }

export interface JudgedCase {
  readonly operation: string
  readonly substep: number
  /** Whether the substep touches a leaf. */
  readonly touches: boolean
  readonly words: readonly Node[]
}

/** The witnesses of the twelve substeps of one step of an operation. */
export function casesOf(operation: Operation, density: Density, empty: (level: number) => Node): JudgedCase[] {
  const random = createRandom(1)
  let core = boundaryCore(START)
  return Array.from({ length: SUBSTEPS }, (_, substep) => {
    const touched = touch(core)
    const leaf = touched ? leafAt(random, touched, operation, substep) : fullBytes(random)
    const path = touched ? siblings(random, touched, density, empty) : []
    const words = encodeWitness({ core, leaf, siblings: path })
    core = advance(core, leaf).core
    return { operation: operation.name, substep, touches: touched !== undefined, words }
  })
}
