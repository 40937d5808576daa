import { describe, expect, it } from 'vitest'
import { toHex } from '../../../interpreter/index.ts'
import { packRegisters, unpackRegisters } from '../../../interpreter/machine/registers.ts'
import { decodeWord, encodeWord, packWord, unpackWord } from '../../../interpreter/machine/word.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

describe('encodeWord', () => {
  it('puts every field at its bytes, depths and delta in two’s complement', () => {
    const fields = { alu: 0x11, control: 0x22, unit: 0x33, access: 0x44, a: 1, b: -2, c: 3, result: -4, delta: -1 }
    expect(toHex(encodeWord({ ...fields, immHi: 0xdeadbeef, immLo: 0x01020304 }))).toBe(
      '0x1122334400000001fffffffe00000003fffffffcffffffffdeadbeef01020304',
    )
  })

  it('takes fields left out as 0', () => {
    expect(toHex(encodeWord({ immLo: 5 }))).toBe(`0x${'00'.repeat(31)}05`)
  })
})

describe('decodeWord', () => {
  it('reads back any 32 bytes', () => {
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < 200; i++) {
      const bytes = random.bytes(32)
      expect(toHex(encodeWord(decodeWord(bytes)))).toBe(toHex(bytes))
    }
  })

  it('gives immediates unsigned and depths signed', () => {
    const word = unpackWord(packWord({ immLo: 0xffffffff, a: -1 }))
    expect([word.immLo, word.a]).toEqual([0xffffffff, -1])
  })
})

describe('packRegisters', () => {
  it('is undone by unpackRegisters, at the limits of every field', () => {
    const most = {
      steps: 2n ** 64n - 1n,
      pc: 2 ** 32 - 1,
      sp: 2 ** 32 - 1,
      pages: 2 ** 32 - 1,
      status: 255,
      exit: 2 ** 32 - 1,
    }
    expect(packRegisters(most)).toBe(2n ** 200n - 1n)
    expect(unpackRegisters(packRegisters(most))).toEqual(most)
    expect(packRegisters({ steps: 1n, pc: 2, sp: 3, pages: 4, status: 1, exit: 6 })).toBe(
      (1n << 136n) | (2n << 104n) | (3n << 72n) | (4n << 40n) | (1n << 32n) | 6n,
    )
  })
})
