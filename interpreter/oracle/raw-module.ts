import { decodeModule, importsOf, type Module } from '../binary/index.ts'
import { openReader, readU32 } from '../binary/reader.ts'
import { SECTION, splitSections } from '../binary/sections.ts'
import { assemble, nameBytes, unsigned } from '../native/encoding.ts'

/** A module as its author made it, but that whoever runs it can reach its memory and starts it himself. */
export interface RawModule {
  readonly wasm: Uint8Array<ArrayBuffer>
  readonly module: Module
  /** Names under which it exports its first memory and its start function, where it has them. */
  readonly memory: string | null
  readonly start: string | null
}

const KIND = { function: 0, memory: 2 } as const

/** Not taken by another export. */
const freeName = ({ exports }: Module, wanted: string): string => {
  let name = wanted
  while (exports.some((taken) => taken.name === name)) name += '_'
  return name
}

const hasMemory = ({ memories, imports }: Module): boolean => memories.length + importsOf(imports, 'memory').length > 0

const exportEntry = (name: string, kind: number, index: number): number[] => [
  ...nameBytes(name),
  kind,
  ...unsigned(index),
]

interface Part {
  readonly id: number
  readonly bytes: Uint8Array
}

/** Those that mean something, in their order. */
const partsOf = (wasm: Uint8Array): Part[] =>
  splitSections(wasm)
    .filter(({ id }) => id !== SECTION.CUSTOM)
    .map(({ id, contents: { offset, end } }) => ({ id, bytes: wasm.subarray(offset, end) }))

/** The export section with more entries. */
const withEntries = (before: Uint8Array | undefined, entries: readonly (readonly number[])[]): Part => {
  const reader = before && openReader(before)
  const count = reader === undefined ? 0 : readU32(reader, 'the number of exports')
  const rest = before === undefined ? [] : before.subarray(reader?.offset)
  return {
    id: SECTION.EXPORT,
    bytes: Uint8Array.from([...unsigned(count + entries.length), ...rest, ...entries.flat()]),
  }
}

/** The memory section that gives a module's memory no more pages than these, if they are not those it begins with. */
const boundedMemory = (module: Module, mostPages: number): Part[] =>
  module.memories.map(({ minimum, maximum }) => {
    const most = Math.max(minimum, Math.min(maximum ?? mostPages, mostPages))
    return { id: SECTION.MEMORY, bytes: Uint8Array.from([1, 1, ...unsigned(minimum), ...unsigned(most)]) }
  })

/**
 * Exports what a host needs, and starts nothing by itself.
 * @param mostPages of the memory that it defines, if any is given
 */
export const rawModule = (wasm: Uint8Array, mostPages?: number): RawModule => {
  const module = decodeModule(wasm)
  const memory = hasMemory(module) ? freeName(module, 'memory') : null
  const start = module.start === null ? null : freeName(module, 'start')
  const entries = [
    ...(memory === null ? [] : [exportEntry(memory, KIND.memory, 0)]),
    ...(start === null || module.start === null ? [] : [exportEntry(start, KIND.function, module.start)]),
  ]
  const parts = partsOf(wasm)
  const before = parts.flatMap((part) => {
    if (part.id === SECTION.MEMORY && mostPages !== undefined) return boundedMemory(module, mostPages)
    return part.id < SECTION.EXPORT ? [part] : []
  })
  const exported = withEntries(parts.find(({ id }) => id === SECTION.EXPORT)?.bytes, entries)
  const after = parts.filter(({ id }) => id > SECTION.START)
  const sections = [...before, exported, ...after].map(({ id, bytes }) => [id, bytes] as const)
  return { wasm: assemble(sections), module, memory, start }
}
