import type { Program } from '../../interpreter/lower/program.ts'
import { encodeWord, type InstructionWord, WORD_BYTES } from '../../interpreter/machine/word.ts'

/** A program of words made by hand; what is not given is empty. */
export function handProgram(words: readonly Partial<InstructionWord>[], parts: Partial<Program> = {}): Program {
  const code = new Uint8Array(WORD_BYTES * words.length)
  for (const [pc, word] of words.entries()) code.set(encodeWord(word), WORD_BYTES * pc)
  const nothing = {
    pages: 0,
    memory: [],
    globals: [],
    tables: [],
    data: new Uint8Array(0),
    origins: [],
    functions: [],
    sources: null,
  }
  return { code, ...nothing, ...parts }
}
