import type { Signature } from '../../spec/index.ts'
import { readConstExpression } from './expression.ts'
import {
  type DataSegment,
  type ElementSegment,
  type Export,
  type Global,
  type Import,
  type ImportDescriptor,
  importsOf,
  type Limits,
} from './module.ts'
import { hexByte, malformed, type Reader, readByte, readBytes, readName, readU32, readVector } from './reader.ts'
import { readFunctionType, readGlobalType, readMemoryType, readTableType } from './types.ts'
import { FEATURE, type Feature, unsupported } from './unsupported.ts'

/** Contents of the sections, in the order of the sections; code has a file of its own. */

export const readTypes = (reader: Reader): Signature[] => readVector(reader, 'types', readFunctionType)

export const readImports = (reader: Reader): Import[] => {
  const offset = reader.offset
  const imports = readVector(reader, 'imports', () => ({
    module: readName(reader, 'a module name'),
    name: readName(reader, 'an import name'),
    descriptor: readImportDescriptor(reader),
  }))
  atMostOne(reader, offset, importsOf(imports, 'table').length, 'tables', FEATURE.REFERENCES)
  atMostOne(reader, offset, importsOf(imports, 'memory').length, 'memories', FEATURE.MULTI_MEMORY)
  return imports
}

const atMostOne = (reader: Reader, offset: number, count: number, what: string, feature: Feature): void => {
  if (count > 1) throw unsupported(reader, offset, `${count} ${what}`, feature)
}

const TAG_KIND = 4

const readKind = (reader: Reader): ImportDescriptor['kind'] => {
  const offset = reader.offset
  const byte = readByte(reader, 'a kind of import or export')
  if (byte === TAG_KIND) throw unsupported(reader, offset, 'tag', FEATURE.EXCEPTIONS)
  const kind = (['function', 'table', 'memory', 'global'] as const)[byte]
  if (kind === undefined) throw malformed(reader, offset, 'a kind of import or export', hexByte(byte))
  return kind
}

const readImportDescriptor = (reader: Reader): ImportDescriptor => {
  const kind = readKind(reader)
  switch (kind) {
    case 'function':
      return { kind, type: readU32(reader, 'a type index') }
    case 'table':
      return { kind, limits: readTableType(reader) }
    case 'memory':
      return { kind, limits: readMemoryType(reader) }
    case 'global':
      return { kind, ...readGlobalType(reader) }
  }
}

export const readTypeIndices = (reader: Reader): number[] =>
  readVector(reader, 'functions', () => readU32(reader, 'a type index'))

export const readTables = (reader: Reader, imports: readonly Import[]): Limits[] => {
  const offset = reader.offset
  const tables = readVector(reader, 'tables', readTableType)
  atMostOne(reader, offset, tables.length + importsOf(imports, 'table').length, 'tables', FEATURE.REFERENCES)
  return tables
}

export const readMemories = (reader: Reader, imports: readonly Import[]): Limits[] => {
  const offset = reader.offset
  const memories = readVector(reader, 'memories', readMemoryType)
  atMostOne(reader, offset, memories.length + importsOf(imports, 'memory').length, 'memories', FEATURE.MULTI_MEMORY)
  return memories
}

export const readGlobals = (reader: Reader, importedGlobals: number): Global[] =>
  readVector(reader, 'globals', () => ({
    ...readGlobalType(reader),
    init: readConstExpression(reader, importedGlobals),
  }))

export const readExports = (reader: Reader): Export[] =>
  readVector(reader, 'exports', () => ({
    name: readName(reader, 'an export name'),
    kind: readKind(reader),
    index: readU32(reader, 'an index'),
  }))

export const readStart = (reader: Reader): number => readU32(reader, 'a function index')

/** 1.0 has an index here that must be 0; later versions use it for passive segments and explicit indices. */
const readSegmentIndex = (reader: Reader, what: string, lastKnown: number): void => {
  const offset = reader.offset
  const index = readU32(reader, `the index of ${what}`)
  if (index > lastKnown) throw malformed(reader, offset, `the index of ${what}`, String(index))
  if (index > 0) throw unsupported(reader, offset, `${what} of kind ${index}`, FEATURE.BULK)
}

const LAST_ELEMENT_KIND = 7
const LAST_DATA_KIND = 2

export const readElements = (reader: Reader, importedGlobals: number): ElementSegment[] =>
  readVector(reader, 'element segments', () => {
    readSegmentIndex(reader, 'element segment', LAST_ELEMENT_KIND)
    const offset = readConstExpression(reader, importedGlobals)
    return { offset, functions: readVector(reader, 'elements', () => readU32(reader, 'a function index')) }
  })

export const readData = (reader: Reader, importedGlobals: number): DataSegment[] =>
  readVector(reader, 'data segments', () => {
    readSegmentIndex(reader, 'data segment', LAST_DATA_KIND)
    const offset = readConstExpression(reader, importedGlobals)
    return { offset, bytes: readBytes(reader, readU32(reader, 'the size of a data segment'), 'a data segment') }
  })
