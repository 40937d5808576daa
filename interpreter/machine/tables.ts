import { REGION, REGIONS, TABLE_CAPACITY_MASK, TABLE_PRESENT_BIT, TRAP } from '../../spec/index.ts'

/** Entries of TABLES up to the last that was present at the start or was stored to. */
export interface Tables {
  /** Two halves for each reference, the low one first: of a function, the pc of its entry, then its type id. */
  references: Int32Array
  /** Not 0 where the entry is present. */
  present: Uint8Array
  /** One byte for each block: not 0 if it was stored to since the last commitment. */
  dirty: Uint8Array
}

/** Entries of a block, as a power of two. */
export const ENTRY_BLOCK_BITS = 7

const MAX_ENTRIES = 2 ** REGIONS[REGION.TABLES].depth

const PRESENT = 1n << BigInt(TABLE_PRESENT_BIT)

const room = (entries: number): Tables => ({
  references: new Int32Array(2 * entries),
  // Copies are made word by word.
  present: new Uint8Array(new ArrayBuffer(4 * Math.ceil(entries / 4)), 0, entries),
  dirty: new Uint8Array(Math.ceil(entries / 2 ** ENTRY_BLOCK_BITS)),
})

export function createTables(leaves: readonly bigint[]): Tables {
  const tables = room(leaves.length)
  const references = new BigUint64Array(tables.references.buffer)
  leaves.forEach((leaf, i) => {
    if (leaf < PRESENT) return
    references[i] = BigInt.asUintN(64, leaf)
    tables.present[i] = 1
  })
  return tables
}

/** The leaf of an entry. */
export function leafOf({ references, present }: Tables, entry: number): bigint {
  if (!present[entry]) return 0n
  return PRESENT | (BigInt(references[2 * entry + 1]! >>> 0) << 32n) | BigInt(references[2 * entry]! >>> 0)
}

/** The entry at an index of a table, or -1 where it is absent. */
export function presentEntry({ present }: Tables, index: number, access: number, base: number): number {
  if (index >= 2 ** (access & TABLE_CAPACITY_MASK)) return -1
  return present[base + index] ? base + index : -1
}

/** The pc that an indirect call goes to, or the trap that refuses it as a negative number. */
export function callTarget(tables: Tables, index: number, access: number, base: number, typeId: number): number {
  const entry = presentEntry(tables, index, access, base)
  if (entry < 0) return -TRAP.UNDEFINED_ELEMENT
  const [low, high] = [tables.references[2 * entry]!, tables.references[2 * entry + 1]!]
  if ((low | high) === 0) return -TRAP.UNINITIALIZED_ELEMENT
  return high === typeId ? low >>> 0 : -TRAP.TYPE_MISMATCH
}

/** Sets an entry that is held, and makes it present. */
export function setEntry({ references, present, dirty }: Tables, entry: number, low: number, high: number): void {
  references[2 * entry] = low
  references[2 * entry + 1] = high
  present[entry] = 1
  dirty[entry >>> ENTRY_BLOCK_BITS] = 1
}

/** Sets an entry whether it is present or not; false where TABLES has none at that index. */
export function storeEntry(
  tables: Tables,
  index: number,
  access: number,
  base: number,
  low: number,
  high: number,
): boolean {
  const entry = base + index
  if (index >= 2 ** (access & TABLE_CAPACITY_MASK) || entry >= MAX_ENTRIES) return false
  if (entry >= tables.present.length) grow(tables, entry + 1)
  setEntry(tables, entry, low, high)
  return true
}

function grow(tables: Tables, needed: number): void {
  const grown = room(Math.min(MAX_ENTRIES, Math.max(needed, 2 * tables.present.length)))
  grown.references.set(tables.references)
  grown.present.set(tables.present)
  grown.dirty.set(tables.dirty)
  Object.assign(tables, grown)
}
