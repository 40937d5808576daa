import {
  ACCESS,
  ALU,
  CONTROL,
  EXTENSION,
  MAX_PAGES,
  PAGE_BITS,
  REGION,
  REGIONS,
  type Region,
  TABLE_CAPACITY_MASK,
  TABLE_PRESENT_BIT,
  TRAP,
  UNIT,
} from '../../spec/index.ts'
import { regionDepth } from '../commit/merkle.ts'
import type { InstructionWord } from './word.ts'

/** The memory unit: addresses, loads and stores. Twin: contracts/machine/Memory.sol. */

const LEAF_BITS = 5n
const BYTES_END = 1n << 32n
const PRESENT = 1n << BigInt(TABLE_PRESENT_BIT)

export const regionOf = (unit: number): Region => REGIONS[unit & UNIT.REGION_MASK] as Region

export const isLoad = (unit: number): boolean => (unit & UNIT.LOAD) !== 0 && regionOf(unit).load
export const isStore = (unit: number): boolean => (unit & UNIT.STORE) !== 0 && regionOf(unit).store

/** Bytes that a load or store of a byte region moves. */
export const widthOf = (access: number): bigint =>
  1n << BigInt(Math.min(access & ACCESS.WIDTH_MASK, ACCESS.MAX_WIDTH_LOG2))

/** a + immLo, not reduced. */
export const effectiveAddress = (word: InstructionWord, a: bigint): bigint => a + BigInt(word.immLo)

/** Index of the leaf that a load or store begins in, not reduced. */
export const firstLeaf = (word: InstructionWord, a: bigint): bigint => {
  const ea = effectiveAddress(word, a)
  return regionOf(word.unit).kind === 'bytes' ? ea >> LEAF_BITS : ea
}

/** Whether a load or store of a byte region reaches into a second leaf. */
export const crosses = (word: InstructionWord, a: bigint): boolean =>
  regionOf(word.unit).kind === 'bytes' && (effectiveAddress(word, a) & 31n) + widthOf(word.access) > 32n

/** Trap of an absent table entry: an indirect call has words of its own for it. */
export const absentTrap = (word: InstructionWord): number =>
  word.control === CONTROL.CALLREF || word.alu === ALU.CHECKREF ? TRAP.UNDEFINED_ELEMENT : TRAP.TABLE_BOUNDS

/** Substep 4: the trap of an address, or 0. `pages` counts pages of MEMORY. */
export function checkAddress(word: InstructionWord, a: bigint, pages: bigint): number {
  const { unit, access } = word
  if ((unit & (UNIT.LOAD | UNIT.STORE)) === 0) return TRAP.NONE
  const region = regionOf(unit)
  if (((unit & UNIT.LOAD) !== 0 && !region.load) || ((unit & UNIT.STORE) !== 0 && !region.store)) return TRAP.ILLEGAL
  const ea = effectiveAddress(word, a)
  const end = 1n << BigInt(regionDepth(region.index))
  if (region.kind === 'number') return ea >= end ? TRAP.ILLEGAL : TRAP.NONE
  if (region.kind === 'entry') {
    const capacity = 1n << BigInt(access & TABLE_CAPACITY_MASK)
    return a >= capacity || ea >= end ? absentTrap(word) : TRAP.NONE
  }
  return ea + widthOf(access) > byteLimit(unit, pages) ? TRAP.MEMORY_BOUNDS : TRAP.NONE
}

function byteLimit(unit: number, pages: bigint): bigint {
  if ((unit & UNIT.REGION_MASK) !== REGION.MEMORY || (unit & UNIT.WINDOW) !== 0) return BYTES_END
  return (pages < BigInt(MAX_PAGES) ? pages : BigInt(MAX_PAGES)) << BigInt(PAGE_BITS)
}

/** How many bytes of the access lie in its first leaf, and where they begin there. */
const firstPart = (word: InstructionWord, a: bigint): { offset: bigint; first: bigint } => {
  const offset = effectiveAddress(word, a) & 31n
  const width = widthOf(word.access)
  return { offset, first: offset + width > 32n ? 32n - offset : width }
}

/** `count` bytes at `offset` of a leaf as a little-endian number. */
const readLittleEndian = (leaf: Uint8Array, offset: bigint, count: bigint): bigint => {
  let read = 0n
  for (let i = Number(offset + count) - 1; i >= Number(offset); i--) read = (read << 8n) | BigInt(leaf[i] as number)
  return read
}

/** The leaf with the low `count` bytes of `stored` at `offset`, little-endian. */
const writeLittleEndian = (leaf: Uint8Array, offset: bigint, count: bigint, stored: bigint): Uint8Array => {
  const written = leaf.slice()
  for (let i = 0n; i < count; i++) written[Number(offset + i)] = Number(BigInt.asUintN(8, stored >> (8n * i)))
  return written
}

/** Substep 5, byte regions: the bytes of the first leaf. */
export function loadLow(word: InstructionWord, a: bigint, leaf: Uint8Array): bigint {
  const { offset, first } = firstPart(word, a)
  return readLittleEndian(leaf, offset, first)
}

/** Substep 6: the bytes of the second leaf, in their place. */
export function loadHigh(word: InstructionWord, a: bigint, leaf: Uint8Array): bigint {
  const { first } = firstPart(word, a)
  return readLittleEndian(leaf, 0n, widthOf(word.access) - first) << (8n * first)
}

/** Substep 8, byte regions: the first leaf after the store. */
export function storeLow(word: InstructionWord, a: bigint, r: bigint, leaf: Uint8Array): Uint8Array {
  const { offset, first } = firstPart(word, a)
  return writeLittleEndian(leaf, offset, first, r)
}

/** Substep 9: the second leaf after the store. */
export function storeHigh(word: InstructionWord, a: bigint, r: bigint, leaf: Uint8Array): Uint8Array {
  const { first } = firstPart(word, a)
  return writeLittleEndian(leaf, 0n, widthOf(word.access) - first, r >> (8n * first))
}

/** The reference of a table leaf, or undefined where the entry is absent. */
export const presentReference = (leaf: bigint): bigint | undefined =>
  leaf < PRESENT ? undefined : BigInt.asUintN(64, leaf)

/** The table leaf that holds a reference. */
export const tableLeaf = (r: bigint): bigint => PRESENT | BigInt.asUintN(64, r)

/** LOADED: sign extension in byte regions, the loaded value elsewhere. */
export function extendLoaded({ unit, access }: InstructionWord, r: bigint): bigint {
  const extension = (access >> ACCESS.EXTENSION_SHIFT) & ACCESS.EXTENSION_MASK
  if (regionOf(unit).kind !== 'bytes') return r
  if (extension !== EXTENSION.SIGN32 && extension !== EXTENSION.SIGN64) return r
  const bits = 8 * Number(widthOf(access))
  return BigInt.asUintN(extension === EXTENSION.SIGN32 ? 32 : 64, BigInt.asIntN(bits, r))
}
