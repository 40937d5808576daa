import type { ReferenceType } from '../../spec/index.ts'
import { readConstExpression } from './expression.ts'
import type { ConstExpression, DataSegment, ElementSegment, Placement } from './module.ts'
import { hexByte, malformed, type Reader, readByte, readBytes, readU32, readVector } from './reader.ts'
import { readReferenceType } from './types.ts'

/** Bits of the number that begins a segment. Source: WebAssembly core specification, "Binary Format", "Modules". */
const NOT_ACTIVE = 1
const WITH_INDEX = 2
const DECLARATIVE = NOT_ACTIVE | WITH_INDEX
const EXPRESSIONS = 4

const LAST_ELEMENT_KIND = 7
const LAST_DATA_KIND = 2

const readKind = (reader: Reader, what: string, last: number): number => {
  const offset = reader.offset
  const kind = readU32(reader, `the kind of ${what}`)
  if (kind > last) throw malformed(reader, offset, `the kind of ${what}`, String(kind))
  return kind
}

const readPlacement = (reader: Reader, kind: number, what: string, importedGlobals: number): Placement => ({
  index: (kind & WITH_INDEX) === 0 ? 0 : readU32(reader, `${what} index`),
  at: readConstExpression(reader, importedGlobals),
})

export const readElements = (reader: Reader, importedGlobals: number): ElementSegment[] =>
  readVector(reader, 'element segments', () => readElementSegment(reader, importedGlobals))

const readElementSegment = (reader: Reader, importedGlobals: number): ElementSegment => {
  const kind = readKind(reader, 'element segment', LAST_ELEMENT_KIND)
  const mode = readElementMode(reader, kind, importedGlobals)
  const type = readItemType(reader, kind)
  const readItem = (kind & EXPRESSIONS) === 0 ? readFunctionItem : () => readConstExpression(reader, importedGlobals)
  return { type, items: readVector(reader, 'elements', readItem), mode }
}

const readElementMode = (reader: Reader, kind: number, importedGlobals: number): ElementSegment['mode'] => {
  if ((kind & NOT_ACTIVE) === 0) return readPlacement(reader, kind, 'a table', importedGlobals)
  return (kind & DECLARATIVE) === DECLARATIVE ? 'declarative' : 'passive'
}

/** The byte that stands for functions given by their indices. */
const ELEMENT_KIND_FUNCTION = 0

/** Segments of table 0 by default have functions by default. */
const readItemType = (reader: Reader, kind: number): ReferenceType => {
  if ((kind & DECLARATIVE) === 0) return 'funcref'
  if ((kind & EXPRESSIONS) !== 0) return readReferenceType(reader)
  const offset = reader.offset
  const byte = readByte(reader, 'an element kind')
  if (byte !== ELEMENT_KIND_FUNCTION) throw malformed(reader, offset, 'an element kind', hexByte(byte))
  return 'funcref'
}

const readFunctionItem = (reader: Reader): ConstExpression => {
  const offset = reader.offset
  return { op: 'ref.func', func: readU32(reader, 'a function index'), offset }
}

export const readDataCount = (reader: Reader): number => readU32(reader, 'the number of data segments')

/** The data segments, as many as the data count section says if there is one. */
export const readData = (reader: Reader, importedGlobals: number, count: number | null): DataSegment[] => {
  const offset = reader.offset
  const segments = readVector(reader, 'data segments', () => readDataSegment(reader, importedGlobals))
  if (count !== null && segments.length !== count) {
    throw malformed(reader, offset, `${count} data segments`, String(segments.length))
  }
  return segments
}

const readDataSegment = (reader: Reader, importedGlobals: number): DataSegment => {
  const kind = readKind(reader, 'data segment', LAST_DATA_KIND)
  const mode = (kind & NOT_ACTIVE) === 0 ? readPlacement(reader, kind, 'a memory', importedGlobals) : 'passive'
  return { bytes: readBytes(reader, readU32(reader, 'the size of a data segment'), 'a data segment'), mode }
}
