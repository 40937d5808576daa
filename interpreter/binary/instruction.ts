import type { ValueType } from '../../spec/index.ts'
import type { OpWith } from './opcodes.ts'

/** Natural alignment or less, as log2, and the constant that is added to the address. */
export interface MemoryArgument {
  readonly align: number
  readonly displacement: number
}

type Immediates =
  | { readonly op: OpWith<'none'> }
  | { readonly op: OpWith<'block'>; readonly result: ValueType | null }
  | { readonly op: OpWith<'label'>; readonly label: number }
  /** The last label is the default. */
  | { readonly op: OpWith<'labels'>; readonly labels: readonly number[] }
  | { readonly op: OpWith<'function'>; readonly func: number }
  | { readonly op: OpWith<'type'>; readonly type: number }
  | { readonly op: OpWith<'local'>; readonly local: number }
  | { readonly op: OpWith<'global'>; readonly global: number }
  | ({ readonly op: OpWith<'memarg'> } & MemoryArgument)
  | { readonly op: OpWith<'memory'> }
  /** The bits as an unsigned number. */
  | { readonly op: OpWith<'i32'>; readonly value: bigint }
  | { readonly op: OpWith<'i64'>; readonly value: bigint }

/** An instruction and the byte offset of its opcode in the module. Blocks are not nested: `end` closes them. */
export type Instruction = Immediates & { readonly offset: number }

export type Op = Instruction['op']

/** The instruction in text form, such as `i64.load8_u offset=4` or `br_table 0 1 2`. */
export const instructionText = (instruction: Instruction): string => {
  const operands = operandsText(instruction)
  return operands === '' ? instruction.op : `${instruction.op} ${operands}`
}

const operandsText = (instruction: Instruction): string => {
  if ('result' in instruction) return instruction.result === null ? '' : `(result ${instruction.result})`
  if ('label' in instruction) return String(instruction.label)
  if ('labels' in instruction) return instruction.labels.join(' ')
  if ('func' in instruction) return String(instruction.func)
  if ('type' in instruction) return `(type ${instruction.type})`
  if ('local' in instruction) return String(instruction.local)
  if ('global' in instruction) return String(instruction.global)
  if ('displacement' in instruction) return instruction.displacement === 0 ? '' : `offset=${instruction.displacement}`
  if ('value' in instruction) return String(BigInt.asIntN(instruction.op === 'i32.const' ? 32 : 64, instruction.value))
  return ''
}
