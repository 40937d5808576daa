import { describe, expect, it } from 'vitest'
import { checkReference, transfer } from '../../../interpreter/machine/control.ts'
import { EMPTY_WORD, type InstructionWord } from '../../../interpreter/machine/word.ts'
import { CONTROL, TRAP } from '../../../spec/index.ts'

const word = (fields: Partial<InstructionWord>): InstructionWord => ({ ...EMPTY_WORD, ...fields })
const PC = 100n

/** Where a control leads from pc 100 with target 7; all results are typed by hand. */
const nextOf = (control: number, a = 0n, b = 0n) => transfer(word({ control, immLo: 7 }), PC, a, b)

const goesTo = (next: bigint) => ({ next, trap: TRAP.NONE })

describe('transfer', () => {
  it('goes on, or to the target', () => {
    expect(nextOf(CONTROL.NEXT)).toEqual(goesTo(101n))
    expect(nextOf(CONTROL.JUMP)).toEqual(goesTo(7n))
    expect(nextOf(CONTROL.RETURN, 0n, 55n)).toEqual(goesTo(55n))
    expect(nextOf(CONTROL.HALT)).toEqual(goesTo(100n))
  })

  it('tests the low 32 bits of the operand', () => {
    expect([0n, 1n, 2n ** 32n].map((a) => nextOf(CONTROL.JUMPZ, a).next)).toEqual([7n, 101n, 7n])
    expect([0n, 1n, 2n ** 32n].map((a) => nextOf(CONTROL.JUMPNZ, a).next)).toEqual([101n, 7n, 101n])
  })

  it('takes the last word of a table for every index behind it', () => {
    expect([0n, 6n, 7n, 8n, 2n ** 32n].map((a) => nextOf(CONTROL.TABLE, a).next)).toEqual([
      101n,
      107n,
      108n,
      108n,
      108n,
    ])
  })

  it('counts in 32 bits', () => {
    expect(transfer(word({ control: CONTROL.NEXT }), 2n ** 32n - 1n, 0n, 0n)).toEqual(goesTo(0n))
    expect(nextOf(CONTROL.RETURN, 0n, 2n ** 32n + 3n)).toEqual(goesTo(3n))
  })

  it('traps with the number of the word, and as illegal without one', () => {
    expect(nextOf(CONTROL.TRAP)).toEqual({ next: 0n, trap: 7 })
    expect(transfer(word({ control: CONTROL.TRAP }), PC, 0n, 0n)).toEqual({ next: 0n, trap: TRAP.ILLEGAL })
    expect(nextOf(10)).toEqual({ next: 0n, trap: TRAP.ILLEGAL })
  })
})

describe('checkReference', () => {
  it('refuses null first, then another type', () => {
    const check = (reference: bigint, immHi = 5) => checkReference(word({ immHi }), reference)
    expect(check((5n << 32n) | 9n)).toBe(TRAP.NONE)
    expect(check((6n << 32n) | 9n)).toBe(TRAP.TYPE_MISMATCH)
    expect(check(9n)).toBe(TRAP.TYPE_MISMATCH)
    expect(check(0n)).toBe(TRAP.UNINITIALIZED_ELEMENT)
    expect(check(0n, 0)).toBe(TRAP.UNINITIALIZED_ELEMENT)
    expect(check((1n << 64n) | (5n << 32n))).toBe(TRAP.NONE)
  })
})
