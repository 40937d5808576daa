import { describe, expect, it } from 'vitest'
import { decodeModule, InvalidModule } from '../../../interpreter/binary/index.ts'
import { rawFunction, rawModule, rawName } from '../../helpers/raw-wasm.ts'
import { encodeModule } from '../../helpers/wasm-builder.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

describe('decodeModule', () => {
  const module = decodeModule(
    encodeModule({
      types: [
        { params: [], results: [] },
        { params: ['i32', 'i64'], results: ['i64'] },
      ],
      imports: [{ module: 'substep', name: 'input_size', type: 0 }],
      functions: [
        {
          type: 1,
          locals: ['i32', 'i32', 'i64'],
          code: [
            { op: 'i32.const', value: -1 },
            { op: 'if', type: 'i64', body: [{ op: 'i64.const', value: -2n }], otherwise: [{ op: 'unreachable' }] },
          ],
        },
        { type: 0, locals: [], code: [] },
      ],
      tables: [{ minimum: 2, maximum: 3 }],
      memory: { minimum: 1 },
      globals: [{ type: 'i64', mutable: true, value: -3n }],
      exports: [
        { name: 'mäin', kind: 'function', index: 2 },
        { name: 'memory', kind: 'memory', index: 0 },
      ],
      start: 2,
      elements: [{ offset: 1, functions: [0] }],
      data: [{ offset: 3, bytes: bytes(7, 8) }],
    }),
  )

  it('reads types, imports and exports', () => {
    expect(module.types).toEqual([
      { params: [], results: [] },
      { params: ['i32', 'i64'], results: ['i64'] },
    ])
    expect(module.imports).toEqual([
      { module: 'substep', name: 'input_size', descriptor: { kind: 'function', type: 0 } },
    ])
    expect(module.exports).toEqual([
      { name: 'mäin', kind: 'function', index: 2 },
      { name: 'memory', kind: 'memory', index: 0 },
    ])
  })

  it('reads table, memory, globals and segments', () => {
    expect(module.tables).toEqual([{ minimum: 2, maximum: 3 }])
    expect(module.memories).toEqual([{ minimum: 1, maximum: null }])
    expect(module.globals).toMatchObject([
      { type: 'i64', mutable: true, init: { op: 'i64.const', value: 2n ** 64n - 3n } },
    ])
    expect(module.start).toBe(2)
    expect(module.elements).toMatchObject([{ offset: { op: 'i32.const', value: 1n }, functions: [0] }])
    expect(module.data).toMatchObject([{ offset: { op: 'i32.const', value: 3n }, bytes: bytes(7, 8) }])
  })

  it('reads a body as a flat list with the offsets of the opcodes', () => {
    const [body] = module.functions
    expect(body?.locals).toEqual([
      { count: 2, type: 'i32' },
      { count: 1, type: 'i64' },
    ])
    const start = (body?.offset ?? 0) + 5
    expect(body?.body).toEqual([
      { op: 'i32.const', offset: start, value: 2n ** 32n - 1n },
      { op: 'if', offset: start + 2, result: 'i64' },
      { op: 'i64.const', offset: start + 4, value: 2n ** 64n - 2n },
      { op: 'else', offset: start + 6 },
      { op: 'unreachable', offset: start + 7 },
      { op: 'end', offset: start + 8 },
      { op: 'end', offset: start + 9 },
    ])
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
    const size = (n: number) => [(n & 0x7f) | 0x80, ((n >> 7) & 0x7f) | 0x80, n >> 14]
    const nested = [0, ...Array(depth).fill([0x02, 0x40]).flat(), ...Array(depth + 1).fill(0x0b)]
    const section = [1, ...size(nested.length), ...nested]
    const head = rawModule([1, [1, 0x60, 0, 0]], [3, [1, 0]])
    const decoded = decodeModule(Uint8Array.from([...head, 10, ...size(section.length), ...section]))
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
    ['an export of nothing', rawModule([7, [1, ...rawName('f'), 0, 0]])],
    ['two exports of one name', rawModule([5, [1, 0, 0]], [7, [2, ...rawName('m'), 2, 0, ...rawName('m'), 2, 0]])],
    ['a memory of more than 2^16 pages', rawModule([5, [1, 0, 0x81, 0x80, 0x04]])],
    ['an initialiser that is not constant', global(0x3f, 0)],
    ['an empty initialiser', global()],
    ['an initialiser of two constants', global(0x41, 0, 0x41, 0)],
    [
      'an alignment above the natural one',
      rawModule([1, [1, 0x60, 0, 0]], [3, [1, 0]], [5, [1, 0, 0]], [10, [1, 8, 0, 0x41, 0, 0x28, 3, 0, 0x1a, 0x0b]]),
    ],
  ])('refuses %s', (_, module) => {
    expect(() => decodeModule(module)).toThrow(InvalidModule)
  })
})
