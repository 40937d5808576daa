/**
 * The eight regions under the root, in tree order. Source: docs/machine.md, "State".
 * `kind` says how a leaf is read: an instruction word, bytes of a byte-addressed space,
 * a 128-bit number, or a table entry.
 */
export type RegionKind = 'word' | 'bytes' | 'number' | 'entry'

export interface Region {
  readonly name: string
  readonly index: number
  /** Levels below the region root: 2^depth leaves. */
  readonly depth: number
  readonly kind: RegionKind
  /** The unit of an instruction word may load from it. */
  readonly load: boolean
  /** The unit of an instruction word may store to it. */
  readonly store: boolean
}

export const REGIONS = [
  { name: 'CODE', index: 0, depth: 24, kind: 'word', load: false, store: false },
  { name: 'MEMORY', index: 1, depth: 27, kind: 'bytes', load: true, store: true },
  { name: 'STACK', index: 2, depth: 20, kind: 'number', load: false, store: false },
  { name: 'GLOBALS', index: 3, depth: 16, kind: 'number', load: true, store: true },
  { name: 'TABLES', index: 4, depth: 24, kind: 'entry', load: true, store: true },
  { name: 'DATA', index: 5, depth: 27, kind: 'bytes', load: true, store: false },
  { name: 'INPUT', index: 6, depth: 27, kind: 'bytes', load: true, store: false },
  { name: 'OUTPUT', index: 7, depth: 27, kind: 'bytes', load: true, store: true },
] as const satisfies readonly Region[]

export type RegionName = (typeof REGIONS)[number]['name']

/** Region index by name. */
export const REGION = {
  CODE: 0,
  MEMORY: 1,
  STACK: 2,
  GLOBALS: 3,
  TABLES: 4,
  DATA: 5,
  INPUT: 6,
  OUTPUT: 7,
} as const satisfies Record<RegionName, number>

/** Levels above the region roots: eight regions. */
export const REGION_LEVELS = 3
