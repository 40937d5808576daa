import { describe, expect, it } from 'vitest'
import { regionRoot } from '../../../interpreter/commit/byte-tree.ts'
import { MemoryTooLarge, toHex } from '../../../interpreter/index.ts'
import { Machine } from '../../../interpreter/machine/index.ts'
import { BLOCK_BITS, createStore, resize, storeOutput } from '../../../interpreter/machine/store.ts'
import { lowerTask } from '../../../interpreter/task.ts'
import { MAX_PAGES, PAGE_BITS, REGION, REGIONS, STATUS } from '../../../spec/index.ts'
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
    storeOutput(output, 99_992, 8, 1n)
    expect(output.bytes.length).toBe(100_000)
    expect(() => storeOutput(output, 100_000, 1, 1n)).toThrow(MemoryTooLarge)
    expect(() => createStore(program, new Uint8Array(0), 65_535)).toThrow(MemoryTooLarge)
  })

  it('notes a store to the last bytes of the largest memory for the next commitment', () => {
    const { store } = stored(MAX_PAGES, MAX_PAGES * 2 ** PAGE_BITS - 4)
    expect(store.status).toBe(STATUS.HALTED)
    expect(store.memory.dirty[2 ** (16 + PAGE_BITS - BLOCK_BITS) - 1]).toBe(1)
  })
})
