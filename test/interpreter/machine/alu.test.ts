import { describe, expect, it } from 'vitest'
import { alu } from '../../../interpreter/machine/alu.ts'
import { boundaryCore } from '../../../interpreter/machine/boundary.ts'
import { EMPTY_WORD, type InstructionWord } from '../../../interpreter/machine/word.ts'
import { ALU, TRAP } from '../../../spec/index.ts'

interface Operands {
  readonly a?: bigint
  readonly b?: bigint
  readonly c?: bigint
  readonly r?: bigint
}

/** On a machine of 3 pages whose sp is 20; all results are typed by hand. */
const result = (fields: Partial<InstructionWord>, operands: Operands = {}) => {
  const core = boundaryCore({ steps: 0n, pc: 0, sp: 20, pages: 3, status: 0, exit: 0 })
  return alu({ ...EMPTY_WORD, ...fields }, { ...core, ...operands })
}

const gives = (r: bigint, pages = 3n) => ({ r, pages, trap: TRAP.NONE })

describe('moves', () => {
  it('ZERO, A, B and IMM64', () => {
    expect(result({ alu: ALU.ZERO }, { a: 5n, b: 6n })).toEqual(gives(0n))
    expect(result({ alu: ALU.A }, { a: 5n, b: 6n })).toEqual(gives(5n))
    expect(result({ alu: ALU.B }, { a: 5n, b: 6n })).toEqual(gives(6n))
    expect(result({ alu: ALU.IMM64, immHi: 1, immLo: 2 })).toEqual(gives(2n ** 32n + 2n))
  })

  it.each([
    [0n, 6n],
    [1n, 5n],
    [2n ** 31n, 5n],
    [2n ** 32n, 6n],
    [2n ** 32n + 1n, 5n],
  ])('SELECT tests the low 32 bits of c: %i', (c, selected) => {
    expect(result({ alu: ALU.SELECT }, { a: 5n, b: 6n, c })).toEqual(gives(selected))
  })
})

describe('pages', () => {
  it('PAGES gives how many there are', () => {
    expect(result({ alu: ALU.PAGES })).toEqual(gives(3n))
  })

  it('GROW gives how many there were, or -1 and changes nothing', () => {
    const grow = (a: bigint, immLo: number) => result({ alu: ALU.GROW, immLo }, { a })
    expect(grow(2n, 5)).toEqual(gives(3n, 5n))
    expect(grow(3n, 5)).toEqual(gives(0xffff_ffffn))
    expect(grow(0n, 5)).toEqual(gives(3n))
    expect(grow(2n ** 32n + 1n, 5)).toEqual(gives(3n, 4n))
    expect(grow(65_533n, 70_000)).toEqual(gives(3n, 65_536n))
    expect(grow(65_534n, 70_000)).toEqual(gives(0xffff_ffffn))
  })
})

describe('checks', () => {
  it('ENTER asks for room on the stack', () => {
    expect(result({ alu: ALU.ENTER, immLo: 1_048_555 })).toEqual(gives(0n))
    expect(result({ alu: ALU.ENTER, immLo: 1_048_556 }).trap).toBe(TRAP.STACK_EXHAUSTED)
  })

  it('BOUND compares an address with the end of b pages, and gives it', () => {
    const bound = (a: bigint, b: bigint) => result({ alu: ALU.BOUND, immLo: 4 }, { a, b })
    expect(bound(65_532n, 1n)).toEqual(gives(65_532n))
    expect(bound(65_533n, 1n).trap).toBe(TRAP.MEMORY_BOUNDS)
  })

  it('CHECKREF gives the entry of a function of the right type', () => {
    expect(result({ alu: ALU.CHECKREF, immHi: 5 }, { r: (5n << 32n) | 9n })).toEqual(gives(9n))
    expect(result({ alu: ALU.CHECKREF, immHi: 5 }, { r: (6n << 32n) | 9n }).trap).toBe(TRAP.TYPE_MISMATCH)
  })
})
