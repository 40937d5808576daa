import type { ReferenceType, Signature, ValueType } from '../../spec/index.ts'
import { floatText } from './float-text.ts'
import type { OpWith } from './opcodes.ts'

/** Natural alignment or less, as log2, and the constant that is added to the address. */
export interface MemoryArgument {
  readonly align: number
  readonly displacement: number
}

type Immediates =
  | { readonly op: OpWith<'none'> }
  /** What the block takes from the stack and leaves there. */
  | { readonly op: OpWith<'block'>; readonly signature: Signature }
  | { readonly op: OpWith<'label'>; readonly label: number }
  /** The last label is the default. */
  | { readonly op: OpWith<'labels'>; readonly labels: readonly number[] }
  | { readonly op: OpWith<'function'>; readonly func: number }
  | { readonly op: OpWith<'indirect'>; readonly type: number; readonly table: number }
  | { readonly op: OpWith<'types'>; readonly types: readonly ValueType[] }
  | { readonly op: OpWith<'local'>; readonly local: number }
  | { readonly op: OpWith<'global'>; readonly global: number }
  | ({ readonly op: OpWith<'memarg'> } & MemoryArgument)
  | { readonly op: OpWith<'memory' | 'memories'> }
  | { readonly op: OpWith<'data' | 'dataMemory'>; readonly data: number }
  | { readonly op: OpWith<'element'>; readonly element: number }
  | { readonly op: OpWith<'elementTable'>; readonly element: number; readonly table: number }
  | { readonly op: OpWith<'table'>; readonly table: number }
  /** To `table` from `source`. */
  | { readonly op: OpWith<'tables'>; readonly table: number; readonly source: number }
  | { readonly op: OpWith<'reference'>; readonly reference: ReferenceType }
  /** The bits as an unsigned number. */
  | { readonly op: OpWith<'i32' | 'i64' | 'f32' | 'f64'>; readonly value: bigint }

/** An instruction and the byte offset of its opcode in the module. Blocks are not nested: `end` closes them. */
export type Instruction = Immediates & { readonly offset: number }

export type Op = Instruction['op']

/** The instruction in text form, such as `i64.load8_u offset=4`, `br_table 0 1 2` or `call_indirect 1 (type 0)`. */
export const instructionText = (instruction: Instruction): string => {
  if ('signature' in instruction) return blockText(instruction)
  const name = instruction.op === 'select_t' ? 'select' : instruction.op
  return [name, ...operandTexts(instruction)].join(' ')
}

const operandTexts = (instruction: Exclude<Instruction, Block>): readonly (string | number)[] => {
  if ('label' in instruction) return [instruction.label]
  if ('labels' in instruction) return instruction.labels
  if ('func' in instruction) return [instruction.func]
  if ('type' in instruction) return [...unlessZero(instruction.table), `(type ${instruction.type})`]
  if ('types' in instruction) return [`(result ${instruction.types.join(' ')})`]
  if ('local' in instruction) return [instruction.local]
  if ('global' in instruction) return [instruction.global]
  if ('displacement' in instruction) return unlessZero(instruction.displacement).map((offset) => `offset=${offset}`)
  if ('data' in instruction) return [instruction.data]
  return 'value' in instruction ? [constantText(instruction)] : tableTexts(instruction)
}

const tableTexts = (instruction: Exclude<Instruction, Block | Constant>): readonly (string | number)[] => {
  if ('element' in instruction) {
    return 'table' in instruction ? [instruction.table, instruction.element] : [instruction.element]
  }
  if ('source' in instruction) return [instruction.table, instruction.source]
  if ('table' in instruction) return [instruction.table]
  return 'reference' in instruction ? [instruction.reference.replace('ref', '')] : []
}

const unlessZero = (index: number): number[] => (index === 0 ? [] : [index])

type Block = Extract<Instruction, { readonly signature: Signature }>

/** A block of a few bytes may have a type of a thousand values: all blocks of a type share their text. */
const BLOCK_TEXTS: Readonly<Record<Block['op'], WeakMap<Signature, string>>> = {
  block: new WeakMap(),
  loop: new WeakMap(),
  if: new WeakMap(),
}

const blockText = ({ op, signature }: Block): string => {
  const known = BLOCK_TEXTS[op].get(signature)
  if (known !== undefined) return known
  const text = [op, ...signatureTexts(signature)].join(' ')
  BLOCK_TEXTS[op].set(signature, text)
  return text
}

const signatureTexts = ({ params, results }: Signature): string[] => [
  ...(params.length === 0 ? [] : [`(param ${params.join(' ')})`]),
  ...(results.length === 0 ? [] : [`(result ${results.join(' ')})`]),
]

type Constant = Extract<Instruction, { readonly value: bigint }>

const constantText = ({ op, value }: Constant): string => {
  switch (op) {
    case 'i32.const':
      return String(BigInt.asIntN(32, value))
    case 'i64.const':
      return String(BigInt.asIntN(64, value))
    case 'f32.const':
      return floatText('f32', value)
    case 'f64.const':
      return floatText('f64', value)
  }
}
