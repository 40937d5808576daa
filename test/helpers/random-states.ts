import { bytesOf } from '../../interpreter/commit/bits.ts'
import type { Node } from '../../interpreter/commit/hash.ts'
import type { Core } from '../../interpreter/commit/state-hash.ts'
import { type InstructionWord, packWord } from '../../interpreter/machine/word.ts'
import { ALU_ROWS, CONTROL_ROWS, MISC, REGION, REGS, STACK_LIMIT, SUBSTEP, UNIT } from '../../spec/index.ts'
import type { Random } from './random.ts'
import { randomFloat } from './random-floats.ts'
import { coreAt, type Leaves, slotLeaf } from './substeps.ts'

/**
 * Machine states that no compiler would make. Every field is drawn by itself: mostly from what an
 * instruction could do, so that many steps get through, otherwise from its boundaries or from all values.
 */
export interface RandomState {
  readonly core: Core
  readonly leaves: Leaves
}

/** Share of fields that are drawn from all that fits them. */
const WILD = 0.02

/** Share of operands that are drawn as floats. */
const FLOATS = 0.2

const uint64 = (random: Random): bigint => (BigInt(random.uint32()) << 32n) | BigInt(random.uint32())
const uint128 = (random: Random): bigint => (uint64(random) << 64n) | uint64(random)
const uint256 = (random: Random): bigint => (uint128(random) << 128n) | uint128(random)

/** A 32-bit number around a power of two, or any. */
const wild32 = (random: Random): number =>
  random.chance(0.5) ? random.uint32() : (2 ** random.below(33) + random.below(5) - 2) >>> 0

const tame = (random: Random, value: () => number): number => (random.chance(WILD) ? wild32(random) : value())

/** A number for an operand: small, an address, a float, an edge of 32 or 64 bits, or any. */
function operand(random: Random): bigint {
  if (random.chance(FLOATS)) return randomFloat(random, random.pick(['f32', 'f64']))
  const kind = random.below(8)
  if (kind < 3) return BigInt(random.below(64))
  if (kind === 3) return BigInt(random.below(4 * 65536))
  if (kind === 4) return BigInt.asUintN(64, random.int64())
  if (kind === 5) return BigInt(random.int32() >>> 0)
  return kind === 6 ? uint64(random) : (1n << BigInt(random.below(128))) + BigInt(random.below(3))
}

const REGIONS_USED = [REGION.MEMORY, REGION.GLOBALS, REGION.TABLES, REGION.DATA, REGION.INPUT, REGION.OUTPUT]
const STORABLE = [REGION.MEMORY, REGION.GLOBALS, REGION.TABLES, REGION.OUTPUT]

function unit(random: Random): number {
  if (random.chance(WILD)) return random.below(256)
  const write = random.chance(0.7) ? UNIT.WRITE : 0
  const kind = random.below(8)
  if (kind < 4) return write | random.below(8)
  const window = random.chance(0.1) ? UNIT.WINDOW : 0
  if (kind < 6) return write | window | UNIT.LOAD | random.pick(REGIONS_USED)
  return write | window | (kind === 6 ? UNIT.STORE : UNIT.LOAD | UNIT.STORE) | random.pick(STORABLE)
}

/** Mostly controls that go on; TRAP and codes that do not exist are rare. */
function control(random: Random): number {
  if (random.chance(WILD)) return random.below(256)
  return random.chance(0.5) ? 1 : random.pick(CONTROL_ROWS).code
}

function word(random: Random): bigint {
  if (random.chance(WILD)) return uint256(random)
  const depth = () => tame(random, () => random.below(5))
  const fields: InstructionWord = {
    alu: random.chance(WILD) ? random.below(256) : random.pick(ALU_ROWS).code,
    control: control(random),
    unit: unit(random),
    access: random.below(random.chance(0.5) ? 256 : 32),
    a: depth(),
    b: depth(),
    c: depth(),
    result: tame(random, () => 1 + random.below(4)),
    delta: tame(random, () => random.below(6) - 4),
    immHi: tame(random, () => random.below(3)),
    immLo: tame(random, () => random.below(100)),
  }
  return packWord(fields)
}

/** A leaf of the memory unit: around the first present entry, a reference of a small type, or anything. */
function unitLeaf(random: Random): Node {
  if (random.chance(0.1)) return bytesOf(random.pick([0n, 1n << 64n, (1n << 64n) - 1n]))
  if (random.chance(0.4)) return bytesOf((1n << 64n) | (BigInt(random.below(3)) << 32n) | BigInt(random.below(50)))
  return bytesOf(uint256(random))
}

/** Pages, status and exit code are kept at random even where a running machine has zeros. */
function boundaryCore(random: Random): Core {
  return coreAt({
    steps: random.chance(0.05) ? 2n ** 64n - 1n : uint64(random),
    pc: tame(random, () => random.below(1000)),
    sp: tame(random, () => (random.chance(0.1) ? STACK_LIMIT - random.below(4) : 5 + random.below(50))),
    pages: tame(random, () => random.below(5)),
    status: random.chance(WILD) ? random.below(256) : 0,
    exit: random.uint32(),
  })
}

/** A step in flight with every field at random, at any substep or at a number that is none. */
function flyingCore(random: Random): Core {
  const substep = random.chance(0.1)
    ? random.pick([0, 11, 12, 255, random.below(256)])
    : 1 + random.below(SUBSTEP.RETIRE)
  const trap = random.chance(0.05) ? wild32(random) : 0
  const next = BigInt(wild32(random))
  const pages = BigInt(wild32(random))
  const beyond = random.chance(0.1) ? uint128(random) << 104n : 0n
  const misc = BigInt(substep) | (BigInt(trap) << 8n) | (next << 40n) | (pages << BigInt(MISC.pages[0])) | beyond
  const [a, b, c] = [operand(random), operand(random), operand(random)]
  const r = random.chance(0.3) ? 0n : operand(random)
  return { ...boundaryCore(random), misc: BigInt.asUintN(256, misc), word: word(random), a, b, c, r }
}

/** Share of states that begin inside a step. */
const FLYING = 0.15

export function randomState(random: Random): RandomState {
  const instruction = bytesOf(word(random))
  return {
    core: random.chance(FLYING) ? flyingCore(random) : boundaryCore(random),
    leaves: (n) => {
      if (n === SUBSTEP.FETCH) return instruction
      if (n <= SUBSTEP.OPERAND_C) return slotLeaf(operand(random), random)
      return unitLeaf(random)
    },
  }
}

export const isStopped = ({ regs, misc }: Core): boolean =>
  misc === 0n && ((regs >> BigInt(REGS.status[0])) & 0xffn) !== 0n
