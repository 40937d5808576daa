import { describe, expect, it } from 'vitest'
import { decodeModule } from '../../../interpreter/binary/decode.ts'
import { runtimeWasm } from '../../../interpreter/host/index.ts'
import { RUNTIME_FUNCTIONS } from '../../../interpreter/lower/runtime.ts'
import { BYTES_DATA_OFFSET, INTRINSIC_MODULE, INTRINSICS, MAX_BYTES, TASK_IMPORTS } from '../../../spec/index.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import {
  byteRegion,
  createRawHost,
  lengthByte,
  MemoryBoundsTrap,
  outputBytes,
  PAGE_BYTES,
  type RawHost,
} from '../../helpers/raw-host.ts'

const CHUNK = 4096
/** Around nothing, a word, and the chunks of the copy. */
const LENGTHS = [0, 1, 7, 8, 9, 15, 16, 4095, 4096, 4097, 4103, 4104, 8191, 8192, 8193, 3 * CHUNK + 5]
const LONGEST = MAX_BYTES
const RANDOM_CASES = 2000

const noise = (length: number) => createRandom(TEST_SEED).bytes(length)
/** Memory full of a pattern that no copy leaves by chance. */
const filled = (host: RawHost) => host.memory.fill(0xa5)

/** Expects memory to hold these bytes at the pointer and to be untouched around them. */
function expectOnly(host: RawHost, pointer: number, bytes: Uint8Array): void {
  const wanted = new Uint8Array(host.memory.length).fill(0xa5)
  wanted.set(bytes, pointer)
  expect(Buffer.compare(host.memory, wanted)).toBe(0)
}

describe('runtimeWasm', () => {
  const module = decodeModule(runtimeWasm)
  const signature = (type: number) => module.types[type]

  it('holds functions and an imported memory, and nothing else', () => {
    const { tables, memories, globals, elements, data, start } = module
    expect({ tables, memories, globals, elements, data, start }).toEqual({
      ...{ tables: [], memories: [], globals: [], elements: [], data: [], start: null },
    })
    expect(module.imports.filter(({ descriptor }) => descriptor.kind !== 'function')).toEqual([
      { module: 'env', name: 'memory', descriptor: { kind: 'memory', limits: { minimum: 0, maximum: null } } },
    ])
  })

  it('imports only intrinsics of the machine, with their signatures', () => {
    for (const { module: from, name, descriptor } of module.imports) {
      if (descriptor.kind !== 'function') continue
      expect(from).toBe(INTRINSIC_MODULE)
      const { params, results } = INTRINSICS[name as keyof typeof INTRINSICS]
      expect(signature(descriptor.type), name).toEqual({ params, results })
    }
  })

  it('exports exactly the functions offered to tasks and those that instructions call, with their signatures', () => {
    const imported = module.imports.filter(({ descriptor }) => descriptor.kind === 'function').length
    const exported = module.exports.map(({ name, index }) => [
      name,
      signature(module.functions[index - imported]!.type),
    ])
    expect(Object.fromEntries(exported)).toEqual({ ...TASK_IMPORTS, ...RUNTIME_FUNCTIONS })
  })
})

describe('input_size', () => {
  it.each([0, 1, 80, 65_536])('is the length of an input of %i bytes', (length) => {
    expect(createRawHost(byteRegion(noise(length))).input_size()).toBe(length)
  })

  it('is unsigned for the longest input', () => {
    expect(createRawHost((address) => lengthByte(LONGEST, address)).input_size() >>> 0).toBe(LONGEST)
  })
})

describe('input_read', () => {
  it.each(LENGTHS)('copies %i bytes to any alignment and touches nothing else', (length) => {
    const input = noise(length + 20)
    for (const [offset, pointer] of [
      [0, 0],
      [0, 3],
      [5, 8],
      [11, 1001],
    ] as const) {
      const host = createRawHost(byteRegion(input))
      filled(host)
      expect(host.input_read(offset, pointer, length)).toBe(length)
      expectOnly(host, pointer, input.subarray(offset, offset + length))
    }
  })

  it.each(LENGTHS)('stops at the end of an input of %i bytes', (length) => {
    const input = noise(length)
    const host = createRawHost(byteRegion(input))
    filled(host)
    expect(host.input_read(0, 16, length + 9)).toBe(length)
    expectOnly(host, 16, input)
  })

  it.each([80, 81, 2 ** 31, 2 ** 32 - 1])('copies nothing from offset %i of 80 bytes', (offset) => {
    const host = createRawHost(byteRegion(noise(80)))
    filled(host)
    expect(host.input_read(offset, 0, 100)).toBe(0)
    expectOnly(host, 0, new Uint8Array())
  })

  it('copies the last byte of the longest input', () => {
    const host = createRawHost((address) =>
      address < BYTES_DATA_OFFSET ? lengthByte(LONGEST, address) : address & 0xff,
    )
    filled(host)
    expect(host.input_read(LONGEST - 13, 100, PAGE_BYTES - 100)).toBe(13)
    expectOnly(
      host,
      100,
      Uint8Array.from({ length: 13 }, (_, i) => 0xf3 + i),
    )
  })

  it('fills memory to its last byte', () => {
    const input = noise(PAGE_BYTES)
    const host = createRawHost(byteRegion(input))
    expect(host.input_read(0, 0, PAGE_BYTES)).toBe(PAGE_BYTES)
    expectOnly(host, 0, input)
  })

  it('reaches the end of a memory of 2^32 bytes', () => {
    const input = noise(20)
    const host = createRawHost(byteRegion(input), PAGE_BYTES)
    expect(host.input_read(0, 2 ** 32 - 16, 16)).toBe(16)
    expect(host.memory.slice(-16)).toEqual(input.slice(0, 16))
    expect(host.input_read(0, 2 ** 32 - 13, 13)).toBe(13)
    expect(host.memory.slice(-13)).toEqual(input.slice(0, 13))
    expect(() => host.input_read(0, 2 ** 32 - 16, 17)).toThrow(MemoryBoundsTrap)
  })
})

const OUTSIDE: readonly [pointer: number, length: number][] = [
  [PAGE_BYTES, 1],
  [PAGE_BYTES + 1, 0],
  [PAGE_BYTES - 1, 2],
  [0, PAGE_BYTES + 1],
  [0, 2 ** 32 - 1],
  [2 ** 32 - 1, 0],
  [2 ** 32 - 1, 1],
  [2 ** 32 - 1, 2 ** 32 - 1],
  [2 ** 31, 2 ** 31],
]

describe.each(OUTSIDE)('the range of %i and %i bytes, outside a memory of one page', (pointer, length) => {
  it('traps when read to, whatever the input holds, before anything is written', () => {
    for (const offset of [0, 1000]) {
      const host = createRawHost(byteRegion(noise(100)))
      filled(host)
      expect(() => host.input_read(offset, pointer, length)).toThrow(MemoryBoundsTrap)
      expectOnly(host, 0, new Uint8Array())
    }
  })

  it('traps when written from, before anything is written', () => {
    const host = createRawHost(byteRegion(noise(100)))
    expect(() => host.output_write(pointer, length)).toThrow(MemoryBoundsTrap)
    expect(host.output.size).toBe(0)
  })
})

describe('an empty range', () => {
  it('is fine up to the end of memory', () => {
    const host = createRawHost(byteRegion(noise(8)))
    expect(host.input_read(0, PAGE_BYTES, 0)).toBe(0)
    host.output_write(PAGE_BYTES, 0)
    expect(outputBytes(host)).toEqual(new Uint8Array())
  })

  it('needs no memory at all', () => {
    const host = createRawHost(byteRegion(noise(8)), 0)
    expect(host.input_read(0, 0, 0)).toBe(0)
    host.output_write(0, 0)
    expect(() => host.output_write(0, 1)).toThrow(MemoryBoundsTrap)
  })
})

describe('output_write', () => {
  it.each(LENGTHS)('writes %i bytes from any alignment, and keeps memory', (length) => {
    for (const pointer of [0, 3, 8, 1001]) {
      const host = createRawHost(byteRegion(new Uint8Array()))
      host.memory.set(noise(PAGE_BYTES))
      host.output_write(pointer, length)
      expect(outputBytes(host)).toEqual(noise(PAGE_BYTES).subarray(pointer, pointer + length))
      expect(host.output.size, 'bytes of OUTPUT that were stored').toBe(length + 8)
    }
  })

  it('appends to what was written before', () => {
    const host = createRawHost(byteRegion(new Uint8Array()))
    host.memory.set(noise(PAGE_BYTES))
    const parts: number[] = []
    for (const length of [0, 1, 3, 8, 0, CHUNK, 13, CHUNK + 1, 7]) {
      host.output_write(100 + length, length)
      parts.push(...host.memory.subarray(100 + length, 100 + 2 * length))
      expect(outputBytes(host)).toEqual(Uint8Array.from(parts))
    }
  })

  it('writes the last byte of a memory of 2^32 bytes', () => {
    const host = createRawHost(byteRegion(new Uint8Array()), PAGE_BYTES)
    host.memory.set(noise(16), 2 ** 32 - 16)
    host.output_write(2 ** 32 - 16, 16)
    host.output_write(2 ** 32 - 3, 3)
    expect(outputBytes(host)).toEqual(Uint8Array.from([...noise(16), ...noise(16).slice(-3)]))
  })

  it('fills OUTPUT to its last byte, and traps one byte later, before anything is written', () => {
    const host = createRawHost(byteRegion(new Uint8Array()), 1, LONGEST - 13)
    host.memory.set(noise(14))
    expect(() => host.output_write(0, 14)).toThrow(MemoryBoundsTrap)
    expect(host.output.size).toBe(0)
    host.output_write(0, 13)
    expect(Array.from({ length: 13 }, (_, i) => host.output.get(2 ** 32 - 13 + i))).toEqual([...noise(13)])
    expect(() => host.output_write(0, 1)).toThrow(MemoryBoundsTrap)
    host.output_write(0, 0)
  })
})

describe('any call', () => {
  const near = (random: Random, place: number) => Math.max(0, place + random.below(11) - 5) >>> 0
  const anyNumber = (random: Random, places: readonly number[]) =>
    random.chance(0.2) ? random.uint32() : random.chance(0.5) ? near(random, random.pick(places)) : random.below(300)

  it(`copies or traps as the definition says, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    const host = createRawHost(byteRegion(noise(5000)))
    const seen = { copied: 0, trapped: 0 }
    for (let i = 0; i < RANDOM_CASES; i++) {
      const offset = anyNumber(random, [0, 5000, 2 ** 32 - 40, 2 ** 32 - 1])
      const pointer = anyNumber(random, [0, PAGE_BYTES - 100, PAGE_BYTES, 2 ** 32 - 1])
      const length = anyNumber(random, [0, 5000, PAGE_BYTES, 2 ** 32 - 1])
      filled(host)
      const call = () => host.input_read(offset, pointer, length)
      if (pointer + length > PAGE_BYTES) {
        seen.trapped++
        expect(call, `${offset} ${pointer} ${length}`).toThrow(MemoryBoundsTrap)
        expectOnly(host, 0, new Uint8Array())
      } else {
        seen.copied++
        const wanted = noise(5000).subarray(offset, offset + length)
        expect(call(), `${offset} ${pointer} ${length}`).toBe(wanted.length)
        expectOnly(host, pointer, wanted)
      }
    }
    expect(Math.min(seen.copied, seen.trapped)).toBeGreaterThan(RANDOM_CASES / 5)
  })
})
