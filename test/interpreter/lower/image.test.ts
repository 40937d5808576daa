import { describe, expect, it } from 'vitest'
import { decodeModule } from '../../../interpreter/binary/index.ts'
import { CodeBuilder, MAX_WORDS } from '../../../interpreter/lower/code-builder.ts'
import { lower, ProgramTooLarge, SegmentOutOfBounds } from '../../../interpreter/lower/index.ts'
import { lowerSpec, mainOf, taskRuntime } from '../../helpers/lowered.ts'
import { encodeModule, type ModuleSpec } from '../../helpers/wasm-builder.ts'

const lowered = (more: Partial<ModuleSpec>) => lowerSpec(mainOf([], more))
const bytes = (...values: number[]) => Uint8Array.from(values)

const caught = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return null
}

describe('memory', () => {
  it('has no pages without a declaration', () => {
    expect(lowered({})).toMatchObject({ pages: 0, memory: bytes() })
  })

  it('holds the data segments in order, later ones over earlier ones', () => {
    const data = [
      { offset: 4, bytes: bytes(1, 2, 3, 4) },
      { offset: 6, bytes: bytes(9, 9, 9) },
      { offset: 5, bytes: bytes(7) },
    ]
    const { pages, memory } = lowered({ memory: { minimum: 2 }, data })
    expect(pages).toBe(2)
    expect(memory).toEqual(bytes(0, 0, 0, 0, 1, 7, 9, 9, 9))
  })

  it('takes a segment up to its very end', () => {
    expect(lowered({ memory: { minimum: 1 }, data: [{ offset: 65535, bytes: bytes(5) }] }).memory.length).toBe(65536)
    expect(lowered({ memory: { minimum: 1 }, data: [{ offset: 65536, bytes: bytes() }] }).memory.length).toBe(65536)
  })

  it.each([
    ['one byte behind the end', 65535, bytes(1, 2), 65537],
    ['empty behind the end', 65537, bytes(), 65537],
    ['at an offset that is negative as a signed number', -1, bytes(1), 2 ** 32],
  ])('refuses a segment that is %s', (_, offset, segment, end) => {
    const data = [
      { offset: 0, bytes: bytes(1) },
      { offset, bytes: segment },
    ]
    const error = caught(() => lowered({ memory: { minimum: 1 }, data }))
    expect(error).toBeInstanceOf(SegmentOutOfBounds)
    expect(error).toMatchObject({ kind: 'data', index: 1, end, size: 65536 })
  })
})

describe('globals', () => {
  it('are the bits of their initialisers', () => {
    const globals = [
      { type: 'i32', mutable: true, value: -1 },
      { type: 'i64', mutable: false, value: -1n },
      { type: 'i32', mutable: false, value: 5 },
    ] as const
    expect(lowered({ globals }).globals).toEqual([2n ** 32n - 1n, 2n ** 64n - 1n, 5n])
  })

  it('are at most 65536', () => {
    const globals = (count: number) =>
      Array.from({ length: count }, () => ({ type: 'i32', mutable: true, value: 0 }) as const)
    expect(lowered({ globals: globals(65536) }).globals.length).toBe(65536)
    const error = caught(() => lowered({ globals: globals(65537) }))
    expect(error).toBeInstanceOf(ProgramTooLarge)
    expect(error).toMatchObject({ what: 'globals', needed: 65537, limit: 65536 })
  })
})

describe('the table', () => {
  const types: ModuleSpec['types'] = [
    { params: [], results: [] },
    { params: ['i64'], results: [] },
    { params: [], results: [] },
  ]
  const functions: ModuleSpec['functions'] = [0, 1, 2].map((type) => ({ type, locals: [], code: [] }))
  const NULL = 2n ** 64n

  it('holds type id and entry pc, and null where no segment writes', () => {
    const elements = [
      { offset: 1, functions: [0, 1] },
      { offset: 2, functions: [2, 1] },
    ]
    const { tables, functions: placed } = lowered({ types, functions, tables: [{ minimum: 5 }], elements })
    const reference = (typeId: bigint, func: number) => NULL + (typeId << 32n) + BigInt(placed[func]?.entryPc ?? -1)
    expect(tables).toEqual([NULL, reference(1n, 0), reference(1n, 2), reference(2n, 1), NULL])
    expect(placed.map(({ typeId }) => typeId)).toEqual([1, 2, 1])
  })

  it('is absent without a declaration', () => {
    expect(lowered({}).tables).toEqual([])
  })

  it('refuses a segment behind its end', () => {
    const elements = [{ offset: 4, functions: [0, 1] }]
    const error = caught(() => lowered({ types, functions, tables: [{ minimum: 5 }], elements }))
    expect(error).toBeInstanceOf(SegmentOutOfBounds)
    expect(error).toMatchObject({ kind: 'element', index: 0, end: 6, size: 5 })
  })
})

describe('limits', () => {
  it('refuses a function whose frame is larger than the stack', () => {
    const functions = [{ type: 0, locals: Array<'i32'>(100).fill('i32'), code: [] }]
    expect(lowerSpec(mainOf([], { functions }), { stackLimit: 101 }).code.length).toBeGreaterThan(0)
    const error = caught(() => lowerSpec(mainOf([], { functions }), { stackLimit: 100 }))
    expect(error).toBeInstanceOf(ProgramTooLarge)
    expect(error).toMatchObject({ needed: 101, limit: 100 })
  })

  it('refuses more words than the code region has leaves', () => {
    const code = new CodeBuilder(2)
    const emit = () => code.emit({}, { func: -1, offset: -1, instruction: 'nop' })
    expect([emit(), emit()]).toEqual([0, 1])
    const error = caught(emit)
    expect(error).toBeInstanceOf(ProgramTooLarge)
    expect(error).toMatchObject({ what: 'instruction words', needed: 3, limit: 2 })
    expect(MAX_WORDS).toBe(16_777_216)
  })

  it('refuses a table with more entries than its region has leaves', () => {
    // The engine's own limit is lower, so that no bytes lead here.
    const table = { minimum: 2 ** 24 + 1, maximum: null }
    const task = { ...decodeModule(encodeModule(mainOf([]))), tables: [table] }
    const refused = caught(() => lower(task, taskRuntime))
    expect(refused).toBeInstanceOf(ProgramTooLarge)
    expect(refused).toMatchObject({ what: 'table entries', needed: 2 ** 24 + 1, limit: 2 ** 24 })
  })

  it('refuses a stack limit beyond the machine', () => {
    expect(() => lowerSpec(mainOf([]), { stackLimit: 2 ** 20 })).toThrow(ProgramTooLarge)
  })
})
