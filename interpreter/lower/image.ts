import { MAX_GROW_PAGES, MAX_PAGES, PAGE_BITS, REGION, REGIONS, TABLE_PRESENT_BIT } from '../../spec/index.ts'
import type { Limits, TableType } from '../binary/module.ts'
import type { MemoryPlace, SegmentPlace, TablePlace } from './body.ts'
import { ProgramTooLarge } from './errors.ts'
import type { Program } from './program.ts'
import { SparseBytes } from './sparse-bytes.ts'

const MAX_GLOBALS = 2 ** REGIONS[REGION.GLOBALS].depth
const MAX_ENTRIES = 2 ** REGIONS[REGION.TABLES].depth
const LEAF_BYTES = 32
const MAX_DATA = LEAF_BYTES * 2 ** REGIONS[REGION.DATA].depth
const PAGE_BYTES = 2 ** PAGE_BITS

/** Entries for which a table that may grow has room. */
const TABLE_ROOM = 2 ** 16

/** Pages for which a second memory that may grow has room. */
const WINDOW_ROOM = 64

const PRESENT = 1n << BigInt(TABLE_PRESENT_BIT)

/** Big numbers are objects: that of a null, of which tables are full, is made once. */
const presentEntry = (reference: bigint): bigint => (reference === 0n ? PRESENT : PRESENT | reference)

const atMost = (what: string, needed: number, limit: number): void => {
  if (needed > limit) throw new ProgramTooLarge(what, needed, limit)
}

const log2Ceiling = (count: number): number => Math.ceil(Math.log2(Math.max(count, 1)))

/** What a machine that ran leaves in its regions, as much of it as programs have there. */
export interface Remains {
  readonly pages: number
  readonly globals: ArrayLike<bigint>
  /** Leaves of TABLES. */
  readonly tables: ArrayLike<bigint>
  /** Bytes of MEMORY from an address on. */
  readonly memory: Iterable<{ readonly address: number; readonly bytes: Uint8Array }>
}

/**
 * What the regions of a program hold at the start, but for code. Places are given out one after another and never
 * taken back. Source: docs/machine.md, "Lowering".
 */
export class Image {
  readonly #globals: bigint[] = []
  readonly #tables: bigint[] = []
  readonly #memory = new SparseBytes()
  readonly #data: Uint8Array[] = []
  #pages = 0
  #hasLinear = false
  /** First page of MEMORY behind all memories. */
  #windowPage = MAX_GROW_PAGES
  #entries = 0
  #dataBytes = 0
  readonly #tableLimit: number

  /** The limit is on leaves of TABLES. */
  constructor(tableLimit: number = MAX_ENTRIES) {
    this.#tableLimit = tableLimit
  }

  /** The leaf of a new global. */
  placeGlobal(value = 0n): number {
    atMost('globals', this.#globals.length + 1, MAX_GLOBALS)
    return this.#globals.push(value) - 1
  }

  global(leaf: number): bigint {
    const value = this.#globals[leaf]
    if (value === undefined) throw new RangeError(`no global ${leaf}`)
    return value
  }

  setGlobal(leaf: number, value: bigint): void {
    this.#globals[leaf] = value
  }

  /** A table whose entries are null. */
  placeTable({ element, limits: { minimum, maximum } }: TableType): TablePlace {
    const capacityLog2 = log2Ceiling(Math.max(minimum, Math.min(maximum ?? TABLE_ROOM, TABLE_ROOM)))
    const base = this.#placeEntries('table entries', capacityLog2)
    const growLimit = Math.min(maximum ?? 2 ** capacityLog2, 2 ** capacityLog2)
    const place = {
      type: element,
      base,
      capacityLog2,
      maximum,
      growLimit,
      sizeGlobal: this.placeGlobal(BigInt(minimum)),
    }
    this.writeEntries(base, new Array<bigint>(minimum).fill(0n))
    return place
  }

  #placeEntries(what: string, capacityLog2: number): number {
    const base = this.#entries
    atMost(what, base + 2 ** capacityLog2, this.#tableLimit)
    this.#entries += 2 ** capacityLog2
    return base
  }

  /** Fills leaves of TABLES from `leaf` on with present references. */
  writeEntries(leaf: number, references: readonly bigint[]): void {
    while (this.#tables.length < leaf) this.#tables.push(0n)
    references.forEach((reference, i) => {
      this.#tables[leaf + i] = presentEntry(reference)
    })
  }

  /** The first memory is linear memory, later ones are windows. */
  placeMemory(limits: Limits): MemoryPlace {
    return this.#hasLinear ? this.placeWindow(limits) : this.#placeLinear(limits)
  }

  #placeLinear({ minimum, maximum }: Limits): MemoryPlace {
    const growLimit = Math.max(minimum, Math.min(maximum ?? MAX_PAGES, MAX_GROW_PAGES))
    this.#hasLinear = true
    this.#pages = minimum
    this.#windowPage = Math.max(this.#windowPage, growLimit)
    return { maximum, growLimit, window: null }
  }

  /** A memory that is not linear memory: as much room as there is, behind all others. */
  placeWindow({ minimum, maximum }: Limits): MemoryPlace {
    const first = this.#windowPage
    const room = Math.min(maximum ?? WINDOW_ROOM, WINDOW_ROOM, MAX_PAGES - first)
    const growLimit = Math.max(minimum, room)
    atMost('pages of memories', first + growLimit, MAX_PAGES)
    this.#windowPage += growLimit
    const window = { base: first * PAGE_BYTES, sizeGlobal: this.placeGlobal(BigInt(minimum)) }
    return { maximum, growLimit, window }
  }

  /** Bytes of MEMORY as they are in the memory at `place` from `address` on. */
  writeMemory({ window }: MemoryPlace, address: number, bytes: Uint8Array): void {
    this.#memory.write((window?.base ?? 0) + address, bytes)
  }

  /** Pages that the memory has now. */
  pagesOf({ window }: MemoryPlace): number {
    return window === null ? this.#pages : Number(this.global(window.sizeGlobal))
  }

  /** Entries that the table has now. */
  entriesOf({ sizeGlobal }: TablePlace): number {
    return Number(this.global(sizeGlobal))
  }

  /** Room in TABLES for the references of a segment, to be written there. */
  placeElements(length: number): SegmentPlace {
    const base = this.#placeEntries('table entries of segments', log2Ceiling(length))
    return { base, lengthGlobal: this.placeGlobal(BigInt(length)) }
  }

  placeData(bytes: Uint8Array): SegmentPlace {
    const base = this.#dataBytes
    atMost('bytes of data segments', base + bytes.length, MAX_DATA)
    this.#dataBytes += bytes.length
    this.#data.push(bytes)
    return { base, lengthGlobal: this.placeGlobal(BigInt(bytes.length)) }
  }

  /** Continues with what a machine left that ran this image. */
  absorb({ pages, globals, tables, memory }: Remains): void {
    this.#pages = pages
    for (let leaf = 0; leaf < this.#globals.length; leaf++) this.#globals[leaf] = globals[leaf] ?? 0n
    this.#tables.length = 0
    for (let leaf = 0; leaf < Math.min(tables.length, this.#entries); leaf++) this.#tables.push(tables[leaf] ?? 0n)
    this.#memory.clear()
    for (const { address, bytes } of memory) this.#memory.write(address, bytes)
  }

  /** Copies of the regions; trailing absent entries of TABLES are left out. */
  regions(): Pick<Program, 'pages' | 'memory' | 'globals' | 'tables' | 'data'> {
    const present = this.#tables.findLastIndex((leaf) => leaf !== 0n) + 1
    const data = new Uint8Array(this.#dataBytes)
    let at = 0
    for (const bytes of this.#data) {
      data.set(bytes, at)
      at += bytes.length
    }
    return {
      pages: this.#pages,
      memory: this.#memory.pieces(),
      globals: [...this.#globals],
      tables: this.#tables.slice(0, present),
      data,
    }
  }
}
