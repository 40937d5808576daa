import { describe, expect, it } from 'vitest'
import { Machine, type Outcome } from '../../../interpreter/machine/index.ts'
import { TRAP } from '../../../spec/index.ts'
import { lowerSpec, mainOf } from '../../helpers/lowered.ts'
import { type Code, encodeModule, type Instruction, type ModuleSpec } from '../../helpers/wasm-builder.ts'
import { LOAD_ROWS, type NumberType, STORE_ROWS } from '../../helpers/wasm-opcodes.ts'

const MAX_STEPS = 1_000_000

const inMachine = (
  spec: ModuleSpec,
  stackLimit?: number,
): { outcome: Outcome; memory: Uint8Array; machine: Machine } => {
  const machine = new Machine(lowerSpec(spec, stackLimit === undefined ? {} : { stackLimit }), new Uint8Array(0))
  machine.runTo(MAX_STEPS)
  const memory = machine.store.memory.bytes.slice(0, machine.registers.pages * 65536)
  return { outcome: machine.outcome(), memory, machine }
}

/** The memory that the engine leaves; null if it trapped. */
const inEngine = (spec: ModuleSpec): Uint8Array | null => {
  const exports = [...spec.exports, { name: 'memory', kind: 'memory' as const, index: 0 }]
  const instance = new WebAssembly.Instance(new WebAssembly.Module(encodeModule({ ...spec, exports })), {})
  try {
    ;(instance.exports.main as () => void)()
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return null
    throw error
  }
  return new Uint8Array((instance.exports.memory as WebAssembly.Memory).buffer)
}

const HALTED: Outcome = { outcome: 'halted', exitCode: 0, trap: null }
const trapped = (trap: number): Outcome => ({ outcome: 'trapped', exitCode: null, trap })

const expectSameAsEngine = (spec: ModuleSpec): Uint8Array => {
  const { outcome, memory } = inMachine(spec)
  expect(outcome).toEqual(HALTED)
  const wanted = inEngine(spec)
  expect(wanted === null ? null : Buffer.compare(memory, wanted)).toBe(0)
  return memory
}

const i32 = (value: number): Instruction => ({ op: 'i32.const', value })
const get = (index: number): Instruction => ({ op: 'local.get', index })
const set = (index: number): Instruction => ({ op: 'local.set', index })
const br = (index: number): Instruction => ({ op: 'br', index })
const brIf = (index: number): Instruction => ({ op: 'br_if', index })
const block = (type: 'empty' | 'i32', body: Code): Instruction => ({ op: 'block', type, body })
const loop = (body: Code): Instruction => ({ op: 'loop', type: 'empty', body })
const STORE: Instruction = { op: 'i32.store', alignLog2: 2, offset: 0 }

const FUNCTION = 1
const types: ModuleSpec['types'] = [
  { params: [], results: [] },
  { params: ['i32'], results: ['i32'] },
  { params: ['i32'], results: [] },
]

/** Calls a function (i32) -> (i32) with each argument and stores the results in order. */
const tabulating = (args: readonly number[], locals: number, code: Code, more: Partial<ModuleSpec> = {}): ModuleSpec =>
  mainOf([], {
    types,
    memory: { minimum: 1, maximum: 3 },
    functions: [
      {
        type: 0,
        locals: [],
        code: args.flatMap((arg, k) => [i32(4 * k), i32(arg), { op: 'call', index: FUNCTION } as const, STORE]),
      },
      { type: 1, locals: Array<'i32'>(locals).fill('i32'), code },
    ],
    ...more,
  })

const resultsOf = (memory: Uint8Array, count: number): number[] =>
  Array.from({ length: count }, (_, k) => new DataView(memory.buffer).getInt32(4 * k, true))

describe('lowered programs give the results of the engine', () => {
  it('recursion: Fibonacci numbers', () => {
    const call = (less: number): Code => [get(0), i32(less), { op: 'i32.sub' }, { op: 'call', index: FUNCTION }]
    const code: Code = [
      get(0),
      i32(2),
      { op: 'i32.lt_s' },
      { op: 'if', type: 'i32', body: [get(0)], otherwise: [...call(1), ...call(2), { op: 'i32.add' }] },
    ]
    const memory = expectSameAsEngine(tabulating([0, 1, 2, 10, 15], 0, code))
    expect(resultsOf(memory, 5)).toEqual([0, 1, 1, 55, 610])
  })

  it('loops with exits: Collatz lengths', () => {
    const half: Code = [get(0), i32(1), { op: 'i32.shr_u' }, set(0)]
    const triple: Code = [get(0), i32(3), { op: 'i32.mul' }, i32(1), { op: 'i32.add' }, set(0)]
    const code: Code = [
      block('empty', [
        loop([
          ...[get(0), i32(1), { op: 'i32.eq' } as const, brIf(1)],
          ...[get(1), i32(1), { op: 'i32.add' } as const, set(1)],
          ...[
            get(0),
            i32(1),
            { op: 'i32.and' } as const,
            { op: 'if', type: 'empty', body: triple, otherwise: half } as const,
          ],
          br(0),
        ]),
      ]),
      get(1),
    ]
    const memory = expectSameAsEngine(tabulating([1, 2, 7, 27], 1, code))
    expect(resultsOf(memory, 4)).toEqual([0, 1, 16, 111])
  })

  it('br_table to blocks, with operands to drop, to the function, and its default', () => {
    const code: Code = [
      block('i32', [
        i32(77),
        block('i32', [i32(5), i32(10), get(0), { op: 'br_table', targets: [0, 1, 2, 1], otherwise: 0 }]),
        { op: 'i32.add' },
      ]),
      i32(1000),
      { op: 'i32.add' },
    ]
    const memory = expectSameAsEngine(tabulating([0, 1, 2, 3, 4, -1], 0, code))
    expect(resultsOf(memory, 6)).toEqual([1087, 1010, 10, 1010, 1087, 1087])
  })

  it('br_if with a value over operands to drop', () => {
    const code: Code = [block('i32', [i32(1), i32(2), get(0), brIf(0), { op: 'drop' }]), get(0), { op: 'i32.add' }]
    const memory = expectSameAsEngine(tabulating([0, 5], 0, code))
    expect(resultsOf(memory, 2)).toEqual([1, 7])
  })

  it('select, tee and early return', () => {
    const code: Code = [
      ...[
        get(0),
        i32(3),
        { op: 'i32.gt_s' } as const,
        { op: 'if', type: 'empty', body: [i32(-1), { op: 'return' }] } as const,
      ],
      ...[i32(10), i32(20), get(0), { op: 'local.tee', index: 1 } as const, { op: 'select' } as const],
      ...[get(1), { op: 'i32.add' } as const],
    ]
    const memory = expectSameAsEngine(tabulating([0, 1, 3, 4], 1, code))
    expect(resultsOf(memory, 4)).toEqual([20, 11, 13, -1])
  })

  it('memory.size and memory.grow up to the declared maximum', () => {
    const code: Code = [
      ...[get(0), { op: 'memory.grow' } as const, i32(16), { op: 'i32.mul' } as const],
      ...[{ op: 'memory.size' } as const, { op: 'i32.add' } as const],
    ]
    const memory = expectSameAsEngine(tabulating([0, 1, 0, 2, -1, 1, 1], 0, code))
    expect(resultsOf(memory, 7)).toEqual([17, 18, 34, -14, -14, 35, -13])
  })

  it('every load and store, across a leaf of the tree', () => {
    const address = 29
    const data = [{ offset: 24, bytes: Uint8Array.from({ length: 16 }, (_, i) => 0x7b + i) }]
    const wide: Instruction = { op: 'i64.store', alignLog2: 0, offset: 0 }
    const asI64: Readonly<Record<NumberType, Code>> = {
      i32: [{ op: 'i64.extend_i32_u' }],
      i64: [],
      f32: [{ op: 'i32.reinterpret_f32' }, { op: 'i64.extend_i32_u' }],
      f64: [{ op: 'i64.reinterpret_f64' }],
    }
    const loads = LOAD_ROWS.flatMap(
      ({ op, type }, k): Code => [
        i32(64 + 8 * k),
        ...[i32(address), { op, alignLog2: 0, offset: 2 } as const],
        ...asI64[type],
        wide,
      ],
    )
    const stored: Readonly<Record<NumberType, Instruction>> = {
      i32: i32(0x12345687),
      i64: { op: 'i64.const', value: 0x123456789abcdef0n },
      f32: { op: 'f32.const', bits: 0x7fa12345 },
      f64: { op: 'f64.const', bits: 0xfff4123456789abcn },
    }
    const stores = STORE_ROWS.flatMap(
      ({ op, type }, k): Code => [i32(512 + 32 * k - 1), stored[type], { op, alignLog2: 0, offset: 0 }],
    )
    expectSameAsEngine(mainOf([...loads, ...stores], { memory: { minimum: 1 }, data }))
  })

  it('the start function runs before main', () => {
    const global: Instruction = { op: 'global.get', index: 0 }
    const functions = [
      { type: 0, locals: [], code: [i32(0), global, STORE] },
      { type: 0, locals: [], code: [i32(6), { op: 'global.set', index: 0 }] },
    ] satisfies ModuleSpec['functions']
    const globals = [{ type: 'i32', mutable: true, value: 1 }] as const
    const memory = expectSameAsEngine(mainOf([], { functions, globals, start: 1, memory: { minimum: 1 } }))
    expect(resultsOf(memory, 1)).toEqual([6])
  })
})

describe('lowered indirect calls', () => {
  const calling = (index: number): ModuleSpec => ({
    ...tabulating([], 0, []),
    tables: [{ minimum: 4 }],
    functions: [
      { type: 0, locals: [], code: [i32(0), i32(index), { op: 'call', index: 1 }, STORE] },
      { type: 1, locals: [], code: [i32(20), get(0), { op: 'call_indirect', type: 1 }] },
      { type: 1, locals: [], code: [get(0), i32(1), { op: 'i32.add' }] },
      { type: 1, locals: [], code: [get(0), i32(2), { op: 'i32.mul' }] },
      { type: 2, locals: [], code: [] },
    ],
    elements: [{ offset: 0, functions: [2, 3, 4] }],
  })

  it.each([
    [0, 21],
    [1, 40],
  ])('entry %i is called', (index, result) => {
    expect(resultsOf(expectSameAsEngine(calling(index)), 1)).toEqual([result])
  })

  it.each([
    ['of another type', 2, TRAP.TYPE_MISMATCH],
    ['that is null', 3, TRAP.UNINITIALIZED_ELEMENT],
    ['behind the table but below its capacity', 4, TRAP.UNDEFINED_ELEMENT],
    ['behind the capacity', 2 ** 16, TRAP.UNDEFINED_ELEMENT],
    ['that is -1', -1, TRAP.UNDEFINED_ELEMENT],
  ])('an entry %s traps', (_, index, trap) => {
    expect(inMachine(calling(index)).outcome).toEqual(trapped(trap))
    expect(inEngine(calling(index))).toBeNull()
  })
})

describe('lowered traps', () => {
  it.each([
    ['unreachable', TRAP.UNREACHABLE, [{ op: 'unreachable' }]],
    ['a division by zero', TRAP.DIVISION_BY_ZERO, [i32(1), i32(0), { op: 'i32.div_s' }, { op: 'drop' }]],
    [
      'a quotient that is too large',
      TRAP.INTEGER_OVERFLOW,
      [i32(-(2 ** 31)), i32(-1), { op: 'i32.div_s' }, { op: 'drop' }],
    ],
    [
      'a load of the byte behind the end',
      TRAP.MEMORY_BOUNDS,
      [i32(65533), { op: 'i32.load', alignLog2: 0, offset: 0 }, { op: 'drop' }],
    ],
    [
      'an address that does not wrap around',
      TRAP.MEMORY_BOUNDS,
      [i32(-1), i32(0), { op: 'i32.store8', alignLog2: 0, offset: 1 }],
    ],
  ] satisfies [string, number, Code][])('%s', (_, trap, code) => {
    const spec = mainOf(code, { memory: { minimum: 1 } })
    expect(inMachine(spec).outcome).toEqual(trapped(trap))
    expect(inEngine(spec)).toBeNull()
  })

  it('endless recursion exhausts the stack at its last slot', () => {
    const limit = 1000
    const { outcome, machine } = inMachine(mainOf([{ op: 'call', index: 0 }]), limit)
    expect(outcome).toEqual(trapped(TRAP.STACK_EXHAUSTED))
    // A frame is one slot, the return pc, and two steps, CALL and ENTER; ENTER asks for one slot more.
    expect(machine.steps).toBe(2 * limit)
    expect(machine.registers.sp).toBe(limit)
  })
})

describe('a task without memory', () => {
  const task: ModuleSpec = {
    ...mainOf([]),
    types: [
      { params: [], results: [] },
      { params: ['i32', 'i32', 'i32'], results: ['i32'] },
    ],
    imports: [{ module: 'substep', name: 'input_read', type: 1 }],
    exports: [{ name: 'main', kind: 'function', index: 1 }],
  }
  const reading = (length: number): ModuleSpec => {
    const code: Code = [i32(0), i32(0), i32(length), { op: 'call', index: 0 }, { op: 'drop' }]
    return { ...task, functions: [{ type: 0, locals: [], code }] }
  }

  it('has a memory of no pages: nothing can be read into it', () => {
    expect(inMachine(reading(1)).outcome).toEqual(trapped(TRAP.MEMORY_BOUNDS))
    expect(inMachine(reading(0)).outcome).toEqual(HALTED)
  })
})
