import { MAX_GROW_PAGES, MAX_PAGES, PAGE_BITS, REGION, REGIONS, TABLE_PRESENT_BIT } from '../../spec/index.ts'
import type { ConstExpression, Limits, Module } from '../binary/module.ts'
import { ProgramTooLarge, SegmentOutOfBounds } from './errors.ts'

/** What memory, globals and tables hold at the start: initialisers and segments are applied here. */

const MAX_GLOBALS = 2 ** REGIONS[REGION.GLOBALS].depth
const MAX_TABLE_ENTRIES = 2 ** REGIONS[REGION.TABLES].depth

/** Entries for which a table that may grow has room. */
const TABLE_ROOM = 2 ** 16

/** A task without a memory has one of no pages that cannot grow: every access is out of bounds. */
const NO_MEMORY: Limits = { minimum: 0, maximum: 0 }

export const memoryLimits = (task: Module): Limits => task.memories[0] ?? NO_MEMORY

/** Pages to which memory.grow may go: 64 MiB of the 4 GiB stay free for the native tier. */
export const growLimit = ({ minimum, maximum }: Limits): number =>
  Math.max(minimum, Math.min(maximum ?? MAX_PAGES, MAX_GROW_PAGES))

/** Imported globals are refused when modules are linked, so that every initialiser is a constant. */
const constantValue = (expression: ConstExpression): bigint => {
  if (expression.op === 'global.get') throw new RangeError(`no imported global ${expression.global} in a linked module`)
  return expression.value
}

/** Memory from address 0 up to the last byte that a segment writes. */
export const memoryImage = (task: Module): Uint8Array => {
  const size = memoryLimits(task).minimum * 2 ** PAGE_BITS
  const placed = task.data.map(({ offset, bytes }, index) => {
    const start = Number(constantValue(offset))
    const end = start + bytes.length
    if (end > size) throw new SegmentOutOfBounds('data', index, end, size)
    return { start, end, bytes }
  })
  const image = new Uint8Array(placed.reduce((length, { end }) => Math.max(length, end), 0))
  for (const { start, bytes } of placed) image.set(bytes, start)
  return image
}

/** Globals of the modules in link order. */
export const globalsImage = (modules: readonly Module[]): bigint[] => {
  const globals = modules.flatMap((module) => module.globals.map(({ init }) => constantValue(init)))
  if (globals.length > MAX_GLOBALS) throw new ProgramTooLarge('globals', globals.length, MAX_GLOBALS)
  return globals
}

/** log2 of the entries that the table is given room for: a table that may grow gets room for 2^16. */
export const tableCapacityLog2 = (task: Module): number => {
  const table = task.tables[0]
  if (table === undefined) return 0
  const room = Math.max(table.minimum, Math.min(table.maximum ?? TABLE_ROOM, TABLE_ROOM))
  if (room > MAX_TABLE_ENTRIES) throw new ProgramTooLarge('table entries', room, MAX_TABLE_ENTRIES)
  return Math.ceil(Math.log2(Math.max(room, 1)))
}

/** Leaves of the table's entries: null where no segment writes. */
export const tableImage = (task: Module, referenceOf: (func: number) => bigint): bigint[] => {
  const size = task.tables[0]?.minimum ?? 0
  const present = 1n << BigInt(TABLE_PRESENT_BIT)
  const entries = new Array<bigint>(size).fill(present)
  task.elements.forEach(({ offset, functions }, index) => {
    const start = Number(constantValue(offset))
    const end = start + functions.length
    if (end > size) throw new SegmentOutOfBounds('element', index, end, size)
    functions.forEach((func, i) => {
      entries[start + i] = present | referenceOf(func)
    })
  })
  return entries
}
