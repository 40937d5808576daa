import { describe, expect, it } from 'vitest'
import { numberOf } from '../../../interpreter/commit/bits.ts'
import { regionRoot } from '../../../interpreter/commit/byte-tree.ts'
import { MemoryTooLarge, toHex } from '../../../interpreter/index.ts'
import * as words from '../../../interpreter/lower/words.ts'
import { BLOCK_BITS, resize, storeSparse } from '../../../interpreter/machine/bytes.ts'
import { Commitment } from '../../../interpreter/machine/commitment.ts'
import { Machine } from '../../../interpreter/machine/index.ts'
import { createStore, remainsOf, WINDOW_START } from '../../../interpreter/machine/store.ts'
import { leafOf, storeEntry } from '../../../interpreter/machine/tables.ts'
import { lowerTask } from '../../../interpreter/task.ts'
import { INTRINSICS, MAX_PAGES, PAGE_BITS, REGION, REGIONS, STATUS } from '../../../spec/index.ts'
import { handProgram } from '../../helpers/hand-program.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { encodeModule } from '../../helpers/wasm-builder.ts'

/** Stores a word at `address` of a memory of `pages` pages that holds one byte of data, and runs to the end. */
function stored(pages: number, address: number): Machine {
  const code = [
    { op: 'i32.const', value: address },
    { op: 'i32.const', value: 0x01020304 },
    { op: 'i32.store', alignLog2: 2, offset: 0 },
  ] as const
  const wasm = encodeModule({
    types: [{ params: [], results: [] }],
    imports: [],
    functions: [{ type: 0, locals: [], code }],
    memory: { minimum: pages },
    globals: [],
    exports: [{ name: 'main', kind: 'function', index: 0 }],
    elements: [],
    data: [{ offset: 70_000, bytes: Uint8Array.of(9) }],
  })
  const machine = new Machine(lowerTask(wasm), new Uint8Array(0))
  machine.runTo(100)
  return machine
}

const NOTHING = {
  types: [{ params: [], results: [] }],
  imports: [],
  functions: [{ type: 0, locals: [], code: [] }],
  globals: [],
  exports: [{ name: 'main', kind: 'function', index: 0 }],
  elements: [],
  data: [],
} as const

const NO_INPUT = new Uint8Array(0)

const memoryRoot = (machine: Machine) => toHex(machine.tree().regionRoots()[REGION.MEMORY] ?? new Uint8Array(0))

describe('createStore', () => {
  it('has the bytes of the largest memory committed as those of a small one', () => {
    expect(memoryRoot(stored(MAX_PAGES, 100_000))).toBe(memoryRoot(stored(2, 100_000)))
  })

  it('commits to what a segment writes, and to no block that it leaves empty', () => {
    const bytes = Uint8Array.of(0, 0, 1)
    const offset = 3 * 2 ** BLOCK_BITS - 2
    const data = [{ offset, bytes }]
    const program = lowerTask(encodeModule({ ...NOTHING, memory: { minimum: 1 }, data }))
    const { memory } = createStore(program, new Uint8Array(0))
    expect([memory.bytes[offset + 2], [...memory.dirty].flatMap((mark, i) => (mark ? [i] : []))]).toEqual([1, [3]])
    const leaves = new Uint8Array(2 ** PAGE_BITS)
    leaves.set(bytes, offset)
    const root = toHex(regionRoot(leaves, REGIONS[REGION.MEMORY].depth))
    expect(memoryRoot(new Machine(program, new Uint8Array(0)))).toBe(root)
  })

  it('lets neither memory nor output outgrow what is allowed, and uses all of it', () => {
    const program = lowerTask(encodeModule({ ...NOTHING, memory: { minimum: 1 } }))
    const { memory, output } = createStore(program, new Uint8Array(0), 100_010)
    resize(memory, 90_016, 131_072)
    expect(memory.bytes.length).toBe(100_000)
    expect(() => resize(memory, 100_011, 0)).toThrow(MemoryTooLarge)
    storeSparse(output, 99_996, 4, 1)
    expect(output.bytes.length).toBe(100_000)
    expect(() => storeSparse(output, 100_000, 1, 1)).toThrow(MemoryTooLarge)
    expect(() => createStore(program, new Uint8Array(0), 65_535)).toThrow(MemoryTooLarge)
  })

  it('notes a store to the last bytes of the largest memory for the next commitment', () => {
    const { store } = stored(MAX_PAGES, MAX_PAGES * 2 ** PAGE_BITS - 4)
    expect(store.status).toBe(STATUS.HALTED)
    expect(store.memory.dirty[2 ** (16 + PAGE_BITS - BLOCK_BITS) - 1]).toBe(1)
  })
})

/** A program whose data lie in linear memory and in a window, and that stores to both and to a table. */
const scattered = () =>
  handProgram(
    [
      words.constant(65_530n),
      words.constant(0x0102030405060708n),
      words.store(2, 0),
      words.constant(5000n),
      words.constant(0x1112131415161718n),
      words.inWindow(words.store(3, WINDOW_START)),
      words.constant(200n),
      words.constant((7n << 32n) | 3n),
      INTRINSICS.table_store.word,
      words.constant(9n),
      words.globalSet(1),
    ],
    {
      pages: 1,
      memory: [
        { address: 40, bytes: Uint8Array.of(1, 2) },
        { address: WINDOW_START + 64, bytes: Uint8Array.of(3, 4) },
      ],
      tables: [2n ** 64n, 0n, 2n ** 64n + 5n],
      globals: [1n, 2n],
    },
  )

describe('remainsOf', () => {
  it('gives what another program continues with, as the same regions', () => {
    const program = scattered()
    const ran = new Machine(program, NO_INPUT)
    ran.runTo(program.code.length / 32)
    const { pages, globals, tables, memory } = remainsOf(ran.store)
    const next = new Machine({ ...program, pages, globals: [...globals], tables, memory }, NO_INPUT)
    const roots = (machine: Machine) => machine.tree().regionRoots().map(toHex)
    expect(roots(next)).toEqual(roots(ran))
    expect(globals[1]).toBe(9n)
    expect(tables[200]).toBe((1n << 64n) | (7n << 32n) | 3n)
  })
})

describe('Commitment', () => {
  it('gives the same root whether it is asked at every step or once', () => {
    const [often, once] = [new Machine(scattered(), NO_INPUT), new Machine(scattered(), NO_INPUT)]
    for (let step = 0; step < 11; step++) {
      often.stateHash()
      often.step()
    }
    once.runTo(11)
    expect(often.stateHash()).toBe(once.stateHash())
  })

  it('gives the root of one made anew, however stack and globals change', () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    const globals = Array.from({ length: 200 }, () => BigInt.asUintN(64, random.int64()))
    const program = handProgram([{}], { globals })
    const store = createStore(program, NO_INPUT)
    const commitment = new Commitment(program, NO_INPUT)
    store.globals[0] = 0n
    for (let round = 0; round < 30; round++) {
      const made = new Commitment(program, NO_INPUT).update(store)
      expect(toHex(commitment.update(store).root())).toBe(toHex(made.root()))
      store.sp = random.below(random.chance(0.5) ? 10 : 1000)
      for (let i = random.below(4); i > 0; i--) {
        store.slots64[random.below(1000)] = random.int64()
        store.globals[random.below(200)] = BigInt.asUintN(64, random.int64())
      }
    }
  })

  it('knows after a trace which globals it has committed to', () => {
    const values = [5n, 7n, 1n].flatMap((value) => [words.constant(value), words.globalSet(0)])
    const program = handProgram(values, { globals: [1n] })
    const machine = new Machine(program, NO_INPUT)
    const start = toHex(machine.tree().region(REGION.GLOBALS).root())
    for (const _ of machine.trace(0, 4));
    machine.runTo(6)
    expect(machine.store.globals[0]).toBe(1n)
    expect(toHex(machine.tree().region(REGION.GLOBALS).root())).toBe(start)
  })

  it('has the bytes and entries that were stored, at their leaves', () => {
    const machine = new Machine(scattered(), NO_INPUT)
    machine.runTo(11)
    const tree = machine.tree()
    const memory = tree.region(REGION.MEMORY)
    const [end, beyond] = [memory.leaf(2047), memory.leaf(2048)]
    expect([...end.subarray(26), ...beyond.subarray(0, 2)]).toEqual([8, 7, 6, 5, 0, 0, 0, 0])
    expect([...memory.leaf(WINDOW_START / 32 + 2).subarray(0, 2)]).toEqual([3, 4])
    expect([...memory.leaf((WINDOW_START + 4992) / 32).subarray(8, 16)]).toEqual([
      0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
    ])
    const entries = tree.region(REGION.TABLES)
    expect([0, 1, 2, 200].map((entry) => numberOf(entries.leaf(entry)))).toEqual([
      2n ** 64n,
      0n,
      2n ** 64n + 5n,
      2n ** 64n + (7n << 32n) + 3n,
    ])
  })
})

describe('createStore, for many small machines', () => {
  it('holds no more than the program needs', () => {
    const { memory, window, slots64, tables, output } = createStore(handProgram([{}]), NO_INPUT)
    expect([memory.bytes.length, window.bytes.length, tables.present.length, output.bytes.length]).toEqual([
      0, 0, 0, 32,
    ])
    expect(slots64.length).toBe(1024)
  })

  it('lets a window not outgrow what is allowed', () => {
    const { window } = createStore(handProgram([{}]), NO_INPUT, 1000)
    expect(() => storeSparse(window, 1000, 1, 1)).toThrow(MemoryTooLarge)
  })

  it('grows tables where they are stored to, up to the end of TABLES', () => {
    const { tables } = createStore(handProgram([{}], { tables: [2n ** 64n] }), NO_INPUT)
    expect(storeEntry(tables, 2 ** 24 - 1, 24, 0, 5, 6)).toBe(true)
    expect([leafOf(tables, 0), leafOf(tables, 2 ** 24 - 1)]).toEqual([2n ** 64n, 2n ** 64n + (6n << 32n) + 5n])
    expect(storeEntry(tables, 2 ** 24 - 1, 24, 1, 5, 6)).toBe(false)
    expect(storeEntry(tables, 4, 2, 0, 5, 6)).toBe(false)
  })
})
