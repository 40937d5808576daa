import { readCode } from './code.ts'
import {
  readData,
  readElements,
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
import { type FunctionBody, functionNamer, importsOf, type Module } from './module.ts'
import { readFunctionNames } from './names.ts'
import { expectEnd, type Reader } from './reader.ts'
import { SECTION, type Section, splitSections } from './sections.ts'

/**
 * Decodes a module of WebAssembly 1.0 without floating point and has the host engine validate it.
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
  const tables = read(SECTION.TABLE, [], (reader) => readTables(reader, imports))
  const memories = read(SECTION.MEMORY, [], (reader) => readMemories(reader, imports))
  const globals = read(SECTION.GLOBAL, [], (reader) => readGlobals(reader, importedGlobals))
  const exports = read(SECTION.EXPORT, [], readExports)
  const start = read(SECTION.START, null, readStart)
  const elements = read(SECTION.ELEMENT, [], (reader) => readElements(reader, importedGlobals))
  const imported = importsOf(imports, 'function').length
  const nameOf = functionNamer({ functionNames, exports })
  const placeOf = (defined: number) => ({ index: imported + defined, name: nameOf(imported + defined) })
  const code = read(SECTION.CODE, [], (reader) => readCode(reader, functionTypes, placeOf))
  const functions = expectBodies(code, functionTypes.length, bytes.length)
  const data = read(SECTION.DATA, [], (reader) => readData(reader, importedGlobals))
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

const expectBodies = (bodies: FunctionBody[], wanted: number, end: number): FunctionBody[] => {
  if (bodies.length !== wanted) throw new MalformedModule(end, `${wanted} function bodies`, 'no code section')
  return bodies
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
