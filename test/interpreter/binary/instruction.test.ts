import { describe, expect, it } from 'vitest'
import { decodeModule, type Instruction, instructionText } from '../../../interpreter/binary/index.ts'
import { type ImmediateKind, OPCODES } from '../../../interpreter/binary/opcodes.ts'
import type { ValueType } from '../../../spec/index.ts'
import { wasmOf } from '../../helpers/wat.ts'

interface Case {
  /** The text behind the name. */
  readonly text: string
  /** The immediates as decoded. */
  readonly fields: object
}

/** Immediates of every kind, none of them what an omitted one stands for. */
const CASES: Readonly<Record<ImmediateKind, readonly Case[]>> = {
  none: [{ text: '', fields: {} }],
  block: [
    { text: '', fields: { signature: { params: [], results: [] } } },
    { text: ' (result f32)', fields: { signature: { params: [], results: ['f32'] } } },
    { text: ' (result externref)', fields: { signature: { params: [], results: ['externref'] } } },
    { text: ' (param i32)', fields: { signature: { params: ['i32'], results: [] } } },
    { text: ' (param i32) (result i32 f64)', fields: { signature: { params: ['i32'], results: ['i32', 'f64'] } } },
  ],
  label: [{ text: ' 0', fields: { label: 0 } }],
  labels: [{ text: ' 0 0 0', fields: { labels: [0, 0, 0] } }],
  function: [{ text: ' 1', fields: { func: 1 } }],
  indirect: [
    { text: ' (type 0)', fields: { type: 0, table: 0 } },
    { text: ' 1 (type 1)', fields: { type: 1, table: 1 } },
  ],
  types: [
    { text: ' (result i32)', fields: { types: ['i32'] } },
    { text: ' (result funcref)', fields: { types: ['funcref'] } },
  ],
  local: [{ text: ' 2', fields: { local: 2 } }],
  global: [{ text: ' 1', fields: { global: 1 } }],
  memarg: [
    { text: '', fields: { displacement: 0 } },
    { text: ' offset=4294967295', fields: { displacement: 2 ** 32 - 1 } },
  ],
  memory: [{ text: '', fields: {} }],
  memories: [{ text: '', fields: {} }],
  data: [{ text: ' 1', fields: { data: 1 } }],
  dataMemory: [{ text: ' 1', fields: { data: 1 } }],
  element: [{ text: ' 1', fields: { element: 1 } }],
  elementTable: [{ text: ' 1 0', fields: { table: 1, element: 0 } }],
  table: [
    { text: ' 0', fields: { table: 0 } },
    { text: ' 1', fields: { table: 1 } },
  ],
  tables: [{ text: ' 0 1', fields: { table: 0, source: 1 } }],
  reference: [
    { text: ' func', fields: { reference: 'funcref' } },
    { text: ' extern', fields: { reference: 'externref' } },
  ],
  i32: [
    { text: ' -1', fields: { value: 2n ** 32n - 1n } },
    { text: ' 2147483647', fields: { value: 2n ** 31n - 1n } },
  ],
  i64: [{ text: ' -9223372036854775808', fields: { value: 2n ** 63n } }],
  f32: [
    { text: ' 0x1.8p+1', fields: { value: 0x40400000n } },
    { text: ' -nan:0x200001', fields: { value: 0xffa00001n } },
  ],
  f64: [
    { text: ' -0x1.8p+1', fields: { value: 0xc008000000000000n } },
    { text: ' nan:0x4000000000001', fields: { value: 0x7ff4000000000001n } },
  ],
}

/** What a name of the table is in the text format. */
const textName = (op: string): string => (op === 'select_t' ? 'select' : op)

/** Behind `unreachable` the operands may be of any number and type. */
const moduleWith = (body: string): Uint8Array =>
  wasmOf(`(module
    (type (func)) (type (func (param i64 f32)))
    (table 2 funcref) (table 2 funcref) (memory 1) (global (mut i32) (i32.const 0)) (global (mut i32) (i32.const 0))
    (data "a") (data "b") (elem func 1) (elem func)
    (func (type 0) (local i32 i32 i32) unreachable ${body} unreachable)
    (func (type 0)))`)

const bodyAround = (op: string, text: string): string => {
  switch (op) {
    case 'block':
    case 'loop':
      return `${text} unreachable end`
    case 'if':
      return `${text} unreachable else unreachable end`
    case 'else':
      return 'if else unreachable end'
    default:
      return op === 'end' ? 'block end' : text
  }
}

const decoded = (op: string, text: string): Instruction | undefined =>
  decodeModule(moduleWith(bodyAround(op, text))).functions[0]?.body.find((instruction) => instruction.op === op)

describe('instructionText', () => {
  it.each(OPCODES)('opcode %i, %s, is decoded and written as the text format has it', (_, op, immediate) => {
    for (const { text, fields } of CASES[immediate]) {
      const written = textName(op) + text
      const instruction = decoded(op, written)
      expect(instruction).toMatchObject({ op, ...fields })
      expect(instruction === undefined ? '' : instructionText(instruction)).toBe(written)
    }
  })

  it('is made once for all blocks of a type', () => {
    const params = new Array<ValueType>(1000).fill('externref')
    let texts = 0
    params.join = (separator) => {
      texts++
      return Array.prototype.join.call(params, separator)
    }
    const signature = { params, results: [] }
    const written = Array.from({ length: 100 }, (_, offset) => instructionText({ op: 'if', signature, offset }))
    expect(new Set(written)).toEqual(new Set([`if (param${' externref'.repeat(1000)})`]))
    expect(texts).toBe(1)
  })
})

describe('OPCODES', () => {
  it('has no opcode and no name twice', () => {
    expect(new Set(OPCODES.map(([code]) => code)).size).toBe(OPCODES.length)
    expect(new Set(OPCODES.map(([, op]) => op)).size).toBe(OPCODES.length)
  })
})
