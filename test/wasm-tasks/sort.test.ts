import { instantiateSync } from '@assemblyscript/loader'
import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../interpreter/index.ts'
import { InputRefused, sortU32 } from '../../wasm-tasks/index.ts'
import { hostileItems } from '../helpers/hostile-items.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { abortRecord, answerOf, type HostFunctions, readTask, runRaw } from '../helpers/raw-task.ts'
import { documentedSteps, runInMachine } from '../helpers/task-machine.ts'

const REFUSED = 'the input is not a whole number of u32'
const PAGE_BYTES = 65_536

const binary = readTask('sort')

function bytesOf(items: Iterable<number>): Uint8Array {
  const values = [...items]
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, item] of values.entries()) bytes.writeUInt32LE(item, 4 * i)
  return new Uint8Array(bytes)
}

const sorted = (items: Iterable<number>) => bytesOf([...items].sort((a, b) => a - b))

const fill = (count: number, item: (i: number) => number) => Array.from({ length: count }, (_, i) => item(i))
const randomItems = (count: number, seed = 1) => fill(count, createRandom(seed).uint32)

const SHAPES: Readonly<Record<string, (count: number) => Iterable<number>>> = {
  random: (count) => randomItems(count),
  ascending: (count) => fill(count, (i) => i),
  descending: (count) => fill(count, (i) => count - i),
  'all equal': (count) => fill(count, () => 7),
  'two values': (count) => fill(count, (i) => (i * i) % 2),
  'up and down': (count) => fill(count, (i) => Math.min(i, count - i)),
  'ascending, the last one small': (count) => fill(count, (i) => (i + 1) % count),
  'saw teeth': (count) => fill(count, (i) => i % 13),
  hostile: (count) => hostileItems(count).items,
}
const ALL_SHAPES = Object.entries(SHAPES)

describe('sortU32', () => {
  it('sorts bytes typed by hand: little-endian, without a sign', () => {
    const input = [0, 0, 0, 0x80, /**/ 2, 1, 0, 0, /**/ 0xff, 0xff, 0xff, 0x7f, /**/ 3, 0, 0, 0]
    const output = [3, 0, 0, 0, /**/ 2, 1, 0, 0, /**/ 0xff, 0xff, 0xff, 0x7f, /**/ 0, 0, 0, 0x80]
    expect(sortU32(Uint8Array.from(input))).toEqual(Uint8Array.from(output))
    expect(runRaw(binary, Uint8Array.from(input)).output).toEqual(Uint8Array.from(output))
  })

  it('sorts a part of a larger buffer and leaves it as it was', () => {
    const buffer = bytesOf([9, 5, 4, 3, 1])
    expect(sortU32(buffer.subarray(4, 16))).toEqual(bytesOf([3, 4, 5]))
    expect(buffer).toEqual(bytesOf([9, 5, 4, 3, 1]))
  })

  it.each([1, 2, 3, 5, 4095])('refuses %i bytes', (length) => {
    expect(() => sortU32(new Uint8Array(length))).toThrow(new InputRefused(REFUSED))
    expect(answerOf(binary, new Uint8Array(length))).toEqual({ refused: `unreachable: ${REFUSED}` })
  })
})

describe('the task sort', () => {
  it('sorts nothing, and one item', () => {
    expect(runRaw(binary, new Uint8Array(0))).toMatchObject({ output: new Uint8Array(0), trap: undefined })
    expect(runRaw(binary, bytesOf([0xfedcba98]))).toMatchObject({ output: bytesOf([0xfedcba98]), trap: undefined })
  })

  it.each(ALL_SHAPES)('sorts %s items, up to 70 of them and 2,500', (_shape, shape) => {
    for (const count of [...fill(70, (i) => i), 2500]) {
      const items = [...shape(count)]
      expect(runRaw(binary, bytesOf(items)).output, `${count} items`).toEqual(sorted(items))
    }
  })

  it('sorts every order of six different items', () => {
    const orders = permutations([1, 2, 3, 4, 5, 6])
    expect(orders).toHaveLength(720)
    expect(orders.filter((items) => !sortsRight(items))).toEqual([])
  })

  it('sorts every row of twelve items of two values, partitions included', () => {
    const rows = fill(2 ** 12, (bits) => bits).map((bits) => fill(12, (i) => (bits >> i) & 1))
    expect(rows.filter((items) => !sortsRight(items))).toEqual([])
  })

  it(`agrees with its reference on random items of narrow and wide ranges, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < 200; i++) {
      const range = 2 ** random.pick([1, 3, 8, 16, 32])
      const input = bytesOf(fill(random.below(2000), () => random.below(range)))
      expect(runRaw(binary, input).output, `case ${i}`).toEqual(sortU32(input))
    }
  })

  it('sorts more items than the first page of memory holds', () => {
    const items = randomItems(100_000)
    expect(4 * items.length).toBeGreaterThan(6 * PAGE_BYTES)
    const { outcome, output } = runInMachine('sort', bytesOf(items))
    expect(outcome).toBe('halted')
    expect(equal(output, sorted(items))).toBe(true)
  })

  it('aborts if memory cannot hold the input', () => {
    const substep: HostFunctions = {
      input_size: () => (2 ** 32 - 32) | 0,
      input_read: () => 0,
      output_write: () => undefined,
    }
    const { exports } = instantiateSync<{ main(): void }>(binary, { substep: { ...substep } })
    expect(() => exports.main()).toThrow('unreachable')
    const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer)
    expect(abortRecord({ memory, output: new Uint8Array(), trap: undefined }).message).toBe(
      'the input does not fit into memory',
    )
  })
})

describe('the steps of the task sort', () => {
  const inputs: Readonly<Record<string, Iterable<number>>> = {
    '0 items': [],
    '1 item': [7],
    '100 items, random': randomItems(100),
    ...Object.fromEntries(
      ['random', 'ascending', 'descending', 'all equal', 'up and down', 'hostile'].map((shape) => [
        `1024 items, ${shape}`,
        [...SHAPES[shape]!(1024)],
      ]),
    ),
    '100000 items, random': randomItems(100_000),
    '100000 items, up and down': SHAPES['up and down']!(100_000),
  }
  const rows = documentedSteps('sort')

  it('are documented for the inputs that are made here', () => {
    expect(rows.map(({ input }) => input)).toEqual(Object.keys(inputs))
  })

  it.each(rows)('are $steps for $input', ({ input, steps }) => {
    expect(runInMachine('sort', bytesOf(inputs[input]!)).steps).toBe(steps)
  })

  it.each(ALL_SHAPES)('stay below 64 n log2 n for %s items', (_shape, shape) => {
    for (const count of [256, 1024, 4096]) {
      const { steps, outcome } = runInMachine('sort', bytesOf(shape(count)))
      expect(outcome).toBe('halted')
      expect(steps / (count * Math.log2(count)), `${count} items`).toBeLessThan(64)
    }
  })

  it('would grow with the square of n for hostile items if heapsort did not take over', () => {
    for (const count of [256, 1024, 4096]) {
      expect(hostileItems(count).partitions, `${count} items`).toBeGreaterThan(count / 8)
    }
  })
})

describe('the stack of the task sort', () => {
  it.each(ALL_SHAPES)('grows at most with log2 n for %s items', (_shape, shape) => {
    const highest = (count: number) => highestSp(bytesOf(shape(count)))
    const base = highest(16)
    for (const count of [64, 256, 1024]) {
      expect(highest(count) - base, `${count} items`).toBeLessThanOrEqual(SLOTS_A_CALL * Math.log2(count / 16))
    }
  })
})

/** Arguments, return address, locals and operands of a call of quicksort that waits for another. */
const SLOTS_A_CALL = 9

function highestSp(input: Uint8Array): number {
  const machine = new Machine(lowerTask(binary), input)
  let highest = 0
  for (; !machine.stopped; machine.step()) highest = Math.max(highest, machine.store.sp)
  return highest
}

const equal = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
/** Whether the task sorts these. */
const sortsRight = (items: readonly number[]) => equal(runRaw(binary, bytesOf(items)).output, sorted(items))

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}
