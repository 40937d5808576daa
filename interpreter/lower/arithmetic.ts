import { ALU_ROWS, type AluRow, CONTROL, UNIT } from '../../spec/index.ts'
import { OPCODES, type OpWith } from '../binary/opcodes.ts'
import type { Word } from './words.ts'

/** Arithmetic: a fixed word for each instruction. */

type NumberType = 'i32' | 'i64' | 'f32' | 'f64'

/** These change the type but not the bits, and slots hold bits. */
export type Reinterpretation = Extract<OpWith<'none'>, `${NumberType}.reinterpret_${NumberType}`>

/** Instructions that replace their operands by a number. */
export type NumericOp = Exclude<Extract<OpWith<'none'>, `${NumberType}.${string}`>, Reinterpretation>

const NUMERIC_OP = /^[if](32|64)\.(?!reinterpret)/

const fixed = { control: CONTROL.NEXT, unit: UNIT.WRITE }

export const unary = (alu: number): Word => ({ ...fixed, alu, a: 1, result: 1 })

const binary = (alu: number): Word => ({ ...fixed, alu, a: 2, b: 1, result: 2, delta: -1 })

/** The machine's operations carry the names of WebAssembly, but for these. */
const MACHINE_NAMES: ReadonlyMap<string, string> = new Map([
  ['i32.wrap_i64', 'i32.ext32'],
  ['i64.extend_i32_u', 'i32.ext32'],
  ['i64.extend_i32_s', 'i64.ext32'],
  ['i32.extend8_s', 'i32.ext8'],
  ['i32.extend16_s', 'i32.ext16'],
  ['i64.extend8_s', 'i64.ext8'],
  ['i64.extend16_s', 'i64.ext16'],
  ['i64.extend32_s', 'i64.ext32'],
])

const rowOf = (op: string): AluRow => {
  const wanted = MACHINE_NAMES.get(op) ?? op
  const row = ALU_ROWS.find(({ name }) => name === wanted)
  if (row === undefined) throw new RangeError(`the machine has no operation ${wanted}`)
  return row
}

const numericWord = (op: string): Word => {
  const { code, reads } = rowOf(op)
  return reads === 1 ? unary(code) : binary(code)
}

/** Arithmetic instruction to its word. */
export const NUMERIC_WORDS: ReadonlyMap<string, Word> = new Map(
  OPCODES.filter(([, op, immediate]) => immediate === 'none' && NUMERIC_OP.test(op)).map(([, op]) => [
    op,
    numericWord(op),
  ]),
)
