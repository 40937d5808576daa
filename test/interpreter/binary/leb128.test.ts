import { describe, expect, it } from 'vitest'
import { MalformedModule } from '../../../interpreter/binary/index.ts'
import { openReader, readSigned, readU32 } from '../../../interpreter/binary/reader.ts'

const reader = (...bytes: number[]) => openReader(Uint8Array.from(bytes))

describe('readU32', () => {
  it.each([
    [[0], 0],
    [[0x7f], 127],
    [[0x80, 0x01], 128],
    [[0x80, 0x80, 0x80, 0x80, 0x00], 0],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], 2 ** 32 - 1],
  ])('reads %j as %i', (bytes, value) => {
    const source = reader(...bytes)
    expect(readU32(source, 'a number')).toBe(value)
    expect(source.offset).toBe(bytes.length)
  })

  it.each([
    ['a sixth byte', [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 'an integer of at most 5 bytes'],
    ['a bit 32', [0x80, 0x80, 0x80, 0x80, 0x10], 'an integer of 32 bits'],
    ['a bit 34', [0x80, 0x80, 0x80, 0x80, 0x40], 'an integer of 32 bits'],
    ['an end before its own', [0x80], 'a number'],
  ])('refuses %s', (_, bytes, expected) => {
    expect(() => readU32(reader(...bytes), 'a number')).toThrow(expect.objectContaining({ expected }))
    expect(() => readU32(reader(...bytes), 'a number')).toThrow(MalformedModule)
  })
})

describe('readSigned', () => {
  it.each([
    [32, [0x3f], 63n],
    [32, [0x40], -64n],
    [32, [0xc0, 0x00], 64n],
    [32, [0xff, 0x7f], -1n],
    [32, [0xff, 0xff, 0xff, 0xff, 0x07], 2n ** 31n - 1n],
    [32, [0x80, 0x80, 0x80, 0x80, 0x78], -(2n ** 31n)],
    [33, [0xff, 0xff, 0xff, 0xff, 0x0f], 2n ** 32n - 1n],
    [64, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00], 2n ** 63n - 1n],
    [64, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f], -(2n ** 63n)],
  ] as const)('of %i bits reads %j as %i', (bits, bytes, value) => {
    expect(readSigned(reader(...bytes), bits, 'a number')).toBe(value)
  })

  it.each([
    ['a sixth byte', 32, [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 'an integer of at most 5 bytes'],
    ['a positive number of 32 bits', 32, [0xff, 0xff, 0xff, 0xff, 0x0f], 'an integer of 32 bits'],
    ['a negative number of 33 bits', 32, [0x80, 0x80, 0x80, 0x80, 0x70], 'an integer of 32 bits'],
    ['a sign that is not repeated', 32, [0x80, 0x80, 0x80, 0x80, 0x38], 'an integer of 32 bits'],
    ['an eleventh byte', 64, [...Array<number>(10).fill(0xff), 0x00], 'an integer of at most 10 bytes'],
    ['a bit 64', 64, [...Array<number>(9).fill(0x80), 0x01], 'an integer of 64 bits'],
  ] as const)('refuses %s', (_, bits, bytes, expected) => {
    expect(() => readSigned(reader(...bytes), bits, 'a number')).toThrow(expect.objectContaining({ expected }))
  })
})
