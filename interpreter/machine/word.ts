import { WORD } from '../../spec/index.ts'
import { bytesOf, numberOf } from '../commit/bits.ts'

/** The fields of an instruction word as plain numbers; depths and delta are signed. */
export interface InstructionWord {
  readonly alu: number
  readonly control: number
  readonly unit: number
  readonly access: number
  readonly a: number
  readonly b: number
  readonly c: number
  readonly result: number
  readonly delta: number
  readonly immHi: number
  readonly immLo: number
}

export const EMPTY_WORD: InstructionWord = {
  alu: 0,
  control: 0,
  unit: 0,
  access: 0,
  a: 0,
  b: 0,
  c: 0,
  result: 0,
  delta: 0,
  immHi: 0,
  immLo: 0,
}

export const WORD_BYTES = 32

/** First byte of a field in the big-endian word. */
const byteOf = (name: keyof InstructionWord): number => WORD_BYTES - (WORD[name][0] + WORD[name][1]) / 8

/** First byte of every field; those of 8 bits come first. */
export const WORD_OFFSET = {
  alu: byteOf('alu'),
  control: byteOf('control'),
  unit: byteOf('unit'),
  access: byteOf('access'),
  a: byteOf('a'),
  b: byteOf('b'),
  c: byteOf('c'),
  result: byteOf('result'),
  delta: byteOf('delta'),
  immHi: byteOf('immHi'),
  immLo: byteOf('immLo'),
} as const satisfies Record<keyof InstructionWord, number>

const BYTE_FIELDS = ['alu', 'control', 'unit', 'access'] as const
const WIDE_FIELDS = ['a', 'b', 'c', 'result', 'delta', 'immHi', 'immLo'] as const

/** The 32 big-endian bytes that stand as a leaf in CODE. Fields are reduced to their width; those left out are 0. */
export function encodeWord(fields: Partial<InstructionWord>): Uint8Array {
  const bytes = new Uint8Array(WORD_BYTES)
  const view = new DataView(bytes.buffer)
  for (const name of BYTE_FIELDS) bytes[WORD_OFFSET[name]] = fields[name] ?? 0
  for (const name of WIDE_FIELDS) view.setInt32(WORD_OFFSET[name], fields[name] ?? 0)
  return bytes
}

/** Any 32 bytes are an instruction word. */
export function decodeWord(leaf: Uint8Array): InstructionWord {
  const view = new DataView(leaf.buffer, leaf.byteOffset, WORD_BYTES)
  return {
    alu: view.getUint8(WORD_OFFSET.alu),
    control: view.getUint8(WORD_OFFSET.control),
    unit: view.getUint8(WORD_OFFSET.unit),
    access: view.getUint8(WORD_OFFSET.access),
    a: view.getInt32(WORD_OFFSET.a),
    b: view.getInt32(WORD_OFFSET.b),
    c: view.getInt32(WORD_OFFSET.c),
    result: view.getInt32(WORD_OFFSET.result),
    delta: view.getInt32(WORD_OFFSET.delta),
    immHi: view.getUint32(WORD_OFFSET.immHi),
    immLo: view.getUint32(WORD_OFFSET.immLo),
  }
}

/** Packs the fields into a 256-bit number. */
export const packWord = (fields: Partial<InstructionWord>): bigint => numberOf(encodeWord(fields))

/** The substeps of a step ask for the fields of one word again and again. */
let latest = { word: 0n, fields: EMPTY_WORD }

/** Every 256-bit number is an instruction word. */
export function unpackWord(word: bigint): InstructionWord {
  if (latest.word !== word) latest = { word, fields: decodeWord(bytesOf(word)) }
  return latest.fields
}
