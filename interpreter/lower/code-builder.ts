import { REGION, REGIONS } from '../../spec/index.ts'
import { encodeWord, WORD_BYTES, WORD_OFFSET } from '../machine/word.ts'
import { ProgramTooLarge } from './errors.ts'
import type { Origin } from './program.ts'
import type { Word } from './words.ts'

/** Leaves of CODE. */
export const MAX_WORDS = 2 ** REGIONS[REGION.CODE].depth
const FIRST_ROOM = 1024

/** Instruction words in order of pc, whose targets may be set later. */
export class CodeBuilder {
  readonly origins: Origin[] = []
  readonly #limit: number
  /** Encoded at once: an instruction of a few bytes may become a thousand words. */
  #bytes = new Uint8Array(FIRST_ROOM * WORD_BYTES)

  constructor(limit: number = MAX_WORDS) {
    this.#limit = limit
  }

  /** The pc of the next word. */
  get pc(): number {
    return this.origins.length
  }

  emit(word: Word, origin: Origin): number {
    const pc = this.pc
    if (pc >= this.#limit) throw new ProgramTooLarge('instruction words', pc + 1, this.#limit)
    if (pc * WORD_BYTES === this.#bytes.length) this.#grow()
    this.#bytes.set(encodeWord(word), pc * WORD_BYTES)
    this.origins.push(origin)
    return pc
  }

  setImmLo(pc: number, immLo: number): void {
    new DataView(this.#bytes.buffer).setUint32(pc * WORD_BYTES + WORD_OFFSET.immLo, immLo)
  }

  encode(): Uint8Array {
    return this.#bytes.slice(0, this.pc * WORD_BYTES)
  }

  #grow(): void {
    const grown = new Uint8Array(2 * this.#bytes.length)
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
