import { REGION, REGIONS } from '../../spec/index.ts'
import { encodeWord } from '../machine/word.ts'
import { ProgramTooLarge } from './errors.ts'
import type { Origin } from './program.ts'
import type { Word } from './words.ts'

/** Leaves of CODE. */
export const MAX_WORDS = 2 ** REGIONS[REGION.CODE].depth
const WORD_BYTES = 32

/** Instruction words in order of pc, whose targets may be set later. */
export class CodeBuilder {
  readonly origins: Origin[] = []
  readonly #words: Word[] = []
  readonly #limit: number

  constructor(limit: number = MAX_WORDS) {
    this.#limit = limit
  }

  /** The pc of the next word. */
  get pc(): number {
    return this.#words.length
  }

  emit(word: Word, origin: Origin): number {
    const pc = this.pc
    if (pc >= this.#limit) throw new ProgramTooLarge('instruction words', pc + 1, this.#limit)
    this.#words.push(word)
    this.origins.push(origin)
    return pc
  }

  setImmLo(pc: number, immLo: number): void {
    this.#words[pc] = { ...this.#words[pc], immLo }
  }

  encode(): Uint8Array {
    const bytes = new Uint8Array(this.#words.length * WORD_BYTES)
    for (const [pc, word] of this.#words.entries()) bytes.set(encodeWord(word), pc * WORD_BYTES)
    return bytes
  }
}
