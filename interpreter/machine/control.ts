import { CONTROL, TRAP } from '../../spec/index.ts'
import type { InstructionWord } from './word.ts'

/** Where control goes: the next pc, or a trap. Twin: contracts/machine/Control.sol. */
export interface Transfer {
  readonly next: bigint
  readonly trap: number
}

const to = (next: bigint): Transfer => ({ next: BigInt.asUintN(32, next), trap: TRAP.NONE })
const trapped = (trap: number): Transfer => ({ next: 0n, trap })
const isZero = (a: bigint): boolean => BigInt.asUintN(32, a) === 0n

/** Substep 7, second half: control of every word but CALL and CALLREF. */
export function transfer({ control, immLo }: InstructionWord, pc: bigint, a: bigint, b: bigint): Transfer {
  const target = BigInt(immLo)
  switch (control) {
    case CONTROL.TRAP:
      return trapped(immLo === 0 ? TRAP.ILLEGAL : immLo)
    case CONTROL.NEXT:
      return to(pc + 1n)
    case CONTROL.JUMP:
      return to(target)
    case CONTROL.JUMPZ:
      return to(isZero(a) ? target : pc + 1n)
    case CONTROL.JUMPNZ:
      return to(isZero(a) ? pc + 1n : target)
    case CONTROL.TABLE:
      return to(pc + 1n + (a < target ? a : target))
    case CONTROL.RETURN:
      return to(b)
    case CONTROL.HALT:
      return to(pc)
    default:
      return trapped(TRAP.ILLEGAL)
  }
}

/** Checks of CALLREF and CHECKREF on a loaded reference: a trap, or 0. */
export function checkReference({ immHi }: InstructionWord, r: bigint): number {
  const reference = BigInt.asUintN(64, r)
  if (reference === 0n) return TRAP.UNINITIALIZED_ELEMENT
  return reference >> 32n === BigInt(immHi) ? TRAP.NONE : TRAP.TYPE_MISMATCH
}
