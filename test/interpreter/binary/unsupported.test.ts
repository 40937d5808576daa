import { describe, expect, it } from 'vitest'
import { decodeModule, MalformedModule, UnsupportedFeature } from '../../../interpreter/binary/index.ts'
import { OPCODES } from '../../../interpreter/binary/opcodes.ts'
import { RAW_CODE_OFFSET, rawFunction, rawModule, rawName } from '../../helpers/raw-wasm.ts'

const caught = (module: Uint8Array): unknown => {
  try {
    decodeModule(module)
  } catch (error) {
    return error
  }
  return null
}

const TYPE = [1, [1, 0x60, 0, 0]] as const
/** Offset of the contents of the first section. */
const FIRST = 10

const INSTRUCTIONS: readonly (readonly [bytes: readonly number[], name: string, feature: string])[] = [
  [[0x06, 0x40], 'try', 'exceptions'],
  [[0x1f, 0x40], 'try_table', 'exceptions'],
  [[0x14, 0], 'call_ref', 'typed function references'],
  [[0x15, 0], 'return_call_ref', 'typed function references'],
  [[0xd4], 'ref.as_non_null', 'typed function references'],
  [[0xd0, 0x00], 'ref.null of type 0', 'typed function references'],
  [[0xd0, 0x80, 0x01], 'ref.null of type 128', 'typed function references'],
  [[0xd0, 0x6e], 'anyref', 'garbage collection'],
  [[0xd0, 0x69], 'exnref', 'exceptions'],
  [[0xd3], 'ref.eq', 'garbage collection'],
  [[0xfb, 0], '0xfb 0', 'garbage collection'],
  [[0xfd, 0], 'v128.load', 'SIMD'],
  [[0xfd, 12], 'v128.const', 'SIMD'],
  [[0xfd, 0xe4, 1], 'f32x4.add', 'SIMD'],
  [[0xfd, 0x80, 2], '0xfd 256', 'SIMD'],
  [[0xfe, 0x03, 0], '0xfe 3', 'threads'],
  [[0x02, 0x7b, 0x0b], 'v128', 'SIMD'],
  [[0x02, 0x63, 0x70, 0x0b], 'ref null', 'typed function references'],
  [[0x1c, 1, 0x6d], 'eqref', 'garbage collection'],
  [[0x28, 0x42, 0, 0], 'memory index', 'multiple memories'],
]

describe('an instruction that is not supported', () => {
  it.each(INSTRUCTIONS)('%j is refused as %s (%s)', (bytes, instruction, feature) => {
    const error = caught(rawFunction(0x01, ...bytes, 0x0b))
    expect(error).toBeInstanceOf(UnsupportedFeature)
    expect(error).toMatchObject({ instruction, feature, func: { index: 0, name: null } })
  })

  it('is refused with its offset and its function', () => {
    const code = [10, [2, 2, 0, 0x0b, 3, 0, 0xd3, 0x0b]] as const
    const names = [0, [...rawName('name'), 1, 6, 1, 1, ...rawName('foo')]] as const
    expect(caught(rawModule(TYPE, [3, [2, 0, 0]], code, names))).toMatchObject({
      offset: 27,
      func: { index: 1, name: 'foo' },
      message: 'unsupported: ref.eq (garbage collection) at offset 0x1b in function 1 "foo"',
    })
  })

  it('is refused by no other error, whatever the opcode', () => {
    const supported = new Set<number>(OPCODES.map(([code]) => code))
    const opcodes = Array.from({ length: 256 }, (_, opcode) => opcode).filter((opcode) => !supported.has(opcode))
    const prefixed = [0xfb, 0xfc, 0xfd, 0xfe].flatMap((prefix) =>
      Array.from({ length: 300 }, (_, k) => ({ prefix, k })).filter(({ k }) => !supported.has((prefix << 8) + k)),
    )
    const encoded = prefixed.map(({ prefix, k }) => [prefix, (k & 0x7f) | 0x80, k >> 7])
    for (const opcode of [...opcodes.map((code) => [code]), ...encoded]) {
      const error = caught(rawFunction(...opcode, 0x0b))
      const named = error instanceof UnsupportedFeature || error instanceof MalformedModule
      expect(named, opcode.join(' ')).toBe(true)
      expect(error).toMatchObject({ offset: expect.any(Number) })
    }
    expect(caught(rawFunction(0xff, 0x0b))).toMatchObject({ offset: RAW_CODE_OFFSET })
  })
})

const global = (...init: number[]) => [6, [2, 0x7f, 0, 0x41, 0, 0x0b, 0x7f, 0, ...init, 0x0b]] as const

/** Modules that the engine takes, but for the two proposals that are not finished. */
const MODULES: readonly (readonly [
  name: string,
  module: Uint8Array<ArrayBuffer>,
  offset: number,
  what: string,
  feature: string,
])[] = [
  ['a v128 result', rawModule([1, [1, 0x60, 0, 1, 0x7b]]), FIRST + 4, 'v128', 'SIMD'],
  [
    'a typed reference',
    rawModule([1, [1, 0x60, 1, 0x63, 0x70, 0]]),
    FIRST + 3,
    'ref null',
    'typed function references',
  ],
  ['a recursive type', rawModule([1, [1, 0x4e, 1, 0x60, 0, 0]]), FIRST + 1, 'type form 0x4e', 'garbage collection'],
  ['a struct', rawModule([1, [1, 0x5f, 0]]), FIRST + 1, 'type form 0x5f', 'garbage collection'],
  ['an i31ref global', rawModule([6, [1, 0x6c, 0, 0xd0, 0x6c, 0x0b]]), FIRST + 1, 'i31ref', 'garbage collection'],
  ['two memories', rawModule([5, [2, 0, 0, 0, 0]]), FIRST, '2 memories', 'multiple memories'],
  [
    'two imported memories',
    rawModule([2, [2, 0, 0, 2, 0, 0, 0, 1, 0x61, 2, 0, 0]]),
    FIRST,
    '2 memories',
    'multiple memories',
  ],
  [
    'an imported and an own memory',
    rawModule([2, [1, 0, 0, 2, 0, 0]], [5, [1, 0, 0]]),
    18,
    '2 memories',
    'multiple memories',
  ],
  ['a table of anyref', rawModule([4, [1, 0x6e, 0, 0]]), FIRST + 1, 'anyref', 'garbage collection'],
  ['elements of eqref', rawModule([9, [1, 5, 0x6d, 0]]), FIRST + 2, 'eqref', 'garbage collection'],
  [
    'a table with an initialiser',
    rawModule([4, [1, 0x40, 0, 0x70, 0, 0, 0xd0, 0x70, 0x0b]]),
    FIRST + 1,
    'table with an initialiser',
    'typed function references',
  ],
  ['a 64-bit memory', rawModule([5, [1, 4, 0]]), FIRST + 1, '64-bit memory', '64-bit memory'],
  ['a 64-bit table', rawModule([4, [1, 0x70, 4, 0]]), FIRST + 2, '64-bit table', '64-bit memory'],
  ['a shared memory', rawModule([5, [1, 3, 0, 1]]), FIRST + 1, 'shared memory', 'threads'],
  ['a tag', rawModule(TYPE, [13, [1, 0, 0]]), 14, 'tag section', 'exceptions'],
  ['an imported tag', rawModule(TYPE, [2, [1, 0, 0, 4, 0, 0]]), 19, 'tag', 'exceptions'],
  ['an exported tag', rawModule(TYPE, [2, [1, 0, 0, 4, 0, 0]], [7, [1, 0, 4, 0]]), 19, 'tag', 'exceptions'],
  [
    'arithmetic in an initialiser',
    rawModule(global(0x41, 0, 0x41, 0, 0x6a)),
    FIRST + 12,
    'i32.add',
    'extended constant expressions',
  ],
  [
    'an own global in an initialiser',
    rawModule(global(0x23, 0)),
    FIRST + 8,
    'global.get 0, not imported',
    'extended constant expressions',
  ],
  [
    'an own global as the offset of a segment',
    rawModule([5, [1, 0, 1]], [6, [1, 0x7f, 0, 0x41, 0, 0x0b]], [11, [1, 0, 0x23, 0, 0x0b, 0]]),
    25,
    'global.get 0, not imported',
    'extended constant expressions',
  ],
  [
    'an own global as an element',
    rawModule([6, [1, 0x70, 0, 0xd0, 0x70, 0x0b]], [9, [1, 5, 0x70, 1, 0x23, 0, 0x0b]]),
    22,
    'global.get 0, not imported',
    'extended constant expressions',
  ],
]

describe('a module that is not supported', () => {
  it.each(MODULES)('%s is refused by name', (_, module, offset, instruction, feature) => {
    expect(WebAssembly.validate(module)).toBe(true)
    const error = caught(module)
    expect(error).toBeInstanceOf(UnsupportedFeature)
    expect(error).toMatchObject({ offset, instruction, feature, func: null })
  })

  it.each([
    ['a page size', rawModule([5, [1, 8, 0, 0]]), 'memory with a page size', 'custom page sizes'],
    ['a shared global', rawModule([6, [1, 0x7f, 2, 0x41, 0, 0x0b]]), 'shared global', 'threads'],
  ])('%s is refused by name before any engine knows it', (_, module, instruction, feature) => {
    expect(caught(module)).toMatchObject({ name: 'UnsupportedFeature', instruction, feature })
  })
})
