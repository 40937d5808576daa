import { ALU, F32_BASE, MAX_PAGES, PAGE_BITS, REGS, STACK_LIMIT, TRAP } from '../../spec/index.ts'
import { field } from '../commit/bits.ts'
import type { Core } from '../commit/state-hash.ts'
import { checkReference } from './control.ts'
import * as float from './float.ts'
import { extendLoaded } from './memory.ts'
import * as numeric from './numeric.ts'
import type { InstructionWord } from './word.ts'

/** What the ALU makes of a step in flight. */
export interface AluResult {
  readonly r: bigint
  readonly pages: bigint
  readonly trap: number
}

const MINUS_ONE_32 = 2n ** 32n - 1n

function grow(word: InstructionWord, a: bigint, pages: bigint): AluResult {
  const grown = pages + BigInt.asUintN(32, a)
  const refused = grown > BigInt(Math.min(word.immLo, MAX_PAGES))
  return { r: refused ? MINUS_ONE_32 : pages, pages: refused ? pages : grown, trap: TRAP.NONE }
}

/** Substep 7, first half: the ALU operation of every word but CALL and CALLREF. Twin: contracts/machine/Alu.sol. */
export function alu(word: InstructionWord, { regs, a, b, c, r }: Core): AluResult {
  const pages = field(regs, REGS.pages)
  const imm64 = (BigInt(word.immHi) << 32n) | BigInt(word.immLo)
  const value = (result: bigint, trap: number = TRAP.NONE): AluResult => ({ r: result, pages, trap })
  switch (word.alu) {
    case ALU.ZERO:
      return value(0n)
    case ALU.A:
      return value(a)
    case ALU.B:
      return value(b)
    case ALU.LOADED:
      return value(extendLoaded(word, r))
    case ALU.IMM64:
      return value(imm64)
    case ALU.SELECT:
      return value(BigInt.asUintN(32, c) === 0n ? b : a)
    case ALU.PAGES:
      return value(pages)
    case ALU.GROW:
      return grow(word, a, pages)
    case ALU.ENTER: {
      const need = field(regs, REGS.sp) + BigInt(word.immLo)
      return value(0n, need > BigInt(STACK_LIMIT) ? TRAP.STACK_EXHAUSTED : TRAP.NONE)
    }
    case ALU.BOUND:
      return value(a, a + imm64 > b << BigInt(PAGE_BITS) ? TRAP.MEMORY_BOUNDS : TRAP.NONE)
    case ALU.CHECKREF:
      return value(BigInt.asUintN(32, r), checkReference(word, r))
    default: {
      const { r: result, trap } = (word.alu < F32_BASE ? numeric : float).execute(word.alu, a, b)
      return value(result, trap)
    }
  }
}
