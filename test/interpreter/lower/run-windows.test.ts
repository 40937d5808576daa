import { describe, expect, it } from 'vitest'
import { Machine } from '../../../interpreter/machine/index.ts'
import { WINDOW_START } from '../../../interpreter/machine/store.ts'
import { lowerTask } from '../../../interpreter/task.ts'
import { PAGE_BITS, TRAP } from '../../../spec/index.ts'
import { HALTED, trapped } from '../../helpers/text-task.ts'
import { LOAD_ROWS, STORE_ROWS } from '../../helpers/wasm-opcodes.ts'
import { wasmOf } from '../../helpers/wat.ts'

/** A library takes linear memory, so that the memory of the task is a window. */
const LIBRARY = wasmOf(`(module (memory (export "memory") 2) (data (i32.const 0) "library")
  (func (export "touch") (param i32) local.get 0 local.get 0 i32.store8 offset=100))`)

const PAGE = 65536
const ENOUGH_STEPS = 1e6

/** 255 bytes at 300 that all differ from their neighbours; the window has 1 page and may get 3. */
const task = (main: string): Uint8Array<ArrayBuffer> =>
  wasmOf(`(module (import "library" "touch" (func $touch (param i32))) (memory (export "memory") 1 3)
    (data $passive "0123456789")
    (data (i32.const 300) "${Array.from({ length: 255 }, (_, k) => `\\${(k ^ 0x95).toString(16).padStart(2, '0')}`).join('')}")
    (func (export "main") i32.const 7 call $touch ${main}))`)

const memoriesInMachine = (wasm: Uint8Array<ArrayBuffer>) => {
  const machine = new Machine(lowerTask(wasm, { libraries: [{ name: 'library', wasm: LIBRARY }] }), new Uint8Array(0))
  machine.runTo(ENOUGH_STEPS)
  const { memory, window, pages } = machine.store
  return { outcome: machine.outcome(), library: memory.bytes.subarray(0, pages * 2 ** PAGE_BITS), task: window.bytes }
}

const memoriesInEngine = (wasm: Uint8Array<ArrayBuffer>) => {
  const library = new WebAssembly.Instance(new WebAssembly.Module(LIBRARY)).exports
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { library })
  const bytesOf = ({ memory }: WebAssembly.Exports) => new Uint8Array((memory as WebAssembly.Memory).buffer)
  let failure: unknown
  try {
    ;(exports.main as () => void)()
  } catch (error) {
    failure = error
  }
  return { trapped: failure instanceof WebAssembly.RuntimeError, library: bytesOf(library), task: bytesOf(exports) }
}

/** Without the zeros at the end: the window is held as far as it was stored to. */
const trimmed = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1)

const expectAsEngine = (main: string, outcome = HALTED): void => {
  const wasm = task(main)
  const [machine, engine] = [memoriesInMachine(wasm), memoriesInEngine(wasm)]
  expect(machine.outcome).toEqual(outcome)
  expect(engine.trapped).toBe(outcome.outcome === 'trapped')
  expect(Buffer.compare(trimmed(machine.library), trimmed(engine.library))).toBe(0)
  expect(Buffer.compare(trimmed(machine.task), trimmed(engine.task))).toBe(0)
}

describe('a window of the memory', () => {
  const asI64: Readonly<Record<string, string>> = {
    i32: 'i64.extend_i32_u',
    i64: '',
    f32: 'i32.reinterpret_f32 i64.extend_i32_u',
    f64: 'i64.reinterpret_f64',
  }
  const stored: Readonly<Record<string, string>> = {
    i32: 'i32.const 0x12345687',
    i64: 'i64.const 0x123456789abcdef0',
    f32: 'f32.const nan:0x212345',
    f64: 'f64.const -nan:0x4123456789abc',
  }

  it('begins where linear memory cannot grow to', () => {
    expect(WINDOW_START).toBe(0xfc00_0000)
  })

  it.each(LOAD_ROWS)('$op reads the bytes of the task', ({ op, type }) => {
    expectAsEngine(`i32.const 8 i32.const 301 ${op} offset=28 align=1 ${asI64[type]} i64.store`)
  })

  it.each(STORE_ROWS)('$op writes them', ({ op, type }) => {
    expectAsEngine(`i32.const 29 ${stored[type]} ${op} offset=2 align=1`)
  })

  it.each(LOAD_ROWS)('$op is stopped at the last byte, whatever its offset', ({ op, bytes }) => {
    expectAsEngine(`i32.const ${PAGE - bytes - 1} ${op} offset=1 drop`)
    expectAsEngine(`i32.const ${PAGE - bytes} ${op} offset=1 drop`, trapped(TRAP.MEMORY_BOUNDS))
    expectAsEngine(`i32.const 0 ${op} offset=4294967295 drop`, trapped(TRAP.MEMORY_BOUNDS))
    expectAsEngine(`i32.const -1 ${op} drop`, trapped(TRAP.MEMORY_BOUNDS))
  })

  it.each(STORE_ROWS)('$op is stopped at the last byte', ({ op, type, bytes }) => {
    expectAsEngine(`i32.const ${PAGE - bytes} ${stored[type]} ${op}`)
    expectAsEngine(`i32.const ${PAGE - bytes + 1} ${stored[type]} ${op}`, trapped(TRAP.MEMORY_BOUNDS))
  })

  it('grows up to its maximum', () => {
    const grow = (pages: number, at: number) => `i32.const ${at} i32.const ${pages} memory.grow i32.store
      i32.const ${at + 4} memory.size i32.store`
    expectAsEngine(`${grow(0, 0)} ${grow(3, 8)} ${grow(1, 16)} ${grow(1, 24)} ${grow(1, 32)} ${grow(-1, 40)}`)
    expectAsEngine(`i32.const 2 memory.grow drop i32.const ${3 * PAGE - 4} i32.const 5 i32.store`)
  })

  it.each([
    ['memory.fill', [1001, 7, 13], HALTED],
    ['memory.fill', [PAGE - 20, 7, 20], HALTED],
    ['memory.fill', [PAGE - 20, 7, 21], trapped(TRAP.MEMORY_BOUNDS)],
    ['memory.copy', [303, 300, 100], HALTED],
    ['memory.copy', [293, 300, 100], HALTED],
    ['memory.copy', [PAGE - 99, 300, 100], trapped(TRAP.MEMORY_BOUNDS)],
    ['memory.copy', [300, PAGE - 99, 100], trapped(TRAP.MEMORY_BOUNDS)],
    ['memory.init $passive', [1000, 2, 8], HALTED],
    ['memory.init $passive', [PAGE - 7, 2, 8], trapped(TRAP.MEMORY_BOUNDS)],
  ] as const)('%s of %j', (op, operands, outcome) => {
    expectAsEngine(`${operands.map((operand) => `i32.const ${operand}`).join(' ')} ${op}`, outcome)
  })
})
