import { readCode } from './code.ts'
import {
  readExports,
  readGlobals,
  readImports,
  readMemories,
  readStart,
  readTables,
  readTypeIndices,
  readTypes,
} from './entries.ts'
import { InvalidModule, MalformedModule } from './errors.ts'
import { functionNamer, importsOf, type Module } from './module.ts'
import { readFunctionNames } from './names.ts'
import { expectEnd, type Reader } from './reader.ts'
import { SECTION, type Section, splitSections } from './sections.ts'
import { readData, readDataCount, readElements } from './segments.ts'

/**
 * Decodes a module of WebAssembly 2.0 without SIMD but with tail calls, and has the host engine validate it.
 * Throws MalformedModule, UnsupportedFeature or InvalidModule; what it does not know it refuses.
 */
export const decodeModule = (source: Uint8Array): Module => {
  const bytes = new Uint8Array(source)
  const module = decodeSections(bytes, splitSections(bytes))
  validate(bytes)
  return module
}

const decodeSections = (bytes: Uint8Array, sections: readonly Section[]): Module => {
  const read = <T, U>(id: number, absent: U, readContents: (reader: Reader) => T): T | U =>
    readSection(sections, id, absent, readContents)
  const functionNames = readFunctionNames(sections)
  const types = read(SECTION.TYPE, [], readTypes)
  const imports = read(SECTION.IMPORT, [], readImports)
  const importedGlobals = importsOf(imports, 'global').length
  const functionTypes = read(SECTION.FUNCTION, [], readTypeIndices)
  const tables = read(SECTION.TABLE, [], readTables)
  const memories = read(SECTION.MEMORY, [], (reader) => readMemories(reader, imports))
  const globals = read(SECTION.GLOBAL, [], (reader) => readGlobals(reader, importedGlobals))
  const exports = read(SECTION.EXPORT, [], readExports)
  const start = read(SECTION.START, null, readStart)
  const elements = read(SECTION.ELEMENT, [], (reader) => readElements(reader, importedGlobals))
  const imported = importsOf(imports, 'function').length
  const nameOf = functionNamer({ functionNames, exports })
  const placeOf = (defined: number) => ({ index: imported + defined, name: nameOf(imported + defined) })
  const dataCount = read(SECTION.DATA_COUNT, null, readDataCount)
  const context = { types, functionTypes, dataCount, placeOf }
  const functions = read(SECTION.CODE, [], (reader) => readCode(reader, context))
  expectSection(functions, functionTypes.length, bytes.length, 'function bodies')
  const data = read(SECTION.DATA, [], (reader) => readData(reader, importedGlobals, dataCount))
  expectSection(data, dataCount ?? data.length, bytes.length, 'data segments')
  return { types, imports, functions, tables, memories, globals, exports, start, elements, data, functionNames }
}

const readSection = <T, U>(
  sections: readonly Section[],
  id: number,
  absent: U,
  readContents: (reader: Reader) => T,
): T | U => {
  const section = sections.find((candidate) => candidate.id === id)
  if (section === undefined) return absent
  const contents = readContents(section.contents)
  expectEnd(section.contents, `section ${id}`)
  return contents
}

/** Another section announced `wanted` entries; a section that is there has counted them itself. */
const expectSection = (entries: readonly unknown[], wanted: number, end: number, what: string): void => {
  if (entries.length !== wanted) throw new MalformedModule(end, `${wanted} ${what}`, 'no section of them')
}

const validate = (bytes: Uint8Array<ArrayBuffer>): void => {
  if (!WebAssembly.validate(bytes)) throw new InvalidModule(engineMessage(bytes))
}

const engineMessage = (bytes: Uint8Array<ArrayBuffer>): string => {
  try {
    new WebAssembly.Module(bytes)
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return error.message
  }
  return 'the host engine does not validate it'
}
