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
  [[0x43, 0, 0, 0, 0], 'f32.const', 'floating point'],
  [[0x44], 'f64.const', 'floating point'],
  [[0x2a], 'f32.load', 'floating point'],
  [[0x39], 'f64.store', 'floating point'],
  [[0x5b], 'f32.eq', 'floating point'],
  [[0x66], 'f64.ge', 'floating point'],
  [[0x8b], 'f32.abs', 'floating point'],
  [[0x92], 'f32.add', 'floating point'],
  [[0x98], 'f32.copysign', 'floating point'],
  [[0x99], 'f64.abs', 'floating point'],
  [[0xa0], 'f64.add', 'floating point'],
  [[0xa6], 'f64.copysign', 'floating point'],
  [[0xa8], 'i32.trunc_f32_s', 'floating point'],
  [[0xab], 'i32.trunc_f64_u', 'floating point'],
  [[0xae], 'i64.trunc_f32_s', 'floating point'],
  [[0xb1], 'i64.trunc_f64_u', 'floating point'],
  [[0xb2], 'f32.convert_i32_s', 'floating point'],
  [[0xb6], 'f32.demote_f64', 'floating point'],
  [[0xbb], 'f64.promote_f32', 'floating point'],
  [[0xbf], 'f64.reinterpret_i64', 'floating point'],
  [[0xc0], 'i32.extend8_s', 'sign extension'],
  [[0xc4], 'i64.extend32_s', 'sign extension'],
  [[0xfc, 0], 'i32.trunc_sat_f32_s', 'saturating conversion'],
  [[0xfc, 7], 'i64.trunc_sat_f64_u', 'saturating conversion'],
  [[0xfc, 8, 0, 0], 'memory.init', 'bulk memory'],
  [[0xfc, 10, 0, 0], 'memory.copy', 'bulk memory'],
  [[0xfc, 0x8b, 0, 0], 'memory.fill', 'bulk memory'],
  [[0xfc, 14], 'table.copy', 'bulk memory'],
  [[0xfc, 17], 'table.fill', 'reference types'],
  [[0x1c, 1, 0x7f], 'select_with_type', 'reference types'],
  [[0x25], 'table.get', 'reference types'],
  [[0xd0, 0x70], 'ref.null', 'reference types'],
  [[0xd2, 0], 'ref.func', 'reference types'],
  [[0x12, 0], 'return_call', 'tail calls'],
  [[0x13, 0, 0], 'return_call_indirect', 'tail calls'],
  [[0x06, 0x40], 'try', 'exceptions'],
  [[0x1f, 0x40], 'try_table', 'exceptions'],
  [[0x14, 0], 'call_ref', 'typed function references'],
  [[0xfb, 0], '0xfb 0', 'garbage collection'],
  [[0xfd, 0], 'v128.load', 'SIMD'],
  [[0xfd, 12], 'v128.const', 'SIMD'],
  [[0xfd, 0xe4, 1], 'f32x4.add', 'SIMD'],
  [[0xfd, 0x80, 2], '0xfd 256', 'SIMD'],
  [[0xfe, 0x03, 0], '0xfe 3', 'threads'],
  [[0x02, 0x00, 0x0b], 'block of type 0', 'multi-value'],
  [[0x02, 0x7d, 0x0b], 'f32', 'floating point'],
  [[0x02, 0x70, 0x0b], 'funcref', 'reference types'],
  [[0x11, 0, 1], 'call_indirect of table 1', 'reference types'],
  [[0x28, 0x42, 0, 0], 'memory index', 'multiple memories'],
]

describe('an instruction that is not supported', () => {
  it.each(INSTRUCTIONS)('%j is refused as %s (%s)', (bytes, instruction, feature) => {
    const error = caught(rawFunction(0x01, ...bytes, 0x0b))
    expect(error).toBeInstanceOf(UnsupportedFeature)
    expect(error).toMatchObject({ instruction, feature, func: { index: 0, name: null } })
  })

  it('is refused with its offset and its function', () => {
    const code = [10, [2, 2, 0, 0x0b, 3, 0, 0xa0, 0x0b]] as const
    const names = [0, [...rawName('name'), 1, 6, 1, 1, ...rawName('foo')]] as const
    expect(caught(rawModule(TYPE, [3, [2, 0, 0]], code, names))).toMatchObject({
      offset: 27,
      func: { index: 1, name: 'foo' },
      message: 'unsupported: f64.add (floating point) at offset 0x1b in function 1 "foo"',
    })
  })

  it('is refused by no other error, whatever the opcode', () => {
    const supported = new Set<number>(OPCODES.map(([code]) => code))
    const opcodes = Array.from({ length: 256 }, (_, opcode) => [opcode]).filter(
      ([opcode = 0]) => !supported.has(opcode),
    )
    const prefixed = [0xfb, 0xfc, 0xfd, 0xfe].flatMap((prefix) =>
      Array.from({ length: 300 }, (_, k) => [prefix, (k & 0x7f) | 0x80, k >> 7]),
    )
    for (const opcode of [...opcodes, ...prefixed]) {
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
  ['an f64 parameter', rawModule([1, [1, 0x60, 1, 0x7c, 0]]), FIRST + 3, 'f64', 'floating point'],
  ['a v128 result', rawModule([1, [1, 0x60, 0, 1, 0x7b]]), FIRST + 4, 'v128', 'SIMD'],
  ['an externref parameter', rawModule([1, [1, 0x60, 1, 0x6f, 0]]), FIRST + 3, 'externref', 'reference types'],
  ['two results', rawModule([1, [1, 0x60, 0, 2, 0x7f, 0x7f]]), FIRST + 3, '2 results', 'multi-value'],
  ['a recursive type', rawModule([1, [1, 0x4e, 1, 0x60, 0, 0]]), FIRST + 1, 'type form 0x4e', 'garbage collection'],
  ['a struct', rawModule([1, [1, 0x5f, 0]]), FIRST + 1, 'type form 0x5f', 'garbage collection'],
  ['a float global', rawModule([6, [1, 0x7d, 0, 0x43, 0, 0, 0, 0, 0x0b]]), FIRST + 1, 'f32', 'floating point'],
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
  ['two tables', rawModule([4, [2, 0x70, 0, 0, 0x70, 0, 0]]), FIRST, '2 tables', 'reference types'],
  ['an externref table', rawModule([4, [1, 0x6f, 0, 0]]), FIRST + 1, 'externref', 'reference types'],
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
  ['a data count section', rawModule([12, [0]]), 8, 'data count section', 'bulk memory'],
  ['a passive data segment', rawModule([11, [1, 1, 0]]), FIRST + 1, 'data segment of kind 1', 'bulk memory'],
  [
    'a data segment with its memory',
    rawModule([5, [1, 0, 0]], [11, [1, 2, 0, 0x41, 0, 0x0b, 0]]),
    16,
    'data segment of kind 2',
    'bulk memory',
  ],
  ['a passive element segment', rawModule([9, [1, 1, 0, 0]]), FIRST + 1, 'element segment of kind 1', 'bulk memory'],
  [
    'an element segment of expressions',
    rawModule([4, [1, 0x70, 0, 0]], [9, [1, 4, 0x41, 0, 0x0b, 0]]),
    17,
    'element segment of kind 4',
    'bulk memory',
  ],
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
    'global.get 0 of the module itself',
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
