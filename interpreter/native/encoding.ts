import type { ValueType } from '../../spec/index.ts'
import type { Op } from '../binary/instruction.ts'
import { OPCODES, PREFIX_FC } from '../binary/opcodes.ts'
import type { Bytes } from './code-bytes.ts'

/** The binary format of WebAssembly, as far as it is written here. */

/** Types of values in recompiled code, by their byte. References are numbers there. */
export const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const
export type NativeType = (typeof TYPE)[keyof typeof TYPE]

export const nativeType = (type: ValueType): NativeType =>
  type === 'funcref' || type === 'externref' ? TYPE.i64 : TYPE[type]

/** A block that takes and leaves nothing. */
export const EMPTY_BLOCK = 0x40

export const unsigned = (value: number): number[] => {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) | 128)
  }
}

export const signed = (value: bigint): number[] => {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 127n)
    if (rest >= -64n && rest < 64n) return [...bytes, low]
    bytes.push(low | 128)
  }
}

const encodeOpcode = (opcode: number): number[] =>
  opcode < PREFIX_FC ? [opcode] : [PREFIX_FC >> 8, ...unsigned(opcode - PREFIX_FC)]

const OPCODE_BYTES: ReadonlyMap<string, readonly number[]> = new Map(
  OPCODES.map(([opcode, op]) => [op, encodeOpcode(opcode)]),
)

/** The bytes of an opcode. */
export const opcode = (op: Op): readonly number[] => OPCODE_BYTES.get(op) ?? []

export const i32Const = (value: number): number[] => [0x41, ...signed(BigInt(value | 0))]
export const i64Const = (value: bigint): number[] => [0x42, ...signed(BigInt.asIntN(64, value))]

const littleEndian = (bits: bigint, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n))

export const f32Const = (bits: bigint): number[] => [0x43, ...littleEndian(bits, 4)]
export const f64Const = (bits: bigint): number[] => [0x44, ...littleEndian(bits, 8)]

/** Zero of a type. */
export const zeroOf = (type: NativeType): number[] => {
  switch (type) {
    case TYPE.i32:
      return i32Const(0)
    case TYPE.i64:
      return i64Const(0n)
    case TYPE.f32:
      return f32Const(0n)
    case TYPE.f64:
      return f64Const(0n)
  }
}

export const localGet = (index: number): number[] => [0x20, ...unsigned(index)]
export const localSet = (index: number): number[] => [0x21, ...unsigned(index)]
export const localTee = (index: number): number[] => [0x22, ...unsigned(index)]

/** Says that a memory index follows the alignment. */
const WITH_MEMORY = 0x40

/** A load or store; `memory` 0 has no index. */
export const access = (op: Op, offset: number, memory = 0, align = 0): number[] => [
  ...opcode(op),
  ...(memory === 0 ? [align] : [align | WITH_MEMORY, ...unsigned(memory)]),
  ...unsigned(offset),
]

/** From a value on the stack to the 64 bits of its slot. */
export const toSlot = (type: NativeType): readonly number[] => {
  switch (type) {
    case TYPE.i32:
      return opcode('i64.extend_i32_u')
    case TYPE.i64:
      return []
    case TYPE.f32:
      return [...opcode('i32.reinterpret_f32'), ...opcode('i64.extend_i32_u')]
    case TYPE.f64:
      return opcode('i64.reinterpret_f64')
  }
}

/** From the 64 bits of a slot to a value. */
export const fromSlot = (type: NativeType): readonly number[] => {
  switch (type) {
    case TYPE.i32:
      return opcode('i32.wrap_i64')
    case TYPE.i64:
      return []
    case TYPE.f32:
      return [...opcode('i32.wrap_i64'), ...opcode('f32.reinterpret_i32')]
    case TYPE.f64:
      return opcode('f64.reinterpret_i64')
  }
}

const NAME_ENCODER = new TextEncoder()

export const nameBytes = (text: string): number[] => {
  const bytes = NAME_ENCODER.encode(text)
  return [...unsigned(bytes.length), ...bytes]
}

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** A module of these sections. Spreading one as arguments would overflow the engine's stack. */
export const assemble = (sections: readonly (readonly [id: number, bytes: Bytes])[]): Uint8Array<ArrayBuffer> => {
  const parts = [PREAMBLE, ...sections.flatMap(([id, bytes]) => [[id, ...unsigned(bytes.length)], bytes])]
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
