import type { Signature } from '../../spec/index.ts'
import type { Instruction, MemoryArgument } from './instruction.ts'
import { type ImmediateKind, OPCODE_ROWS, type OpcodeRow, PREFIX_FC } from './opcodes.ts'
import { hexByte, malformed, type Reader, readBits, readByte, readSigned, readU32, readVector } from './reader.ts'
import { readBlockType, readNullType, readValueType } from './types.ts'
import { FEATURE, refusedOpcode, unsupported } from './unsupported.ts'

type RowWith<K extends ImmediateKind> = Extract<OpcodeRow, readonly [number, string, K]>

/** One instruction; a block may have any of the types. */
export const readInstruction = (reader: Reader, types: readonly Signature[]): Instruction => {
  const offset = reader.offset
  const byte = readByte(reader, 'an instruction or end')
  if (byte === PREFIX_BYTE) return readImmediates(reader, offset, readPrefixed(reader, offset), types)
  const row = OPCODE_ROWS.get(byte)
  if (row === undefined) throw refusedOpcode(reader, offset, byte)
  return readImmediates(reader, offset, row, types)
}

const PREFIX_BYTE = PREFIX_FC >> 8

const readPrefixed = (reader: Reader, offset: number): OpcodeRow => {
  const code = readU32(reader, 'the number of an instruction')
  const row = OPCODE_ROWS.get(PREFIX_FC + code)
  if (row === undefined) throw malformed(reader, offset, 'an instruction', `${hexByte(PREFIX_BYTE)} ${code}`)
  return row
}

const readImmediates = (reader: Reader, offset: number, row: OpcodeRow, types: readonly Signature[]): Instruction => {
  switch (row[2]) {
    case 'none':
      return { op: row[1], offset }
    case 'block':
      return { op: row[1], offset, signature: readBlockType(reader, types) }
    case 'label':
      return { op: row[1], offset, label: readU32(reader, 'a label') }
    case 'labels':
      return { op: row[1], offset, labels: readLabels(reader) }
    case 'function':
      return { op: row[1], offset, func: readU32(reader, 'a function index') }
    case 'indirect':
      return { op: row[1], offset, type: readU32(reader, 'a type index'), table: readTableIndex(reader) }
    case 'types':
      return { op: row[1], offset, types: readVector(reader, 'types', readValueType) }
    case 'local':
      return { op: row[1], offset, local: readU32(reader, 'a local index') }
    case 'global':
      return { op: row[1], offset, global: readU32(reader, 'a global index') }
    case 'memarg':
      return { op: row[1], offset, ...readMemoryArgument(reader) }
    case 'memory':
      readZeroByte(reader)
      return { op: row[1], offset }
    case 'memories':
      readZeroByte(reader)
      readZeroByte(reader)
      return { op: row[1], offset }
    case 'i32':
    case 'i64':
    case 'f32':
    case 'f64':
      return readConstant(reader, offset, row)
    default:
      return readSegmentOrTable(reader, offset, row)
  }
}

const readSegmentOrTable = (
  reader: Reader,
  offset: number,
  row: RowWith<'data' | 'dataMemory' | 'element' | 'elementTable' | 'table' | 'tables' | 'reference'>,
): Instruction => {
  switch (row[2]) {
    case 'data':
      return { op: row[1], offset, data: readDataIndex(reader) }
    case 'dataMemory': {
      const data = readDataIndex(reader)
      readZeroByte(reader)
      return { op: row[1], offset, data }
    }
    case 'element':
      return { op: row[1], offset, element: readElementIndex(reader) }
    case 'elementTable':
      return { op: row[1], offset, element: readElementIndex(reader), table: readTableIndex(reader) }
    case 'table':
      return { op: row[1], offset, table: readTableIndex(reader) }
    case 'tables':
      return { op: row[1], offset, table: readTableIndex(reader), source: readTableIndex(reader) }
    case 'reference':
      return { op: row[1], offset, reference: readNullType(reader) }
  }
}

const readConstant = (reader: Reader, offset: number, row: RowWith<'i32' | 'i64' | 'f32' | 'f64'>): Instruction => {
  switch (row[2]) {
    case 'i32':
      return { op: row[1], offset, value: BigInt.asUintN(32, readSigned(reader, 32, 'an i32 constant')) }
    case 'i64':
      return { op: row[1], offset, value: BigInt.asUintN(64, readSigned(reader, 64, 'an i64 constant')) }
    case 'f32':
      return { op: row[1], offset, value: readBits(reader, 4, 'an f32 constant') }
    case 'f64':
      return { op: row[1], offset, value: readBits(reader, 8, 'an f64 constant') }
  }
}

const readTableIndex = (reader: Reader): number => readU32(reader, 'a table index')
const readDataIndex = (reader: Reader): number => readU32(reader, 'the index of a data segment')
const readElementIndex = (reader: Reader): number => readU32(reader, 'the index of an element segment')

const readLabels = (reader: Reader): number[] => {
  const labels = readVector(reader, 'labels', (part) => readU32(part, 'a label'))
  return [...labels, readU32(reader, 'the default label')]
}

/** log2 of an alignment is below this; a bit above says that a memory index follows. */
const ALIGN_LIMIT = 32
const WITH_MEMORY_INDEX = 64

const readMemoryArgument = (reader: Reader): MemoryArgument => {
  const offset = reader.offset
  const align = readU32(reader, 'an alignment')
  if (align >= WITH_MEMORY_INDEX && align < WITH_MEMORY_INDEX + ALIGN_LIMIT) {
    throw unsupported(reader, offset, 'memory index', FEATURE.MULTI_MEMORY)
  }
  if (align >= ALIGN_LIMIT) throw malformed(reader, offset, 'an alignment', String(align))
  return { align, displacement: readU32(reader, 'an offset') }
}

/** The place of a memory index, which is one byte: there is one memory. */
const readZeroByte = (reader: Reader): void => {
  const offset = reader.offset
  const byte = readByte(reader, 'a zero byte')
  if (byte !== 0) throw malformed(reader, offset, 'a zero byte', hexByte(byte))
}
