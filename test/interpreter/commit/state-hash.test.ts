import { concatHex, keccak256, numberToHex, pad, toHex as viemHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { bytesOf, toHex } from '../../../interpreter/commit/bits.ts'
import { programIdOf, scratchHash, stateHash } from '../../../interpreter/commit/state-hash.ts'

const word = (value: bigint) => numberToHex(value, { size: 32 })
const root = new Uint8Array(32).fill(0xaa)

/** Steps 5, pc 6, sp 7, pages 8, halted with 9: packed by hand from the document. */
const regs = (5n << 136n) | (6n << 104n) | (7n << 72n) | (8n << 40n) | (1n << 32n) | 9n

describe('stateHash', () => {
  it('hashes root, registers and a zero word at an instruction boundary', () => {
    const core = { regs, misc: 0n, word: 1n, a: 2n, b: 3n, c: 4n, r: 5n }
    expect(stateHash(root, core)).toBe(keccak256(concatHex([viemHex(root), word(regs), word(0n)])))
  })

  it('hashes misc, word and the two pairs of operands inside a step', () => {
    const core = { regs, misc: 3n, word: 11n, a: 2n ** 128n - 1n, b: 3n, c: 4n, r: 5n }
    const operands = [((2n ** 128n - 1n) << 128n) | 3n, (4n << 128n) | 5n]
    const scratch = keccak256(concatHex([word(3n), word(11n), ...operands.map(word)]))
    expect(toHex(scratchHash(core))).toBe(scratch)
    expect(stateHash(root, core)).toBe(keccak256(concatHex([viemHex(root), word(regs), scratch])))
  })
})

describe('programIdOf', () => {
  it('hashes ten words: eight region roots, registers, machine version', () => {
    const roots = Array.from({ length: 8 }, (_, i) => bytesOf(BigInt(100 + i)))
    const expected = keccak256(concatHex([...roots.map(toHex), word(17n), pad('0x02', { size: 32 })]))
    expect(programIdOf(roots, 17n)).toBe(expected)
  })
})
