import {
  hexByte,
  malformed,
  openReader,
  type Reader,
  readByte,
  readBytes,
  readName,
  readPart,
  readU32,
} from './reader.ts'
import { FEATURE, unsupported } from './unsupported.ts'

/** Section ids of WebAssembly 2.0. Source: WebAssembly core specification, "Binary Format", "Modules". */
export const SECTION = {
  CUSTOM: 0,
  TYPE: 1,
  IMPORT: 2,
  FUNCTION: 3,
  TABLE: 4,
  MEMORY: 5,
  GLOBAL: 6,
  EXPORT: 7,
  START: 8,
  ELEMENT: 9,
  CODE: 10,
  DATA: 11,
  DATA_COUNT: 12,
} as const

/** The data count stands where a reader of the code needs it. */
const ORDER: readonly number[] = [
  ...[SECTION.CUSTOM, SECTION.TYPE, SECTION.IMPORT, SECTION.FUNCTION, SECTION.TABLE, SECTION.MEMORY, SECTION.GLOBAL],
  ...[SECTION.EXPORT, SECTION.START, SECTION.ELEMENT, SECTION.DATA_COUNT, SECTION.CODE, SECTION.DATA],
]

const TAG = 13

/** A section's contents; custom sections carry their name. */
export interface Section {
  readonly id: number
  readonly customName: string | null
  readonly contents: Reader
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d]
const VERSION_1 = [0x01, 0x00, 0x00, 0x00]

const expectBytes = (reader: Reader, wanted: readonly number[], what: string): void => {
  const offset = reader.offset
  const found = readBytes(reader, wanted.length, what)
  if (wanted.some((byte, i) => found[i] !== byte)) {
    throw malformed(reader, offset, what, Array.from(found, hexByte).join(' '))
  }
}

/** Cuts a module into its sections: each at most once and in order, custom ones anywhere. */
export const splitSections = (bytes: Uint8Array): Section[] => {
  const reader = openReader(bytes)
  expectBytes(reader, MAGIC, 'the magic number \\0asm')
  expectBytes(reader, VERSION_1, 'version 1')
  const sections: Section[] = []
  let last: number = SECTION.CUSTOM
  while (reader.offset < reader.end) {
    const offset = reader.offset
    const section = readSection(reader)
    if (section.id !== SECTION.CUSTOM) {
      if (ORDER.indexOf(section.id) <= ORDER.indexOf(last))
        throw malformed(reader, offset, `a section after section ${last}`, `section ${section.id}`)
      last = section.id
    }
    sections.push(section)
  }
  return sections
}

const readSection = (reader: Reader): Section => {
  const offset = reader.offset
  const id = readByte(reader, 'a section id')
  if (id === TAG) throw unsupported(reader, offset, 'tag section', FEATURE.EXCEPTIONS)
  if (!ORDER.includes(id)) throw malformed(reader, offset, 'a section id from 0 to 12', String(id))
  const length = readU32(reader, 'the size of a section')
  const contents = readPart(reader, length, `section ${id}`)
  return { id, customName: id === SECTION.CUSTOM ? readName(contents, 'the name of a custom section') : null, contents }
}
