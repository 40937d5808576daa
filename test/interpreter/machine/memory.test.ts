import { describe, expect, it } from 'vitest'
import {
  checkAddress,
  crosses,
  extendLoaded,
  loadHigh,
  loadLow,
  presentReference,
  storeHigh,
  storeLow,
  tableLeaf,
} from '../../../interpreter/machine/memory.ts'
import { EMPTY_WORD, type InstructionWord } from '../../../interpreter/machine/word.ts'
import { REGION, TRAP, UNIT } from '../../../spec/index.ts'

/** An access to linear memory of 2^log2 bytes; all results are typed by hand. */
const access = (log2: number, more: Partial<InstructionWord> = {}): InstructionWord => ({
  ...EMPTY_WORD,
  unit: REGION.MEMORY | UNIT.LOAD,
  access: log2,
  ...more,
})

/** Extension to the sign of 32 and of 64 bits, in `access`. */
const [SIGN32, SIGN64] = [8, 16]

/** Bytes 00 01 ... 1f, then 20 21 ... 3f. */
const [FIRST, SECOND] = [0, 32].map((from) => Uint8Array.from({ length: 32 }, (_, i) => from + i)) as [
  Uint8Array,
  Uint8Array,
]

const hex = (leaf: Uint8Array): string => Buffer.from(leaf).toString('hex')

describe('extendLoaded', () => {
  it.each([
    ['a byte, zero', access(0), 0x80n, 0x80n],
    ['a byte, sign to 32 bits', access(0 | SIGN32), 0x80n, 0xffff_ff80n],
    ['a byte, sign to 64 bits', access(0 | SIGN64), 0x80n, 0xffff_ffff_ffff_ff80n],
    ['a byte that is not negative', access(0 | SIGN64), 0x7fn, 0x7fn],
    ['two bytes, sign to 32 bits', access(1 | SIGN32), 0x8001n, 0xffff_8001n],
    ['two bytes, sign to 64 bits', access(1 | SIGN64), 0x8001n, 0xffff_ffff_ffff_8001n],
    ['four bytes, zero', access(2), 0x8000_0001n, 0x8000_0001n],
    ['four bytes, sign to 64 bits', access(2 | SIGN64), 0x8000_0001n, 0xffff_ffff_8000_0001n],
    ['a global', access(0 | SIGN64, { unit: REGION.GLOBALS | UNIT.LOAD }), 0x80n, 0x80n],
  ])('%s', (_, word, loaded, extended) => {
    expect(extendLoaded(word, loaded)).toBe(extended)
  })
})

describe('loads and stores', () => {
  it('put bytes in little-endian order', () => {
    expect(loadLow(access(2), 4n, FIRST)).toBe(0x07060504n)
    expect(hex(storeLow(access(1), 2n, 0xaabbn, FIRST)).slice(0, 12)).toBe('0001bbaa0405')
  })

  it('go on in the next leaf', () => {
    expect([28n, 29n].map((address) => crosses(access(2), address))).toEqual([false, true])
    expect(loadLow(access(2), 30n, FIRST) | loadHigh(access(2), 30n, SECOND)).toBe(0x21201f1en)
    expect(hex(storeLow(access(2), 30n, 0xddccbbaan, FIRST)).slice(-8)).toBe('1c1daabb')
    expect(hex(storeHigh(access(2), 30n, 0xddccbbaan, SECOND)).slice(0, 8)).toBe('ccdd2223')
  })

  it('end with the pages of memory, whatever the address', () => {
    const trapAt = (address: bigint, immLo = 0) => checkAddress(access(2, { immLo }), address, 1n)
    expect([65_532n, 65_533n].map((address) => trapAt(address))).toEqual([TRAP.NONE, TRAP.MEMORY_BOUNDS])
    expect(trapAt(0n, 65_533)).toBe(TRAP.MEMORY_BOUNDS)
    expect(trapAt(2n ** 32n - 1n, 1)).toBe(TRAP.MEMORY_BOUNDS)
    expect(trapAt(2n ** 64n)).toBe(TRAP.MEMORY_BOUNDS)
  })
})

describe('table entries', () => {
  it('are present where bit 64 says so, null or not', () => {
    expect(presentReference(0n)).toBeUndefined()
    expect(presentReference(5n)).toBeUndefined()
    expect(presentReference(2n ** 64n)).toBe(0n)
    expect(presentReference(2n ** 64n + 5n)).toBe(5n)
    expect(tableLeaf(0n)).toBe(2n ** 64n)
    expect(tableLeaf(2n ** 65n + 5n)).toBe(2n ** 64n + 5n)
  })
})
