import { MAX_PAGES, PAGE_BITS, REGION, STACK_LIMIT } from '../../spec/index.ts'
import type { LoweredCode, Program } from '../lower/program.ts'
import { BLOCK_BITS } from '../machine/bytes.ts'
import { ENTRY_BLOCK_BITS } from '../machine/tables.ts'
import { NativeUnsupported } from './unsupported.ts'

/**
 * Where the machine's state lies in the one memory that all recompiled code shares: below the task's own memory, whose
 * address 0 is `memory` here.
 */
export interface Layout {
  readonly globals: number
  readonly references: number
  readonly present: number
  readonly tablesDirty: number
  readonly slots: number
  readonly memoryDirty: number
  readonly outputDirty: number
  readonly memory: number
  /** Leaves of GLOBALS. */
  readonly numbers: number
  /** Entries of TABLES. */
  readonly entries: number
}

/** Where code says how it stopped. */
export const CONTROL_WORDS = {
  /** Fuel and sp. */
  counter: 0,
  pc: 8,
  /** The slot of the return pc of the frame that was last captured. */
  returnSlot: 12,
  /** ENTER goes on only if sp and its need are within it. */
  stackLimit: 16,
} as const

/** Bytes for the control words, and so that no slot's address is below the first argument's. */
const CONTROL_BYTES = 2 ** PAGE_BITS

/** More locals no function can have in the engine; a capture before ENTER writes them. */
const SLACK_SLOTS = 2 ** 17
export const SLOTS = STACK_LIMIT + SLACK_SLOTS

const MARKS = 2 ** (PAGE_BITS - BLOCK_BITS) * MAX_PAGES + 2

/** Pages below the task's memory: room that MAX_GROW_PAGES leaves. */
const MOST_PAGES = 1024

const entriesOf = (sources: readonly LoweredCode[], { tables }: Program): number => {
  let most = tables.length
  for (const places of new Set(sources.map(({ places }) => places.tables))) {
    for (const { base, capacityLog2 } of places) most = Math.max(most, base + 2 ** capacityLog2)
  }
  return most
}

const aligned = (address: number): number => Math.ceil(address / 64) * 64

/** @throws NativeUnsupported if the tables leave no room */
export const layoutOf = (sources: readonly LoweredCode[], program: Program): Layout => {
  const entries = entriesOf(sources, program)
  let end = CONTROL_BYTES
  const place = (bytes: number): number => {
    const start = end
    end = aligned(end + bytes)
    return start
  }
  const layout = {
    globals: place(8 * program.globals.length),
    references: place(8 * entries),
    present: place(entries),
    tablesDirty: place(Math.ceil(entries / 2 ** ENTRY_BLOCK_BITS)),
    slots: place(8 * SLOTS),
    memoryDirty: place(MARKS),
    outputDirty: place(MARKS),
  }
  const pages = Math.ceil(end / 2 ** PAGE_BITS)
  if (pages > MOST_PAGES) throw new NativeUnsupported(`tables of ${entries} entries`)
  return { ...layout, numbers: program.globals.length, entries, memory: pages * 2 ** PAGE_BITS }
}

/** Memories of recompiled code by region. */
export const MEMORY_INDEX = { [REGION.INPUT]: 1, [REGION.DATA]: 2, [REGION.OUTPUT]: 3 } as const
