import type { ReferenceType, Signature, ValueType } from '../../spec/index.ts'
import { InvalidModule, offsetText } from './errors.ts'
import type { GlobalType, Limits, TableType } from './module.ts'
import { hexByte, malformed, type Reader, readByte, readSigned, readU32, readVector } from './reader.ts'
import { FEATURE, type Feature, unsupported } from './unsupported.ts'

const REFERENCE_TYPES: ReadonlyMap<number, ReferenceType> = new Map([
  [0x70, 'funcref'],
  [0x6f, 'externref'],
])

const VALUE_TYPES: ReadonlyMap<number, ValueType> = new Map<number, ValueType>([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  ...REFERENCE_TYPES,
])

type RefusedType = readonly [name: string, feature: Feature]

/** Bytes that stand where a value type or a reference type may, by name. */
const REFUSED_TYPES: ReadonlyMap<number, RefusedType> = new Map<number, RefusedType>([
  [0x7b, ['v128', FEATURE.SIMD]],
  [0x74, ['nullexnref', FEATURE.EXCEPTIONS]],
  [0x73, ['nullfuncref', FEATURE.GC]],
  [0x72, ['nullexternref', FEATURE.GC]],
  [0x71, ['nullref', FEATURE.GC]],
  [0x6e, ['anyref', FEATURE.GC]],
  [0x6d, ['eqref', FEATURE.GC]],
  [0x6c, ['i31ref', FEATURE.GC]],
  [0x6b, ['structref', FEATURE.GC]],
  [0x6a, ['arrayref', FEATURE.GC]],
  [0x69, ['exnref', FEATURE.EXCEPTIONS]],
  [0x64, ['ref', FEATURE.FUNCTION_REFERENCES]],
  [0x63, ['ref null', FEATURE.FUNCTION_REFERENCES]],
])

const FUNCTION_TYPE = 0x60
const EMPTY_BLOCK = 0x40

/** struct, array, sub, sub final, rec */
const GC_FORMS: ReadonlySet<number> = new Set([0x5f, 0x5e, 0x50, 0x4f, 0x4e])

const refusedType = (reader: Reader, offset: number, byte: number, expected: string): Error => {
  const refused = REFUSED_TYPES.get(byte)
  return refused === undefined
    ? malformed(reader, offset, expected, hexByte(byte))
    : unsupported(reader, offset, refused[0], refused[1])
}

export const readValueType = (reader: Reader): ValueType => {
  const offset = reader.offset
  const byte = readByte(reader, 'a value type')
  const type = VALUE_TYPES.get(byte)
  if (type === undefined) throw refusedType(reader, offset, byte, 'a value type')
  return type
}

export const readFunctionType = (reader: Reader): Signature => {
  const start = reader.offset
  const form = readByte(reader, 'a function type')
  if (GC_FORMS.has(form)) throw unsupported(reader, start, `type form ${hexByte(form)}`, FEATURE.GC)
  if (form !== FUNCTION_TYPE) throw malformed(reader, start, 'a function type (0x60)', hexByte(form))
  const params = readVector(reader, 'parameters', readValueType)
  return { params, results: readVector(reader, 'results', readValueType) }
}

const NO_VALUES: Signature = { params: [], results: [] }

const ONE_RESULT: ReadonlyMap<number, Signature> = new Map(
  [...VALUE_TYPES].map(([byte, type]) => [byte, { params: [], results: [type] }]),
)

/** What a block takes and leaves: nothing, one value, or what one of the types says. */
export const readBlockType = (reader: Reader, types: readonly Signature[]): Signature => {
  const offset = reader.offset
  const byte = readByte(reader, 'a block type')
  if (byte === EMPTY_BLOCK) return NO_VALUES
  const result = ONE_RESULT.get(byte)
  if (result !== undefined) return result
  const index = readTypeNumber(reader, offset, byte, 'a block type')
  const type = types[Number(index)]
  if (type === undefined) throw new InvalidModule(`block of unknown type ${index} at offset ${offsetText(offset)}`)
  return type
}

/** A type that is no byte of its own is a type index, a number of 33 bits that must not be negative. */
const readTypeNumber = (reader: Reader, offset: number, byte: number, expected: string): bigint => {
  if (REFUSED_TYPES.has(byte)) throw refusedType(reader, offset, byte, expected)
  reader.offset = offset
  const index = readSigned(reader, 33, expected)
  if (index < 0n) throw malformed(reader, offset, expected, hexByte(byte))
  return index
}

export const readReferenceType = (reader: Reader): ReferenceType => {
  const offset = reader.offset
  const byte = readByte(reader, 'a reference type')
  const type = REFERENCE_TYPES.get(byte)
  if (type === undefined) throw refusedType(reader, offset, byte, 'a reference type')
  return type
}

/** The type of a null: a reference type; newer versions have the number of a type here too. */
export const readNullType = (reader: Reader): ReferenceType => {
  const offset = reader.offset
  const byte = readByte(reader, 'a reference type')
  const type = REFERENCE_TYPES.get(byte)
  if (type !== undefined) return type
  const index = readTypeNumber(reader, offset, byte, 'a reference type')
  throw unsupported(reader, offset, `ref.null of type ${index}`, FEATURE.FUNCTION_REFERENCES)
}

const HAS_MAXIMUM = 1
const SHARED = 2
const IS_64 = 4
const PAGE_SIZE = 8

const readLimits = (reader: Reader, what: string, knownFlags: number): Limits => {
  const offset = reader.offset
  const flags = readByte(reader, `the limits of a ${what}`)
  if ((flags & ~knownFlags) !== 0) throw malformed(reader, offset, `the limits of a ${what}`, hexByte(flags))
  if ((flags & PAGE_SIZE) !== 0) throw unsupported(reader, offset, `${what} with a page size`, FEATURE.PAGE_SIZES)
  if ((flags & IS_64) !== 0) throw unsupported(reader, offset, `64-bit ${what}`, FEATURE.MEMORY64)
  if ((flags & SHARED) !== 0) throw unsupported(reader, offset, `shared ${what}`, FEATURE.THREADS)
  const minimum = readU32(reader, 'a minimum')
  return { minimum, maximum: (flags & HAS_MAXIMUM) !== 0 ? readU32(reader, 'a maximum') : null }
}

export const readMemoryType = (reader: Reader): Limits =>
  readLimits(reader, 'memory', HAS_MAXIMUM | SHARED | IS_64 | PAGE_SIZE)

const TABLE_WITH_INITIALISER = 0x40

export const readTableType = (reader: Reader): TableType => {
  const offset = reader.offset
  if (reader.bytes[offset] === TABLE_WITH_INITIALISER && offset < reader.end) {
    throw unsupported(reader, offset, 'table with an initialiser', FEATURE.FUNCTION_REFERENCES)
  }
  const element = readReferenceType(reader)
  return { element, limits: readLimits(reader, 'table', HAS_MAXIMUM | SHARED | IS_64) }
}

export const readGlobalType = (reader: Reader): GlobalType => {
  const type = readValueType(reader)
  const offset = reader.offset
  const flag = readByte(reader, 'mutability')
  if ((flag & ~3) === 0 && (flag & 2) !== 0) throw unsupported(reader, offset, 'shared global', FEATURE.THREADS)
  if (flag > 1) throw malformed(reader, offset, 'mutability 0 or 1', hexByte(flag))
  return { type, mutable: flag === 1 }
}
