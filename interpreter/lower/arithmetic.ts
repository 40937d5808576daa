import { ACCESS, ALU, ALU_ROWS, aluCode, CONTROL, EXTENSION, REGION, UNIT } from '../../spec/index.ts'
import type { Instruction } from '../binary/instruction.ts'
import type { OpWith } from '../binary/opcodes.ts'
import type { Word } from './words.ts'

/** Arithmetic and memory instructions: a fixed word each, but for the constant offset of an address. */

const { NEXT } = CONTROL
const { WRITE, LOAD, STORE } = UNIT

const unary = (alu: number): Word => ({ alu, control: NEXT, unit: WRITE, a: 1, result: 1 })

const binary = (alu: number): Word => ({ alu, control: NEXT, unit: WRITE, a: 2, b: 1, result: 2, delta: -1 })

/** The machine's integer operations carry the names of WebAssembly, but for the extensions. */
const integerWords = ALU_ROWS.filter(({ group }) => group === 'i32' || group === 'i64').map(
  ({ name, code, reads }) => [name, reads === 1 ? unary(code) : binary(code)] as const,
)

/** Arithmetic instruction to its word. */
export const NUMERIC_WORDS: ReadonlyMap<string, Word> = new Map([
  ...integerWords,
  ['i32.wrap_i64', unary(aluCode('i32', 'ext32'))],
  ['i64.extend_i32_u', unary(aluCode('i32', 'ext32'))],
  ['i64.extend_i32_s', unary(aluCode('i64', 'ext32'))],
])

type MemoryWord = (displacement: number) => Word

const load =
  (widthLog2: number, extension: number = EXTENSION.ZERO): MemoryWord =>
  (displacement) => ({
    alu: ALU.LOADED,
    control: NEXT,
    unit: REGION.MEMORY | LOAD | WRITE,
    access: widthLog2 | (extension << ACCESS.EXTENSION_SHIFT),
    a: 1,
    result: 1,
    immLo: displacement,
  })

const store =
  (widthLog2: number): MemoryWord =>
  (displacement) => ({
    alu: ALU.B,
    control: NEXT,
    unit: REGION.MEMORY | STORE,
    access: widthLog2,
    a: 2,
    b: 1,
    delta: -2,
    immLo: displacement,
  })

/** Loads and stores of linear memory, by the constant that is added to the address. */
export const MEMORY_WORDS: Readonly<Record<OpWith<'memarg'>, MemoryWord>> = {
  'i32.load': load(2),
  'i32.load8_s': load(0, EXTENSION.SIGN32),
  'i32.load8_u': load(0),
  'i32.load16_s': load(1, EXTENSION.SIGN32),
  'i32.load16_u': load(1),
  'i64.load': load(3),
  'i64.load8_s': load(0, EXTENSION.SIGN64),
  'i64.load8_u': load(0),
  'i64.load16_s': load(1, EXTENSION.SIGN64),
  'i64.load16_u': load(1),
  'i64.load32_s': load(2, EXTENSION.SIGN64),
  'i64.load32_u': load(2),
  'i32.store': store(2),
  'i32.store8': store(0),
  'i32.store16': store(1),
  'i64.store': store(3),
  'i64.store8': store(0),
  'i64.store16': store(1),
  'i64.store32': store(2),
}

type MemoryInstruction = Extract<Instruction, { readonly op: OpWith<'memarg'> }>

export const isMemoryInstruction = (instruction: Instruction): instruction is MemoryInstruction =>
  Object.hasOwn(MEMORY_WORDS, instruction.op)
