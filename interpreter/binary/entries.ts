import type { Signature } from '../../spec/index.ts'
import { readConstExpression } from './expression.ts'
import {
  type Export,
  type Global,
  type Import,
  type ImportDescriptor,
  importsOf,
  type Limits,
  type TableType,
} from './module.ts'
import { hexByte, malformed, type Reader, readByte, readName, readU32, readVector } from './reader.ts'
import { readFunctionType, readGlobalType, readMemoryType, readTableType } from './types.ts'
import { FEATURE, unsupported } from './unsupported.ts'

/** Contents of the sections, in the order of the sections; code and segments have files of their own. */

export const readTypes = (reader: Reader): Signature[] => readVector(reader, 'types', readFunctionType)

export const readImports = (reader: Reader): Import[] => {
  const offset = reader.offset
  const imports = readVector(reader, 'imports', () => ({
    module: readName(reader, 'a module name'),
    name: readName(reader, 'an import name'),
    descriptor: readImportDescriptor(reader),
  }))
  atMostOneMemory(reader, offset, importsOf(imports, 'memory').length)
  return imports
}

const atMostOneMemory = (reader: Reader, offset: number, count: number): void => {
  if (count > 1) throw unsupported(reader, offset, `${count} memories`, FEATURE.MULTI_MEMORY)
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
      return { kind, ...readTableType(reader) }
    case 'memory':
      return { kind, limits: readMemoryType(reader) }
    case 'global':
      return { kind, ...readGlobalType(reader) }
  }
}

export const readTypeIndices = (reader: Reader): number[] =>
  readVector(reader, 'functions', () => readU32(reader, 'a type index'))

export const readTables = (reader: Reader): TableType[] => readVector(reader, 'tables', readTableType)

export const readMemories = (reader: Reader, imports: readonly Import[]): Limits[] => {
  const offset = reader.offset
  const memories = readVector(reader, 'memories', readMemoryType)
  atMostOneMemory(reader, offset, memories.length + importsOf(imports, 'memory').length)
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
