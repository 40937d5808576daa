import { InvalidModule } from './errors.ts'
import type { Instruction, MemoryArgument } from './instruction.ts'
import type { ConstExpression } from './module.ts'
import { OPCODE_ROWS, type OpcodeRow } from './opcodes.ts'
import { hexByte, malformed, type Reader, readByte, readSigned, readU32, readVector } from './reader.ts'
import { readBlockType } from './types.ts'
import { FEATURE, refusedOpcode, unsupported } from './unsupported.ts'

/** Reads instructions up to the `end` that closes the expression; `else` and `end` must match what is open. */
export const readExpression = (reader: Reader): Instruction[] => {
  const instructions: Instruction[] = []
  const open: Instruction['op'][] = []
  for (;;) {
    const instruction = readInstruction(reader)
    instructions.push(instruction)
    if (instruction.op === 'block' || instruction.op === 'loop' || instruction.op === 'if') open.push(instruction.op)
    if (instruction.op === 'else') {
      const inner = open.pop()
      if (inner !== 'if')
        throw malformed(reader, instruction.offset, 'else inside an if', `else in ${inner ?? 'no block'}`)
      open.push('else')
    }
    if (instruction.op === 'end' && open.pop() === undefined) return instructions
  }
}

const readInstruction = (reader: Reader): Instruction => {
  const offset = reader.offset
  const opcode = readByte(reader, 'an instruction or end')
  const row = OPCODE_ROWS.get(opcode)
  if (row === undefined) throw refusedOpcode(reader, offset, opcode)
  return readImmediates(reader, offset, row)
}

const readImmediates = (reader: Reader, offset: number, row: OpcodeRow): Instruction => {
  switch (row[2]) {
    case 'none':
      return { op: row[1], offset }
    case 'block':
      return { op: row[1], offset, result: readBlockType(reader) }
    case 'label':
      return { op: row[1], offset, label: readU32(reader, 'a label') }
    case 'labels':
      return { op: row[1], offset, labels: readLabels(reader) }
    case 'function':
      return { op: row[1], offset, func: readU32(reader, 'a function index') }
    case 'type':
      return { op: row[1], offset, type: readIndirectType(reader) }
    case 'local':
      return { op: row[1], offset, local: readU32(reader, 'a local index') }
    case 'global':
      return { op: row[1], offset, global: readU32(reader, 'a global index') }
    case 'memarg':
      return { op: row[1], offset, ...readMemoryArgument(reader) }
    case 'memory':
      readZeroByte(reader)
      return { op: row[1], offset }
    case 'i32':
      return { op: row[1], offset, value: BigInt.asUintN(32, readSigned(reader, 32, 'an i32 constant')) }
    case 'i64':
      return { op: row[1], offset, value: BigInt.asUintN(64, readSigned(reader, 64, 'an i64 constant')) }
  }
}

const readLabels = (reader: Reader): number[] => {
  const labels = readVector(reader, 'labels', (part) => readU32(part, 'a label'))
  return [...labels, readU32(reader, 'the default label')]
}

const readIndirectType = (reader: Reader): number => {
  const type = readU32(reader, 'a type index')
  const offset = reader.offset
  const table = readU32(reader, 'a table index')
  if (table !== 0) throw unsupported(reader, offset, `call_indirect of table ${table}`, FEATURE.REFERENCES)
  return type
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

const readZeroByte = (reader: Reader): void => {
  const offset = reader.offset
  const byte = readByte(reader, 'a zero byte')
  if (byte !== 0) throw malformed(reader, offset, 'a zero byte', hexByte(byte))
}

const EXTENDED: ReadonlySet<string> = new Set(['i32.add', 'i32.sub', 'i32.mul', 'i64.add', 'i64.sub', 'i64.mul'])

/** An initialiser or a segment's offset: one constant, or the value of one of the imported globals. */
export const readConstExpression = (reader: Reader, importedGlobals: number): ConstExpression => {
  const body = readExpression(reader)
  for (const { op, offset } of body) {
    if (EXTENDED.has(op)) throw unsupported(reader, offset, op, FEATURE.EXTENDED_CONST)
  }
  const [value, end] = body
  if (body.length !== 2 || value === undefined || end === undefined) throw notConstant(body)
  if (value.op === 'i32.const' || value.op === 'i64.const') return value
  if (value.op !== 'global.get') throw notConstant(body)
  const { op, offset, global } = value
  if (global >= importedGlobals) {
    throw unsupported(reader, offset, `global.get ${global} of the module itself`, FEATURE.EXTENDED_CONST)
  }
  return { op, offset, global }
}

const notConstant = (body: readonly Instruction[]): InvalidModule =>
  new InvalidModule(`constant expression expected, found ${body.map(({ op }) => op).join(' ')}`)
