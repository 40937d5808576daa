import { describe, expect, it } from 'vitest'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import { createRawHost, MemoryBoundsTrap, PAGE_BYTES, type RawHost, TableBoundsTrap } from '../../helpers/raw-host.ts'
import { wasmOf } from '../../helpers/wat.ts'

const RANDOM_CASES = 3000
/** Fewer: each compares every entry. */
const TABLE_CASES = 800
const DATA_BYTES = 9000
const ENTRIES = 1200
const MAX_ENTRIES = 1500
const SEGMENT_ENTRIES = 700
const FUNCTIONS = 40

// Where a runtime function finds what it works on: leaves of GLOBALS, and places in DATA and TABLES.
const GLOBAL = { data: 3, table: 4, other: 5, segment: 6 } as const
const DATA_BASE = 100
const BASE = { table: 10, other: 1600, segment: 3000 } as const

const NOISE = createRandom(TEST_SEED).bytes(PAGE_BYTES)
const noise = (length: number) => NOISE.slice(0, length)
const escaped = (bytes: Uint8Array) => [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
const times = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join(' ')

/** The instructions themselves, by the names of the runtime functions. */
const ENGINE_MODULE = new WebAssembly.Module(
  wasmOf(`(module
    (memory (export "memory") 1 1) (data $d "${escaped(noise(DATA_BYTES))}")
    ${times(FUNCTIONS, (i) => `(func $f${i} (export "f${i}"))`)}
    (table $t (export "table") ${ENTRIES} ${MAX_ENTRIES} funcref) (table $o (export "other") ${ENTRIES} funcref)
    (elem $e funcref ${times(SEGMENT_ENTRIES, (i) => `(ref.func $f${(i * 7) % FUNCTIONS})`)})
    (func (export "memory_fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "memory_copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "memory_init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
    (func (export "data_drop") (data.drop $d))
    (func (export "table_fill") (param i32 funcref i32) (table.fill $t (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table_grow") (param funcref i32) (result i32) (table.grow $t (local.get 0) (local.get 1)))
    (func (export "table_copy") (param i32 i32 i32) (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table_from") (param i32 i32 i32) (table.copy $t $o (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table_to") (param i32 i32 i32) (table.copy $o $t (local.get 0) (local.get 1) (local.get 2)))
    (func (export "table_init") (param i32 i32 i32) (table.init $t $e (local.get 0) (local.get 1) (local.get 2)))
    (func (export "elem_drop") (elem.drop $e)))`),
)

type Call = (...operands: (number | object | null)[]) => number | undefined

const createEngine = () => {
  const { exports } = new WebAssembly.Instance(ENGINE_MODULE)
  const functions = exports as unknown as Readonly<Record<string, Call>>
  const numbers = new Map(
    Array.from({ length: FUNCTIONS }, (_, i) => [functions[`f${i}`] as object | null, BigInt(i + 1)]),
  )
  const references = (name: 'table' | 'other') => {
    const table = exports[name] as WebAssembly.Table
    return Array.from({ length: table.length }, (_, i) => numbers.get(table.get(i)) ?? 0n)
  }
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer)
  return { functions, memory, references, functionOf: (number: number) => functions[`f${number - 1}`] ?? null }
}

/** A host whose regions hold what the engine's module has. */
const createHost = (): RawHost => {
  const host = createRawHost(() => 0)
  host.data.set(noise(DATA_BYTES), DATA_BASE)
  host.globals.set([DATA_BYTES, ENTRIES, ENTRIES, SEGMENT_ENTRIES], GLOBAL.data)
  for (let i = 0; i < SEGMENT_ENTRIES; i++) host.tables[BASE.segment + i] = BigInt((i * 7) % FUNCTIONS) + 1n
  return host
}

const hostReferences = ({ tables, globals }: RawHost, name: 'table' | 'other') =>
  Array.from(tables.subarray(BASE[name], BASE[name] + (globals[GLOBAL[name]] as number)))

/** What a call gives, or that it traps. */
const outcomeOf = (run: () => number | undefined): number | undefined | 'trap' => {
  try {
    return run()
  } catch (error) {
    const isTrap = [MemoryBoundsTrap, TableBoundsTrap, WebAssembly.RuntimeError].some((type) => error instanceof type)
    if (isTrap) return 'trap'
    throw error
  }
}

const anyNumber = (random: Random, size: number): number => {
  const near = [0, size / 2, size, 2 ** 31, 2 ** 32 - 1, 4096, 512]
  if (random.chance(0.1)) return random.uint32()
  return (random.chance(0.4) ? Math.max(0, random.pick(near) + random.below(11) - 5) : random.below(size)) >>> 0
}

const tally = () => ({ done: 0, trapped: 0 })

describe('bulk functions on memory', () => {
  it(`do what the engine does, seed ${TEST_SEED}`, () => {
    const [random, engine, host, seen] = [createRandom(TEST_SEED), createEngine(), createHost(), tally()]
    for (let i = 0; i < RANDOM_CASES; i++) {
      const name = random.pick(['memory_fill', 'memory_copy', 'memory_copy', 'memory_init'] as const)
      const small = random.chance(0.6) ? 300 : PAGE_BYTES
      const start = anyNumber(random, PAGE_BYTES)
      const near = random.chance(0.5) ? (start + random.below(50) - 25) >>> 0 : anyNumber(random, PAGE_BYTES)
      const operands = [start, name === 'memory_init' ? anyNumber(random, DATA_BYTES) : near, anyNumber(random, small)]
      if (i === Math.floor(0.9 * RANDOM_CASES)) {
        engine.functions.data_drop?.()
        host.globals[GLOBAL.data] = 0
      }
      const wanted = outcomeOf(() => engine.functions[name]?.(...operands))
      const more = name === 'memory_init' ? [DATA_BASE, GLOBAL.data] : []
      expect(
        outcomeOf(() => host[name](...operands, ...more)),
        `${name} ${operands}`,
      ).toBe(wanted)
      expect(Buffer.compare(host.memory, engine.memory), `memory after ${name} ${operands}`).toBe(0)
      seen[wanted === 'trap' ? 'trapped' : 'done']++
    }
    expect(Math.min(seen.done, seen.trapped)).toBeGreaterThan(RANDOM_CASES / 10)
  })

  it.each([0, 1, 7, 8, 9, 4095, 4096, 4097, 8192, 12_300])('copy %i bytes over each other by any distance', (count) => {
    const [engine, host] = [createEngine(), createHost()]
    for (const distance of [-4097, -4096, -16, -9, -8, -7, -1, 0, 1, 5, 8, 9, 4096, 4097]) {
      host.memory.set(noise(PAGE_BYTES))
      engine.memory.set(noise(PAGE_BYTES))
      host.memory_copy(20_000 + distance, 20_000, count)
      engine.functions.memory_copy?.(20_000 + distance, 20_000, count)
      expect(Buffer.compare(host.memory, engine.memory), `by ${distance}`).toBe(0)
    }
  })

  it('reach the last byte of 4 GiB', () => {
    const host = createRawHost(() => 0, PAGE_BYTES)
    host.memory.set(noise(40), 2 ** 32 - 40)
    host.memory_copy(2 ** 32 - 39, 2 ** 32 - 40, 39)
    expect(host.memory.slice(-39)).toEqual(noise(39))
    host.memory_copy(2 ** 32 - 40, 2 ** 32 - 39, 39)
    expect(host.memory.slice(-40, -1)).toEqual(noise(39))
    host.memory_fill(2 ** 32 - 9, 0x1ff, 9)
    expect(host.memory.slice(-9)).toEqual(new Uint8Array(9).fill(0xff))
    expect(() => host.memory_fill(2 ** 32 - 1, 0, 2)).toThrow(MemoryBoundsTrap)
    expect(() => host.memory_copy(2 ** 32 - 1, 0, 2)).toThrow(MemoryBoundsTrap)
  })
})

describe('bulk functions on tables', () => {
  const run = (host: RawHost, name: string, operands: readonly number[]): number | undefined => {
    const { table, other, segment } = BASE
    const [a, b, c] = operands as [number, number, number]
    switch (name) {
      case 'table_fill':
        return host.table_fill(a, BigInt(b), c, table, GLOBAL.table)
      case 'table_grow':
        return host.table_grow(BigInt(a), b, table, GLOBAL.table, MAX_ENTRIES)
      case 'table_copy':
        return host.table_copy(a, b, c, table, GLOBAL.table, table, GLOBAL.table)
      case 'table_from':
        return host.table_copy(a, b, c, table, GLOBAL.table, other, GLOBAL.other)
      case 'table_to':
        return host.table_copy(a, b, c, other, GLOBAL.other, table, GLOBAL.table)
      default:
        return host.table_init(a, b, c, table, GLOBAL.table, segment, GLOBAL.segment)
    }
  }

  it(`do what the engine does, seed ${TEST_SEED}`, () => {
    const [random, engine, host, seen] = [createRandom(TEST_SEED), createEngine(), createHost(), tally()]
    const names = ['table_fill', 'table_grow', 'table_copy', 'table_from', 'table_to', 'table_init'] as const
    for (let i = 0; i < TABLE_CASES; i++) {
      const name = random.pick(names)
      const operands = [ENTRIES, ENTRIES, random.chance(0.7) ? 60 : ENTRIES].map((size) => anyNumber(random, size))
      if (name === 'table_fill') operands[1] = random.below(FUNCTIONS + 1)
      if (name === 'table_grow')
        operands.splice(0, 2, random.below(FUNCTIONS + 1), random.chance(0.5) ? 3 : random.uint32())
      if (i === Math.floor(0.9 * TABLE_CASES)) {
        engine.functions.elem_drop?.()
        host.globals[GLOBAL.segment] = 0
      }
      const given: (number | object | null)[] = [...operands]
      if (name === 'table_fill') given[1] = engine.functionOf(operands[1] as number)
      if (name === 'table_grow') given[0] = engine.functionOf(operands[0] as number)
      const wanted = outcomeOf(() => engine.functions[name]?.(...given))
      expect(
        outcomeOf(() => run(host, name, operands)),
        `${name} ${operands}`,
      ).toBe(wanted)
      for (const table of ['table', 'other'] as const) {
        expect(hostReferences(host, table), `${table} after ${name} ${operands}`).toEqual(engine.references(table))
      }
      seen[wanted === 'trap' ? 'trapped' : 'done']++
    }
    expect(Math.min(seen.done, seen.trapped)).toBeGreaterThan(TABLE_CASES / 10)
  })
})

describe('window_grow', () => {
  it(`does what memory.grow of the engine does, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < 50; i++) {
      const [minimum, room] = [random.below(5), random.below(20)]
      const limits = `${minimum} ${minimum + room}`
      const module = wasmOf(`(module (memory ${limits})
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`)
      const grow = new WebAssembly.Instance(new WebAssembly.Module(module)).exports.grow as Call
      const host = createHost()
      host.globals[GLOBAL.other] = minimum
      for (let calls = 0; calls < 12; calls++) {
        const delta = random.chance(0.2) ? random.int32() : random.below(6)
        expect(host.window_grow(delta, GLOBAL.other, minimum + room), `${delta} of ${limits}`).toBe(grow(delta))
      }
    }
  })
})
