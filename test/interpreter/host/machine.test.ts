import { describe, expect, it } from 'vitest'
import { lowerTask, Machine } from '../../../interpreter/index.ts'
import { TASK_IMPORTS, TASK_MAIN, TASK_MODULE, TRAP } from '../../../spec/index.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { encodeModule, type Instruction } from '../../helpers/wasm-builder.ts'

type HostFunction = keyof typeof TASK_IMPORTS

const PAGES = 2
const MEMORY_BYTES = PAGES * 65_536
const ENOUGH_STEPS = 1e6
const ENTRY = { params: [], results: [] }

const noise = (length: number) => createRandom(TEST_SEED).bytes(length)

/** A task that calls one host function once, with these arguments, and drops its result. */
function oneCall(name: HostFunction, args: readonly number[]): Uint8Array<ArrayBuffer> {
  const drops = TASK_IMPORTS[name].results.map((): Instruction => ({ op: 'drop' }))
  const constants = args.map((value): Instruction => ({ op: 'i32.const', value }))
  return encodeModule({
    types: [TASK_IMPORTS[name], ENTRY],
    imports: [{ module: TASK_MODULE, name, type: 0 }],
    functions: [{ type: 1, locals: [], code: [...constants, { op: 'call', index: 0 }, ...drops] }],
    memory: { minimum: PAGES },
    globals: [],
    exports: [{ name: TASK_MAIN, kind: 'function', index: 1 }],
    elements: [],
    data: [{ offset: 0, bytes: noise(10_000) }],
  })
}

function runCall(name: HostFunction, args: readonly number[], input = noise(70_000)): Machine {
  const machine = new Machine(lowerTask(oneCall(name, args)), input)
  machine.runTo(ENOUGH_STEPS)
  return machine
}

/** Steps inside the host function: without start stub (2), main (2), arguments, the call itself, and the drop. */
function stepsOfCall(name: HostFunction, args: readonly number[]): number {
  return runCall(name, args).steps - 2 - 2 - args.length - 1 - TASK_IMPORTS[name].results.length
}

/** The closed form of spec/task-abi.md. */
const stepsOfCopy = (length: number) => {
  const words = Math.floor(length / 8)
  return 13 * words + 17 * Math.ceil(words / 512) + 15 * (length % 8)
}

const LENGTHS = [0, 1, 7, 8, 9, 4095, 4096, 4097, 4103, 4104, 8192, 8200, 65_535]

describe('the host functions in the machine', () => {
  it.each(LENGTHS)('read %i bytes in as many steps as documented, at any alignment', (length) => {
    for (const [offset, pointer] of [
      [0, 0],
      [3, 13],
    ] as const) {
      expect(stepsOfCall('input_read', [offset, pointer, length])).toBe(53 + stepsOfCopy(length))
      const { memory } = runCall('input_read', [offset, pointer, length]).store
      expect(memory.bytes.slice(pointer, pointer + length)).toEqual(noise(70_000).slice(offset, offset + length))
    }
  })

  it.each(LENGTHS)('write %i bytes in as many steps as documented, at any alignment', (length) => {
    for (const pointer of [0, 13]) {
      expect(stepsOfCall('output_write', [pointer, length])).toBe(51 + stepsOfCopy(length))
    }
  })

  it('write what memory holds', () => {
    expect(runCall('output_write', [13, 5001]).output()).toEqual(noise(10_000).slice(13, 5014))
  })

  it('take as many steps as documented where nothing is copied', () => {
    expect(stepsOfCall('input_size', [])).toBe(5)
    expect(stepsOfCall('input_read', [70_000, 0, 8])).toBe(44)
  })

  const outside: readonly [name: HostFunction, args: readonly number[]][] = [
    ['input_read', [0, MEMORY_BYTES - 7, 8]],
    ['input_read', [70_000, MEMORY_BYTES, 1]],
    ['input_read', [0, -1, -1]],
    ['output_write', [MEMORY_BYTES - 7, 8]],
    ['output_write', [MEMORY_BYTES + 1, 0]],
    ['output_write', [-8, 16]],
  ]
  it.each(outside)('trap in %s(%j) with the trap of a load, before anything is written', (name, args) => {
    const machine = runCall(name, args)
    expect(machine.outcome()).toMatchObject({ outcome: 'trapped', trap: TRAP.MEMORY_BOUNDS })
    expect(machine.store.memory.bytes.slice(0, 10_000)).toEqual(noise(10_000))
    expect(machine.store.memory.bytes.slice(10_000).every((byte) => byte === 0)).toBe(true)
    expect(machine.output()).toHaveLength(0)
  })
})
