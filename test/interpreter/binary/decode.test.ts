import { describe, expect, it } from 'vitest'
import { decodeModule, InvalidModule } from '../../../interpreter/binary/index.ts'
import { rawFunction, rawModule, rawName, rawNumber } from '../../helpers/raw-wasm.ts'
import { wasmOf } from '../../helpers/wat.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

const MODULE = `(module
  (type (func)) (type (func (param i32 f64) (result externref f32)))
  (import "substep" "input_size" (func (type 0)))
  (import "a" "t" (table 1 externref)) (import "a" "m" (memory 1 2))
  (import "a" "g" (global i64)) (import "a" "h" (global (mut f32)))
  (table 2 3 funcref) (table 4 externref)
  (global (mut i64) (i64.const -3)) (global f32 (f32.const -0)) (global f64 (f64.const nan:0x1))
  (global i64 (global.get 0)) (global externref (ref.null extern)) (global funcref (ref.func 2))
  (export "m\\c3\\a4in" (func 2)) (export "memory" (memory 0)) (export "table" (table 1)) (export "global" (global 2))
  (start 2)
  (func (type 1) (local i32 i32 funcref)
    i32.const -1
    if (param) (result i64) i64.const -2 else unreachable end
    f32.const 1
    unreachable
    i32.load16_u offset=300 align=1
    unreachable
    block (type 1) unreachable end)
  (func (type 0)))`

describe('decodeModule', () => {
  const module = decodeModule(wasmOf(MODULE))

  it('reads types, imports and exports', () => {
    expect(module.types).toEqual([
      { params: [], results: [] },
      { params: ['i32', 'f64'], results: ['externref', 'f32'] },
    ])
    expect(module.imports).toEqual([
      { module: 'substep', name: 'input_size', descriptor: { kind: 'function', type: 0 } },
      {
        module: 'a',
        name: 't',
        descriptor: { kind: 'table', element: 'externref', limits: { minimum: 1, maximum: null } },
      },
      { module: 'a', name: 'm', descriptor: { kind: 'memory', limits: { minimum: 1, maximum: 2 } } },
      { module: 'a', name: 'g', descriptor: { kind: 'global', type: 'i64', mutable: false } },
      { module: 'a', name: 'h', descriptor: { kind: 'global', type: 'f32', mutable: true } },
    ])
    expect(module.exports).toEqual([
      { name: 'mäin', kind: 'function', index: 2 },
      { name: 'memory', kind: 'memory', index: 0 },
      { name: 'table', kind: 'table', index: 1 },
      { name: 'global', kind: 'global', index: 2 },
    ])
  })

  it('reads tables, memories, globals and the start', () => {
    expect(module.tables).toEqual([
      { element: 'funcref', limits: { minimum: 2, maximum: 3 } },
      { element: 'externref', limits: { minimum: 4, maximum: null } },
    ])
    expect(decodeModule(rawModule([5, [1, 0, 1]])).memories).toEqual([{ minimum: 1, maximum: null }])
    expect(module.globals).toMatchObject([
      { type: 'i64', mutable: true, init: { op: 'i64.const', value: 2n ** 64n - 3n } },
      { type: 'f32', mutable: false, init: { op: 'f32.const', value: 0x80000000n } },
      { type: 'f64', mutable: false, init: { op: 'f64.const', value: 0x7ff0000000000001n } },
      { type: 'i64', mutable: false, init: { op: 'global.get', global: 0 } },
      { type: 'externref', mutable: false, init: { op: 'ref.null', reference: 'externref' } },
      { type: 'funcref', mutable: false, init: { op: 'ref.func', func: 2 } },
    ])
    expect(module.start).toBe(2)
  })

  it('reads a body as a flat list with the offsets of the opcodes', () => {
    const [body] = module.functions
    expect(body?.type).toBe(1)
    expect(body?.locals).toEqual([
      { count: 2, type: 'i32' },
      { count: 1, type: 'funcref' },
    ])
    const start = (body?.offset ?? 0) + 5
    expect(body?.body).toEqual([
      { op: 'i32.const', offset: start, value: 2n ** 32n - 1n },
      { op: 'if', offset: start + 2, signature: { params: [], results: ['i64'] } },
      { op: 'i64.const', offset: start + 4, value: 2n ** 64n - 2n },
      { op: 'else', offset: start + 6 },
      { op: 'unreachable', offset: start + 7 },
      { op: 'end', offset: start + 8 },
      { op: 'f32.const', offset: start + 9, value: 0x3f800000n },
      { op: 'unreachable', offset: start + 14 },
      { op: 'i32.load16_u', offset: start + 15, align: 0, displacement: 300 },
      { op: 'unreachable', offset: start + 19 },
      { op: 'block', offset: start + 20, signature: module.types[1] },
      { op: 'unreachable', offset: start + 22 },
      { op: 'end', offset: start + 23 },
      { op: 'end', offset: start + 24 },
    ])
  })

  it('reads numbers of instructions behind a prefix in any length', () => {
    const copy = rawFunction(0x43, 0, 0, 0, 0, 0xfc, 0x80, 0x80, 0x00, 0x1a, 0x0b)
    expect(decodeModule(copy).functions[0]?.body[1]).toMatchObject({ op: 'i32.trunc_sat_f32_s' })
  })

  it('reads an empty module', () => {
    expect(decodeModule(rawModule())).toMatchObject({ types: [], functions: [], start: null })
  })

  it('steps over custom sections, between and behind the others', () => {
    const custom = [0, [...rawName('x'), 1, 2, 3]] as const
    expect(decodeModule(rawModule(custom, [1, [1, 0x60, 0, 0]], custom, custom)).types.length).toBe(1)
  })

  it('is not moved by later changes of the bytes', () => {
    const source = rawModule([5, [1, 0, 1]], [11, [1, 0, 0x41, 0, 0x0b, 1, 42]])
    const decoded = decodeModule(source)
    source.fill(0)
    expect(decoded.data[0]?.bytes).toEqual(bytes(42))
  })

  it('takes blocks that are nested a hundred thousand deep', () => {
    const depth = 100_000
    const nested = [0, ...Array<number[]>(depth).fill([0x02, 0x40]).flat(), ...Array<number>(depth + 1).fill(0x0b)]
    const code = [1, ...rawNumber(nested.length), ...nested]
    const decoded = decodeModule(rawModule([1, [1, 0x60, 0, 0]], [3, [1, 0]], [10, code]))
    expect(decoded.functions[0]?.body.length).toBe(2 * depth + 1)
  })
})

describe('InvalidModule', () => {
  it('carries what the engine says', () => {
    let caught: unknown
    try {
      decodeModule(rawFunction(0x41, 0, 0x0b))
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(InvalidModule)
    expect(String(caught)).toMatch(/^InvalidModule: invalid module: .*function #0/)
  })

  const global = (...init: number[]) => rawModule([6, [1, 0x7f, 0, ...init, 0x0b]])
  it.each([
    ['an operand of another type', rawFunction(0x42, 0, 0x45, 0x1a, 0x0b)],
    ['a block of an unknown type', rawFunction(0x02, 1, 0x0b, 0x0b)],
    ['an export of nothing', rawModule([7, [1, ...rawName('f'), 0, 0]])],
    ['two exports of one name', rawModule([5, [1, 0, 0]], [7, [2, ...rawName('m'), 2, 0, ...rawName('m'), 2, 0]])],
    ['a memory of more than 2^16 pages', rawModule([5, [1, 0, 0x81, 0x80, 0x04]])],
    ['a memory that may grow beyond 2^16 pages', rawModule([5, [1, 1, 0, 0x81, 0x80, 0x04]])],
    ['an initialiser that is not constant', global(0x3f, 0)],
    ['an initialiser with a block', global(0x02, 0, 0x0b)],
    ['an empty initialiser', global()],
    ['an initialiser of two constants', global(0x41, 0, 0x41, 0)],
    ['an initialiser of another type', global(0xd0, 0x70)],
    ['an initialiser with a mutable global', rawModule([2, [1, 0, 0, 3, 0x7f, 1]], [6, [1, 0x7f, 0, 0x23, 0, 0x0b]])],
    ['an alignment above the natural one', wasmOf('(module (memory 1) (func i32.const 0 i32.load align=8 drop))')],
    ['a reference to an undeclared function', wasmOf('(module (func ref.func 0 drop))')],
    ['a reference to the start function alone', wasmOf('(module (start 0) (func ref.func 0 drop))')],
    ['a select of references without a type', rawFunction(0xd0, 0x70, 0xd0, 0x70, 0x41, 0, 0x1b, 0x1a, 0x0b)],
    ['a select of no type', rawFunction(0x00, 0x1c, 0, 0x00, 0x0b)],
    ['a select of two types', rawFunction(0x00, 0x1c, 2, 0x7f, 0x7f, 0x00, 0x0b)],
    [
      'functions in a table of externref',
      rawModule([4, [1, 0x6f, 0, 1]], [9, [1, 4, 0x41, 0, 0x0b, 1, 0xd0, 0x70, 0x0b]]),
    ],
    [
      'call_indirect of a table of externref',
      wasmOf('(module (type (func)) (table 1 externref) (func i32.const 0 call_indirect (type 0)))'),
    ],
    [
      'a tail call of a function with other results',
      wasmOf('(module (func return_call 1) (func (result i32) i32.const 0))'),
    ],
  ])('refuses %s', (_, module) => {
    expect(() => decodeModule(module)).toThrow(InvalidModule)
  })
})
