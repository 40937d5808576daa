import { type FunctionPlace, MalformedModule } from './errors.ts'

/** A cursor over a part of the module. */
export interface Reader {
  readonly bytes: Uint8Array
  /** Offset of the next byte in the module. */
  offset: number
  /** Offset behind the part's last byte. */
  readonly end: number
  /** The function whose body it is, for messages. */
  readonly func: FunctionPlace | null
}

const BITS_PER_BYTE = 7
const CONTINUES = 0x80

export const openReader = (bytes: Uint8Array): Reader => ({ bytes, offset: 0, end: bytes.length, func: null })

export const hexByte = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`

export const malformed = (reader: Reader, offset: number, expected: string, found: string): MalformedModule =>
  new MalformedModule(offset, expected, found, reader.func)

export const readByte = (reader: Reader, expected: string): number => {
  if (reader.offset >= reader.end) throw malformed(reader, reader.offset, expected, 'the end')
  return reader.bytes[reader.offset++] as number
}

/** The next `length` bytes as a view. */
export const readBytes = (reader: Reader, length: number, expected: string): Uint8Array => {
  const { bytes, offset, end } = reader
  if (length > end - offset) throw malformed(reader, offset, `${length} bytes of ${expected}`, `${end - offset}`)
  reader.offset += length
  return bytes.subarray(offset, offset + length)
}

/** Steps over the next `length` bytes and gives a reader of them alone. */
export const readPart = (
  reader: Reader,
  length: number,
  expected: string,
  func: FunctionPlace | null = null,
): Reader => {
  const offset = reader.offset
  readBytes(reader, length, expected)
  return { bytes: reader.bytes, offset, end: reader.offset, func }
}

/** The next `length` bytes as an unsigned number, the lowest first. */
export const readBits = (reader: Reader, length: number, expected: string): bigint =>
  readBytes(reader, length, expected).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

/** A part must be used up by what was read from it. */
export const expectEnd = (reader: Reader, part: string): void => {
  const left = reader.end - reader.offset
  if (left > 0) throw malformed(reader, reader.offset, `the end of ${part}`, `${left} more bytes`)
}

/** Unsigned LEB128 of at most 32 bits. */
export const readU32 = (reader: Reader, expected: string): number => {
  const start = reader.offset
  let value = 0
  for (let shift = 0; ; shift += BITS_PER_BYTE) {
    const byte = readByte(reader, expected)
    const rest = 32 - shift
    if (rest < BITS_PER_BYTE && byte >> rest !== 0) throw badInteger(reader, start, 32, byte)
    value += (byte & ~CONTINUES) * 2 ** shift
    if ((byte & CONTINUES) === 0) return value
  }
}

/** Signed LEB128 of at most `bits` bits, 32, 33 or 64. */
export const readSigned = (reader: Reader, bits: number, expected: string): bigint => {
  const start = reader.offset
  let value = 0n
  for (let shift = 0; ; shift += BITS_PER_BYTE) {
    const byte = readByte(reader, expected)
    const payload = byte & ~CONTINUES
    value |= BigInt(payload) << BigInt(shift)
    if (bits - shift <= BITS_PER_BYTE && !lastByteFits(byte, bits - shift)) throw badInteger(reader, start, bits, byte)
    if ((byte & CONTINUES) === 0) return BigInt.asIntN(Math.min(shift + BITS_PER_BYTE, bits), value)
  }
}

/** The last byte ends the number, and its bits above the number repeat the sign. */
const lastByteFits = (byte: number, bits: number): boolean => {
  if ((byte & CONTINUES) !== 0) return false
  const signAndAbove = byte >> (bits - 1)
  return signAndAbove === 0 || signAndAbove === 0x7f >> (bits - 1)
}

const badInteger = (reader: Reader, start: number, bits: number, last: number): MalformedModule =>
  (last & CONTINUES) !== 0
    ? malformed(reader, start, `an integer of at most ${Math.ceil(bits / BITS_PER_BYTE)} bytes`, 'a longer one')
    : malformed(reader, start, `an integer of ${bits} bits`, 'a larger one')

export const readVector = <T>(
  reader: Reader,
  expected: string,
  readItem: (reader: Reader, index: number) => T,
): T[] => {
  const count = readU32(reader, `the number of ${expected}`)
  const items: T[] = []
  for (let index = 0; index < count; index++) items.push(readItem(reader, index))
  return items
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const readName = (reader: Reader, expected: string): string => {
  const length = readU32(reader, `the length of ${expected}`)
  const offset = reader.offset
  const bytes = readBytes(reader, length, expected)
  try {
    return UTF8.decode(bytes)
  } catch {
    throw malformed(reader, offset, `${expected} in UTF-8`, 'other bytes')
  }
}
