import { MalformedModule } from './errors.ts'
import { expectEnd, type Reader, readByte, readName, readPart, readU32 } from './reader.ts'
import type { Section } from './sections.ts'

const NAME_SECTION = 'name'
const FUNCTION_NAMES = 1

/** Names of functions from the name section. A broken one is no names: it does not make a module malformed. */
export const readFunctionNames = (sections: readonly Section[]): ReadonlyMap<number, string> => {
  const section = sections.find(({ customName }) => customName === NAME_SECTION)
  if (section === undefined) return new Map()
  try {
    return readNameSubsections({ ...section.contents })
  } catch (error) {
    if (error instanceof MalformedModule) return new Map()
    throw error
  }
}

const readNameSubsections = (reader: Reader): Map<number, string> => {
  const names = new Map<number, string>()
  while (reader.offset < reader.end) {
    const id = readByte(reader, 'a subsection id')
    const part = readPart(reader, readU32(reader, 'the size of a subsection'), 'a subsection')
    if (id === FUNCTION_NAMES) readNameMap(part, names)
  }
  return names
}

const readNameMap = (reader: Reader, names: Map<number, string>): void => {
  const count = readU32(reader, 'the number of names')
  for (let i = 0; i < count; i++) names.set(readU32(reader, 'an index'), readName(reader, 'a name'))
  expectEnd(reader, 'the name map')
}
