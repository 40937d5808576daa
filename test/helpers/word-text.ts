import { decodeWord } from '../../interpreter/machine/word.ts'
import { ALU_ROWS, CONTROL_ROWS, REGIONS, UNIT } from '../../spec/index.ts'

const named = (rows: readonly { readonly code: number; readonly name: string }[], code: number): string =>
  rows.find((row) => row.code === code)?.name ?? `?${code}`

const unless0 = (label: string, value: number): string[] => (value === 0 ? [] : [`${label}${value}`])

const unitText = (unit: number, access: number, result: number): string[] => {
  const region = REGIONS[unit & UNIT.REGION_MASK]?.name ?? ''
  return [
    ...((unit & UNIT.LOAD) === 0 ? [] : [`load ${region}`]),
    ...((unit & UNIT.STORE) === 0 ? [] : [`store ${region}`]),
    ...unless0('access=', access),
    ...((unit & UNIT.WRITE) === 0 ? unless0('unwritten=', result) : [`w${result}`]),
    ...unless0('window=', unit & UNIT.WINDOW),
  ]
}

/** An instruction word in the notation of the lowering table; fields that are 0 are left out, all others shown. */
export const wordText = (leaf: Uint8Array): string => {
  const { alu, control, unit, access, a, b, c, result, delta, immHi, immLo } = decodeWord(leaf)
  return [
    named(ALU_ROWS, alu),
    named(CONTROL_ROWS, control),
    ...unless0('a=', a),
    ...unless0('b=', b),
    ...unless0('c=', c),
    ...unitText(unit, access, result),
    ...(delta === 0 ? [] : [delta > 0 ? `+${delta}` : String(delta)]),
    ...unless0('hi=', immHi),
    ...unless0('lo=', immLo),
  ].join(' ')
}

const WORD_BYTES = 32

/** The words of a piece of code, from pc `from` to before pc `to`. */
export const wordTexts = (code: Uint8Array, from = 0, to = code.length / WORD_BYTES): string[] =>
  Array.from({ length: to - from }, (_, i) =>
    wordText(code.subarray((from + i) * WORD_BYTES, (from + i + 1) * WORD_BYTES)),
  )
