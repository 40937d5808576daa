import { CONTROL, INTRINSICS } from '../../spec/index.ts'
import { decodeWord, type InstructionWord, WORD_BYTES } from '../machine/word.ts'

/** The words of a program, from which all steps are counted. */
export class Listing {
  readonly #code: Uint8Array

  constructor(code: Uint8Array) {
    this.#code = code
  }

  word(pc: number): InstructionWord {
    return decodeWord(this.#code.subarray(pc * WORD_BYTES, (pc + 1) * WORD_BYTES))
  }

  words(from: number, to: number): InstructionWord[] {
    return Array.from({ length: to - from }, (_, i) => this.word(from + i))
  }

  /** Steps from `pc` on until control leaves the words of one instruction, [start, end). */
  stepsWithin(pc: number, start: number, end: number): number {
    let steps = 0
    for (let at = pc; at >= start && at < end; steps++) {
      const { control, immLo } = this.word(at)
      if (control === CONTROL.NEXT) at += 1
      else if (control === CONTROL.JUMP) at = immLo
      else at = end
    }
    return steps
  }
}

export type IntrinsicName = keyof typeof INTRINSICS

/** The intrinsic whose word it is. */
export const intrinsicOf = (word: InstructionWord): IntrinsicName | undefined =>
  (Object.keys(INTRINSICS) as IntrinsicName[]).find((name) => {
    const { alu, control, unit, access, immLo } = INTRINSICS[name].word
    return (
      alu === word.alu &&
      control === word.control &&
      unit === word.unit &&
      access === word.access &&
      immLo === word.immLo
    )
  })
