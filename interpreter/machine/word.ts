import { WORD } from '../../spec/index.ts'
import { bytesOf, field, numberOf, signedField, withField } from '../commit/bits.ts'

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

const SIGNED = new Set<keyof InstructionWord>(['a', 'b', 'c', 'result', 'delta'])
const FIELDS = Object.keys(EMPTY_WORD) as (keyof InstructionWord)[]

/** Packs the fields; each is reduced to its width. Fields left out are 0. */
export const packWord = (fields: Partial<InstructionWord>): bigint =>
  FIELDS.reduce((word, name) => withField(word, WORD[name], BigInt(fields[name] ?? 0)), 0n)

/** Every 256-bit number is an instruction word. */
export const unpackWord = (word: bigint): InstructionWord => {
  const read = (name: keyof InstructionWord) =>
    Number(SIGNED.has(name) ? signedField(word, WORD[name]) : field(word, WORD[name]))
  return Object.fromEntries(FIELDS.map((name) => [name, read(name)])) as unknown as InstructionWord
}

/** The 32 big-endian bytes that stand as a leaf in CODE. */
export const encodeWord = (fields: Partial<InstructionWord>): Uint8Array => bytesOf(packWord(fields))

export const decodeWord = (leaf: Uint8Array): InstructionWord => unpackWord(numberOf(leaf))
