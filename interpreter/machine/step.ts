import { ALU, CONTROL, MISC, REGION, REGS, STACK_LIMIT, STATUS, SUBSTEP, TRAP, UNIT } from '../../spec/index.ts'
import { bytesOf, field, numberOf, withField } from '../commit/bits.ts'
import type { Hash, Node } from '../commit/hash.ts'
import { cutSiblings, foldPath, leafIndex, pathLength, regionDepth, zeroNode } from '../commit/merkle.ts'
import { type Core, stateHash } from '../commit/state-hash.ts'
import { decodeCore, decodePath } from '../commit/witness.ts'
import { alu } from './alu.ts'
import { checkReference, transfer } from './control.ts'
import * as memory from './memory.ts'
import { trapOf, withTrap } from './trap.ts'
import { type InstructionWord, unpackWord } from './word.ts'

/**
 * The twelve substeps: the reference definition of the machine, exact for every state.
 * Source: docs/machine.md, "Witness and substeps". Twin: contracts/machine/Stepper.sol.
 */

/** The one leaf that the next substep touches. */
export interface Touch {
  /** Generalized index of the leaf. */
  readonly g: number
  readonly how: 'read' | 'write' | 'cut'
}

/** A core after one substep; `leaf` is new only where the leaf was written. */
export interface Advance {
  readonly core: Core
  readonly leaf: Node
}

const CODE_END = 2n ** BigInt(regionDepth(REGION.CODE))
const LIMIT = BigInt(STACK_LIMIT)

/** Which substep comes next, 0 to 11; undefined for a machine that has stopped and stays as it is. */
export function nextSubstep({ regs, misc }: Core): number | undefined {
  if (misc === 0n) return field(regs, REGS.status) === BigInt(STATUS.RUNNING) ? SUBSTEP.FETCH : undefined
  const n = Number(field(misc, MISC.substep))
  return n >= SUBSTEP.OPERAND_A && n <= SUBSTEP.WRITE_BACK ? n : SUBSTEP.RETIRE
}

const slot = (core: Core, depth: number): number => leafIndex(REGION.STACK, field(core.regs, REGS.sp) - BigInt(depth))

const newSp = (core: Core, word: InstructionWord): bigint =>
  BigInt.asUintN(32, field(core.regs, REGS.sp) + BigInt(word.delta))

function touchUnit(word: InstructionWord, a: bigint, how: 'read' | 'write', second: boolean): Touch | undefined {
  const active = how === 'read' ? memory.isLoad(word.unit) : memory.isStore(word.unit)
  if (!active || (second && !memory.crosses(word, a))) return undefined
  const index = memory.firstLeaf(word, a) + (second ? 1n : 0n)
  return { g: leafIndex(memory.regionOf(word.unit).index, index), how }
}

/** The leaf that the next substep touches, if any. */
export function touch(core: Core): Touch | undefined {
  const n = nextSubstep(core)
  if (n === undefined) return undefined
  if (n === SUBSTEP.FETCH) {
    const pc = field(core.regs, REGS.pc)
    return pc < CODE_END ? { g: leafIndex(REGION.CODE, pc), how: 'read' } : undefined
  }
  if (trapOf(core.misc) !== 0n) return undefined
  const word = unpackWord(core.word)
  const operand = (depth: number): Touch | undefined =>
    depth === 0 ? undefined : { g: slot(core, depth), how: 'read' }
  switch (n) {
    case SUBSTEP.OPERAND_A:
      return operand(word.a)
    case SUBSTEP.OPERAND_B:
      return operand(word.b)
    case SUBSTEP.OPERAND_C:
      return operand(word.c)
    case SUBSTEP.LOAD_LOW:
      return touchUnit(word, core.a, 'read', false)
    case SUBSTEP.LOAD_HIGH:
      return touchUnit(word, core.a, 'read', true)
    case SUBSTEP.STORE_LOW:
      return touchUnit(word, core.a, 'write', false)
    case SUBSTEP.STORE_HIGH:
      return touchUnit(word, core.a, 'write', true)
    case SUBSTEP.WRITE_BACK:
      return word.unit & UNIT.WRITE ? { g: slot(core, word.result), how: 'write' } : undefined
    case SUBSTEP.RETIRE:
      return word.delta < 0 ? { g: leafIndex(REGION.STACK, newSp(core, word)), how: 'cut' } : undefined
    default:
      return undefined
  }
}

/** The trap that the stack range of a fetched word sets, or 0. */
function stackTrap(word: InstructionWord, sp: bigint): number {
  const after = sp + BigInt(word.delta)
  if (word.alu === ALU.ENTER && sp <= LIMIT && after > LIMIT) return TRAP.STACK_EXHAUSTED
  const inRange = (depth: number) => sp - BigInt(depth) >= 0n && sp - BigInt(depth) < LIMIT
  const reads = [word.a, word.b, word.c].filter((depth) => depth !== 0)
  const slots = word.unit & UNIT.WRITE ? [...reads, word.result] : reads
  return sp <= LIMIT && after >= 0n && after <= LIMIT && slots.every(inRange) ? TRAP.NONE : TRAP.ILLEGAL
}

function fetch(core: Core, leaf: Node): Core {
  const inCode = field(core.regs, REGS.pc) < CODE_END
  const word = inCode ? numberOf(leaf) : 0n
  const trap = inCode ? stackTrap(unpackWord(word), field(core.regs, REGS.sp)) : TRAP.ILLEGAL
  return { regs: core.regs, misc: withTrap(1n, trap), word, a: 0n, b: 0n, c: 0n, r: 0n }
}

const operandValue = (depth: number, leaf: Node): bigint => (depth === 0 ? 0n : BigInt.asUintN(128, numberOf(leaf)))

function loadLow(core: Core, word: InstructionWord, leaf: Node): Core {
  if (!memory.isLoad(word.unit)) return core
  const { kind } = memory.regionOf(word.unit)
  if (kind === 'number') return { ...core, r: BigInt.asUintN(128, numberOf(leaf)) }
  if (kind === 'bytes') return { ...core, r: core.r | memory.loadLow(word, core.a, leaf) }
  const reference = memory.presentReference(numberOf(leaf))
  if (reference === undefined) return { ...core, misc: withTrap(core.misc, memory.absentTrap(word)) }
  return { ...core, r: reference }
}

function loadHigh(core: Core, word: InstructionWord, leaf: Node): Core {
  if (!memory.isLoad(word.unit) || !memory.crosses(word, core.a)) return core
  return { ...core, r: core.r | memory.loadHigh(word, core.a, leaf) }
}

const replaceMisc = (misc: bigint, next: bigint, pages: bigint): bigint =>
  withField(withField(misc, MISC.next, next), MISC.pages, pages)

function call(core: Core, next: bigint): Core {
  const misc = replaceMisc(core.misc, next, field(core.regs, REGS.pages))
  return { ...core, misc, r: field(core.regs, REGS.pc) + 1n }
}

function execute(core: Core, word: InstructionWord): Core {
  if (word.control === CONTROL.CALL) return call(core, BigInt(word.immLo))
  if (word.control === CONTROL.CALLREF) {
    const trap = checkReference(word, core.r)
    return trap ? { ...core, misc: withTrap(core.misc, trap) } : call(core, BigInt.asUintN(32, core.r))
  }
  const result = alu(word, core)
  const { next, trap } = transfer(word, field(core.regs, REGS.pc), core.a, core.b)
  const first = result.trap || trap
  if (first) return { ...core, misc: withTrap(core.misc, first) }
  return { ...core, misc: replaceMisc(core.misc, next, result.pages), r: result.r }
}

function storedLow(core: Core, word: InstructionWord, leaf: Node): Node {
  if (!memory.isStore(word.unit)) return leaf
  const { kind } = memory.regionOf(word.unit)
  if (kind === 'number') return bytesOf(core.r)
  if (kind === 'entry') return bytesOf(memory.tableLeaf(core.r))
  return memory.storeLow(word, core.a, core.r, leaf)
}

const storedHigh = (core: Core, word: InstructionWord, leaf: Node): Node =>
  memory.isStore(word.unit) && memory.crosses(word, core.a) ? memory.storeHigh(word, core.a, core.r, leaf) : leaf

function retire(core: Core): Core {
  const { regs, misc } = core
  const word = unpackWord(core.word)
  const trap = trapOf(misc)
  const stop = (from: bigint, status: number, exit: bigint) =>
    withField(withField(from, REGS.status, BigInt(status)), REGS.exit, exit)
  let after = withField(regs, REGS.steps, field(regs, REGS.steps) + 1n)
  if (trap !== 0n) after = stop(after, STATUS.TRAPPED, trap)
  else {
    after = withField(after, REGS.pc, field(misc, MISC.next))
    after = withField(after, REGS.sp, newSp(core, word))
    after = withField(after, REGS.pages, field(misc, MISC.pages))
    if (word.control === CONTROL.HALT) after = stop(after, STATUS.HALTED, core.a)
  }
  return { regs: after, misc: 0n, word: 0n, a: 0n, b: 0n, c: 0n, r: 0n }
}

/** Substeps 1 to 10 of a step without a trap; the substep counter is not moved here. */
function work(n: number, core: Core, leaf: Node): Advance {
  const word = unpackWord(core.word)
  const changed = (next: Core): Advance => ({ core: next, leaf })
  switch (n) {
    case SUBSTEP.OPERAND_A:
      return changed({ ...core, a: operandValue(word.a, leaf) })
    case SUBSTEP.OPERAND_B:
      return changed({ ...core, b: operandValue(word.b, leaf) })
    case SUBSTEP.OPERAND_C:
      return changed({ ...core, c: operandValue(word.c, leaf) })
    case SUBSTEP.ADDRESS: {
      const trap = memory.checkAddress(word, core.a, field(core.regs, REGS.pages))
      return changed(trap ? { ...core, misc: withTrap(core.misc, trap) } : core)
    }
    case SUBSTEP.LOAD_LOW:
      return changed(loadLow(core, word, leaf))
    case SUBSTEP.LOAD_HIGH:
      return changed(loadHigh(core, word, leaf))
    case SUBSTEP.EXECUTE:
      return changed(execute(core, word))
    case SUBSTEP.STORE_LOW:
      return { core, leaf: storedLow(core, word, leaf) }
    case SUBSTEP.STORE_HIGH:
      return { core, leaf: storedHigh(core, word, leaf) }
    default:
      return { core, leaf: word.unit & UNIT.WRITE ? bytesOf(core.r) : leaf }
  }
}

/**
 * One substep. `leaf` is the leaf that `touch` names, anything where it names none.
 * A cut shows only in `touch`: the caller empties the stack from that leaf on.
 */
export function advance(core: Core, leaf: Node): Advance {
  const n = nextSubstep(core)
  if (n === undefined) return { core, leaf }
  if (n === SUBSTEP.FETCH) return { core: fetch(core, leaf), leaf }
  if (n === SUBSTEP.RETIRE) return { core: retire(core), leaf: zeroNode(0) }
  const done = trapOf(core.misc) === 0n ? work(n, core, leaf) : { core, leaf }
  return { core: { ...done.core, misc: withField(done.core.misc, MISC.substep, BigInt(n + 1)) }, leaf: done.leaf }
}

/** Hashes of the state that a witness describes and of the state one substep later. */
export interface Judgement {
  readonly pre: Hash
  readonly post: Hash
}

/**
 * What the contract's stepper answers for an encoded witness.
 * @throws WitnessLength, BitmapBeyondDepth, RegistersTooWide, as the contract reverts
 */
export function judge(words: readonly Node[]): Judgement {
  const { core, rest } = decodeCore(words)
  const touched = touch(core)
  const { leaf, siblings } = decodePath(rest, touched ? pathLength(touched.g) : 0, words.length - rest.length)
  const after = advance(core, leaf)
  const g = touched?.g ?? 1
  const preRoot = foldPath(g, leaf, siblings)
  return { pre: stateHash(preRoot, core), post: stateHash(postRoot(), after.core) }

  function postRoot(): Node {
    if (touched === undefined || touched.how === 'read') return preRoot
    const depth = regionDepth(REGION.STACK)
    return foldPath(g, after.leaf, touched.how === 'cut' ? cutSiblings(g, siblings, depth) : siblings)
  }
}
