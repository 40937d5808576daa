import { describe, expect, it } from 'vitest'
import { decodeModule, MalformedModule } from '../../../interpreter/binary/index.ts'
import { RAW_CODE_OFFSET, rawFunction, rawModule, rawName } from '../../helpers/raw-wasm.ts'

/** Offset of the contents of the first section of a module, if it is shorter than 128 bytes. */
const FIRST = 10
const TYPE = [1, [1, 0x60, 0, 0]] as const
const header = (...bytes: number[]) => Uint8Array.from(bytes)
/** One function and the contents of its code section, whose offset is 20. */
const code = (...bytes: number[]) => rawModule(TYPE, [3, [1, 0]], [10, bytes])
const CODE = 20

const CASES: readonly (readonly [name: string, module: Uint8Array, offset: number, expected: string])[] = [
  ['an empty file', header(), 0, '4 bytes of the magic number \\0asm'],
  ['another magic number', header(0, 0x61, 0x73, 0x6c, 1, 0, 0, 0), 0, 'the magic number \\0asm'],
  ['a file that ends in its version', header(0, 0x61, 0x73, 0x6d, 1, 0), 4, '4 bytes of version 1'],
  ['another version', header(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), 4, 'version 1'],
  ['an unknown section', rawModule([14, []]), 8, 'a section id from 0 to 12'],
  ['a section twice', rawModule(TYPE, TYPE), 14, 'a section after section 1'],
  ['a section out of order', rawModule([3, [0]], [1, [0]]), 11, 'a section after section 3'],
  ['a section longer than the file', header(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 0), 10, '5 bytes of section 1'],
  ['a section longer than its contents', rawModule([1, [0, 9]]), FIRST + 1, 'the end of section 1'],
  ['a section shorter than its contents', rawModule([1, [1]]), FIRST + 1, 'a function type'],
  ['a custom section without a name', rawModule([0, []]), FIRST, 'the length of the name of a custom section'],
  ['a name behind the end', rawModule([0, [5, 0x61]]), FIRST + 1, '5 bytes of the name of a custom section'],
  ['a name that is not UTF-8', rawModule([0, [1, 0xff]]), FIRST + 1, 'the name of a custom section in UTF-8'],
  ['a surrogate in UTF-8', rawModule([0, [3, 0xed, 0xa0, 0x80]]), FIRST + 1, 'the name of a custom section in UTF-8'],
  ['an overlong UTF-8 form', rawModule([0, [2, 0xc0, 0x80]]), FIRST + 1, 'the name of a custom section in UTF-8'],
  ['another form of type', rawModule([1, [1, 0x61, 0, 0]]), FIRST + 1, 'a function type (0x60)'],
  ['another value type', rawModule([1, [1, 0x60, 1, 0x7a, 0]]), FIRST + 3, 'a value type'],
  [
    'another kind of import',
    rawModule([2, [1, ...rawName('a'), ...rawName('b'), 5]]),
    FIRST + 5,
    'a kind of import or export',
  ],
  ['another kind of export', rawModule([7, [1, ...rawName('a'), 9, 0]]), FIRST + 3, 'a kind of import or export'],
  ['another mutability', rawModule([6, [1, 0x7f, 4]]), FIRST + 2, 'mutability 0 or 1'],
  ['other limits of a memory', rawModule([5, [1, 0x10, 0]]), FIRST + 1, 'the limits of a memory'],
  ['other limits of a table', rawModule([4, [1, 0x70, 0x08, 0]]), FIRST + 2, 'the limits of a table'],
  ['another element type', rawModule([4, [1, 0x60, 0, 0]]), FIRST + 1, 'a reference type'],
  ['another data segment', rawModule([11, [1, 3]]), FIRST + 1, 'the kind of data segment'],
  ['another element segment', rawModule([9, [1, 8]]), FIRST + 1, 'the kind of element segment'],
  ['another kind of elements', rawModule([9, [1, 1, 1, 0]]), FIRST + 2, 'an element kind'],
  ['a data count behind the code', rawModule([10, [0]], [12, [0]]), 11, 'a section after section 10'],
  ['a data count before the elements', rawModule([12, [0]], [9, [0]]), 11, 'a section after section 12'],
  ['fewer data segments than counted', rawModule([12, [1]], [11, [0]]), 13, '1 data segments'],
  ['more data segments than counted', rawModule([12, [0]], [11, [1, 1, 0]]), 13, '0 data segments'],
  ['counted data segments, but no section', rawModule([12, [2]]), 11, '2 data segments'],
  ['data.drop without a data count', rawFunction(0xfc, 9, 0, 0x0b), RAW_CODE_OFFSET, 'a data count section'],
  [
    'memory.init without a data count',
    rawFunction(0, 0xfc, 8, 0, 0, 0x0b),
    RAW_CODE_OFFSET + 1,
    'a data count section',
  ],
  ['data shorter than it says', rawModule([11, [1, 0, 0x41, 0, 0x0b, 2, 1]]), FIRST + 6, '2 bytes of a data segment'],
  ['a start section of two numbers', rawModule([8, [0, 0]]), FIRST + 1, 'the end of section 8'],
  ['functions without code', rawModule(TYPE, [3, [1, 0]]), 18, '1 function bodies'],
  ['more bodies than functions', code(2, 2, 0, 0x0b, 2, 0, 0x0b), CODE, '1 function bodies'],
  ['code without functions', rawModule([10, [1, 2, 0, 0x0b]]), FIRST, '0 function bodies'],
  ['a body longer than its section', code(1, 9, 0, 0x0b), CODE + 2, '9 bytes of a function body'],
  ['a body that ends before its size', code(1, 3, 0, 0x0b, 0x0b), CODE + 4, 'the end of a function body'],
  ['a body without end', code(1, 2, 0, 0x01), CODE + 4, 'an instruction or end'],
  ['2^32 locals', code(1, 10, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 1, 0x7f, 0x0b), CODE + 2, 'less than 2^32 locals'],
  ['an unknown instruction', rawFunction(0x27, 0x0b), RAW_CODE_OFFSET, 'an instruction'],
  ['an unknown number behind a prefix', rawFunction(0xfc, 18, 0x0b), RAW_CODE_OFFSET, 'an instruction'],
  ['else outside an if', rawFunction(0x01, 0x05, 0x0b), RAW_CODE_OFFSET + 1, 'else inside an if'],
  ['else in a block', rawFunction(0x02, 0x40, 0x05, 0x0b, 0x0b), RAW_CODE_OFFSET + 2, 'else inside an if'],
  ['a second else', rawFunction(0x41, 0, 0x04, 0x40, 0x05, 0x05, 0x0b, 0x0b), RAW_CODE_OFFSET + 5, 'else inside an if'],
  ['another block type', rawFunction(0x02, 0x41, 0x0b, 0x0b), RAW_CODE_OFFSET + 1, 'a block type'],
  ['a block of negative type', rawFunction(0x02, 0xff, 0x7f, 0x0b, 0x0b), RAW_CODE_OFFSET + 1, 'a block type'],
  ['a null of a number', rawFunction(0xd0, 0x7f, 0x1a, 0x0b), RAW_CODE_OFFSET + 1, 'a reference type'],
  ['memory.grow of another memory', rawFunction(0x40, 1, 0x0b), RAW_CODE_OFFSET + 1, 'a zero byte'],
  ['memory.fill of another memory', rawFunction(0xfc, 11, 1, 0x0b), RAW_CODE_OFFSET + 2, 'a zero byte'],
  ['memory.copy to another memory', rawFunction(0xfc, 10, 1, 0, 0x0b), RAW_CODE_OFFSET + 2, 'a zero byte'],
  ['memory.copy from another memory', rawFunction(0xfc, 10, 0, 1, 0x0b), RAW_CODE_OFFSET + 3, 'a zero byte'],
  ['memory.init of another memory', rawFunction(0xfc, 8, 0, 1, 0x0b), RAW_CODE_OFFSET + 3, 'a zero byte'],
  ['a constant of three bytes', rawFunction(0x43, 0, 0, 0), RAW_CODE_OFFSET + 1, '4 bytes of an f32 constant'],
  [
    'a constant of seven bytes',
    rawFunction(0x44, ...Array<number>(7).fill(0)),
    RAW_CODE_OFFSET + 1,
    '8 bytes of an f64 constant',
  ],
  ['an alignment of 2^32', rawFunction(0x41, 0, 0x28, 32, 0, 0x0b), RAW_CODE_OFFSET + 3, 'an alignment'],
  ['an alignment without meaning', rawFunction(0x41, 0, 0x28, 0x80, 1, 0, 0x0b), RAW_CODE_OFFSET + 3, 'an alignment'],
  ['an immediate behind the end', rawFunction(0x41), RAW_CODE_OFFSET + 1, 'an i32 constant'],
]

const caught = (module: Uint8Array): unknown => {
  try {
    decodeModule(module)
  } catch (error) {
    return error
  }
  return null
}

describe('MalformedModule', () => {
  it.each(CASES)('says where and what was expected: %s', (_, module, offset, expected) => {
    const error = caught(module)
    expect(error).toBeInstanceOf(MalformedModule)
    expect(error).toMatchObject({ offset, expected })
    expect(String(error)).toContain(`at offset 0x${offset.toString(16)}`)
    expect(WebAssembly.validate(Uint8Array.from(module))).toBe(false)
  })

  it('names the function', () => {
    const named = rawModule(TYPE, [3, [1, 0]], [7, [1, ...rawName('run'), 0, 0]], [10, [1, 3, 0, 0x27, 0x0b]])
    expect(caught(named)).toMatchObject({
      func: { index: 0, name: 'run' },
      message: 'malformed module: expected an instruction, found 0x27, at offset 0x20 in function 0 "run"',
    })
  })

  const MEMORY = [5, [1, 0, 0]] as const
  /** Code behind an `unreachable` in a module with a memory and a data segment. */
  const withMemory = (...body: readonly number[]) =>
    rawModule(
      TYPE,
      [3, [1, 0]],
      MEMORY,
      [12, [1]],
      [10, [1, body.length + 4, 0, 0x00, ...body, 0x00, 0x0b]],
      [11, [1, 1, 0]],
    )
  const IN_MEMORY = 32

  it.each([
    ['memory.size with a longer zero', withMemory(0x3f, 0x80, 0), IN_MEMORY + 1],
    ['memory.grow with a longer zero', withMemory(0x40, 0x80, 0), IN_MEMORY + 1],
    ['memory.fill with a longer zero', withMemory(0xfc, 11, 0x80, 0), IN_MEMORY + 2],
    ['memory.copy with a longer zero', withMemory(0xfc, 10, 0, 0x80, 0), IN_MEMORY + 3],
    ['memory.init with a longer zero', withMemory(0xfc, 8, 0, 0x80, 0), IN_MEMORY + 3],
    ['a longer form of the empty block type', rawFunction(0x02, 0xc0, 0x7f, 0x0b, 0x0b), RAW_CODE_OFFSET + 1],
    ['a segment of no numbers', rawModule([9, [1, 5, 0x7f, 0]]), FIRST + 2],
    ['a longer form of a reference type', rawFunction(0xd0, 0xf0, 0x7f, 0x1a, 0x0b), RAW_CODE_OFFSET + 1],
  ])('is thrown although the engine reads it: %s', (_, module, offset) => {
    expect(WebAssembly.validate(module)).toBe(true)
    expect(caught(module)).toBeInstanceOf(MalformedModule)
    expect(caught(module)).toMatchObject({ offset })
  })
})
