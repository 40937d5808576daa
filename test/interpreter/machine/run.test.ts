import { describe, expect, it } from 'vitest'
import type { Program } from '../../../interpreter/lower/program.ts'
import * as words from '../../../interpreter/lower/words.ts'
import { execute } from '../../../interpreter/machine/float.ts'
import { Machine } from '../../../interpreter/machine/machine.ts'
import { WINDOW_START } from '../../../interpreter/machine/store.ts'
import {
  ACCESS,
  ALU_ROWS,
  type AluRow,
  CONTROL,
  EXTENSION,
  INTRINSICS,
  STACK_LIMIT,
  STATUS,
  TRAP,
  UNIT,
} from '../../../spec/index.ts'
import { FLOAT_ROWS, floatOperands, typesOf } from '../../helpers/float-engine.ts'
import { type FloatCase, floatCases, floatFiles } from '../../helpers/float-vectors.ts'
import { handProgram } from '../../helpers/hand-program.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'

const NO_INPUT = new Uint8Array(0)

type Word = words.Word

/** Operands, then the operation; what it answers is on top of the stack. */
const wordsOf = (row: AluRow, a: bigint, b: bigint): Word[] => [
  words.constant(a),
  ...(row.reads === 2 ? [words.constant(b)] : []),
  {
    alu: row.code,
    control: CONTROL.NEXT,
    unit: UNIT.WRITE,
    ...(row.reads === 2 ? { a: 2, b: 1, result: 2, delta: -1 } : { a: 1, result: 1 }),
  },
]

/** The answers of the fast run: those with a result in one program, each trap in one of its own. */
function firstWrong(cases: readonly FloatCase[]): unknown {
  const quiet = cases.filter(({ trap }) => trap === TRAP.NONE)
  const machine = new Machine(handProgram(quiet.flatMap(({ row, a, b }) => wordsOf(row, a, b))), NO_INPUT)
  machine.runTo(machine.steps + quiet.reduce((steps, { row }) => steps + row.reads + 1, 0))
  const { sp, slots64 } = machine.store
  expect(sp).toBe(quiet.length)
  const wrong = quiet.findIndex(({ r }, i) => BigInt.asUintN(64, slots64[i] as bigint) !== r)
  if (wrong >= 0) return { ...quiet[wrong], is: slots64[wrong] }
  return cases.find(({ row, a, b, trap }) => trap !== TRAP.NONE && trapOf(wordsOf(row, a, b)) !== trap)
}

function trapOf(code: readonly Word[], parts?: Partial<Program>): number | null {
  const machine = new Machine(handProgram(code, parts), NO_INPUT)
  machine.runTo(code.length)
  return machine.outcome().trap
}

describe('run', () => {
  it.each(floatFiles())('computes $name as the IEEE vectors have it', (file) => {
    expect(firstWrong(floatCases(file))).toBeUndefined()
  })

  it.each(FLOAT_ROWS)(`computes $name as the reference does, seed ${TEST_SEED}`, (row) => {
    const random = createRandom(TEST_SEED ^ row.code)
    const cases = floatOperands(row, random, 300).map(({ a, b }) => ({ row, a, b, ...execute(row.code, a, b) }))
    expect(firstWrong(cases)).toBeUndefined()
  })
})

/** Goes step by step beside the exact machine, to the end or `steps`; the hashes must be the same at each. */
function walkBeside(program: Program, input: Uint8Array, steps: number): Machine {
  const exact = new Machine(program, input).exact()
  const machine = new Machine(program, input)
  for (let step = 0; ; step++) {
    if (machine.stateHash() !== exact.stateHash()) throw new Error(`the states differ at step ${step}`)
    if (machine.stopped || step === steps) return machine
    machine.step()
    exact.step()
  }
}

const PRESENT = 1n << 64n
const reference = (typeId: number, pc: number) => PRESENT | (BigInt(typeId) << 32n) | BigInt(pc)

/** Table of capacity 8 from leaf 2 on: type 7 at pc 40, null, type 5 at pc 40, two of type 7, then absent entries. */
const TABLE = { base: 2, capacityLog2: 3 }
const TABLES = [0n, 0n, reference(7, 40), PRESENT, reference(5, 40), reference(7, 9), reference(7, 3)]
const ABSENT = 5

const number = (value: number): Word => words.constant(BigInt(value >>> 0))
const { input_load8, input_load64, output_load64, output_store8, output_store64 } = INTRINSICS
const { data_load8, data_load64, table_load, table_store, global_load, global_store } = INTRINSICS
const BIG = words.constant(0x8182838485868788n)

const LOADS = [0, 1, 2, 3].flatMap((width) =>
  [EXTENSION.ZERO, EXTENSION.SIGN32, EXTENSION.SIGN64].flatMap((extension) =>
    width + extension <= 3 && !(width === 2 && extension === EXTENSION.SIGN32)
      ? [width | (extension << ACCESS.EXTENSION_SHIFT)]
      : [],
  ),
)

const windowLoads = (at: number): Word[] =>
  LOADS.flatMap((access) => [number(0), words.inWindow(words.load(access, at)), words.drop()])

const windowStores = (at: number): Word[] =>
  [0, 1, 2, 3].flatMap((access) => [number(16 * access), BIG, words.inWindow(words.store(access, at))])

/** What runs without a trap, for as many steps as it has words. */
const STORIES: Record<string, readonly Word[]> = {
  'table.get': [number(0), words.tableGet(TABLE), number(1), words.tableGet(TABLE)],
  'table.set': [number(1), BIG, words.tableSet(TABLE), number(1), words.tableGet(TABLE)],
  'table_load and table_store': [
    number(300),
    BIG,
    table_store.word,
    number(301),
    number(0),
    table_store.word,
    number(4000),
    BIG,
    table_store.word,
    number(300),
    table_load.word,
    number(4000),
    table_load.word,
  ],
  'global_load and global_store': [number(1), global_load.word, number(2), number(-1), global_store.word],
  'global.get and global.set': [words.globalGet(0), BIG, words.globalSet(1)],
  BOUND: [number(65_528), number(1), words.bound(2, 8), number(0), number(65_528), BIG, number(1), words.bound(3, 8)],
  'loads from DATA': [0, 1, 29, 31, 37].flatMap((at) => [number(at), data_load8.word, number(at), data_load64.word]),
  'loads from INPUT': [0, 29, 32, 38, 90].flatMap((at) => [
    number(at),
    input_load8.word,
    number(at),
    input_load64.word,
  ]),
  'loads and stores of OUTPUT': [0, 5, 29, 5000, 4090].flatMap((at) => [
    number(at),
    BIG,
    output_store64.word,
    number(at + 3),
    BIG,
    output_store8.word,
    number(at),
    output_load64.word,
  ]),
  'loads from a window': [...windowLoads(WINDOW_START + 1), ...windowLoads(WINDOW_START + 30)],
  'loads from a window that nobody wrote': windowLoads(WINDOW_START + 2 ** 20 - 3),
  'stores to a window': [...windowStores(WINDOW_START + 30), ...windowStores(WINDOW_START + 2 ** 16 - 2)],
  'stores to the end of a window': [0, 1, 2, 3].flatMap((access) => [
    number(0),
    BIG,
    words.inWindow(words.store(access, 2 ** 32 - 2 ** access)),
  ]),
  'moves that go on': [BIG, number(4), words.move(2, 1), words.move(1, 2)],
  'the last move of a branch': [
    BIG,
    number(4),
    number(5),
    { ...words.move(1, 3), control: CONTROL.JUMP, delta: -2, immLo: 4 },
  ],
  'the last move of a return, and of a tail call': [
    BIG,
    number(5),
    number(4),
    { ...words.move(3, 2), control: CONTROL.RETURN, b: 1, delta: -1 },
    { ...words.move(1, 2), control: CONTROL.JUMP, immLo: 5, delta: -1 },
    number(1),
  ],
  'return of nothing': [number(2), { control: CONTROL.RETURN, b: 1, delta: -1 }, number(3)],
  CHECKREF: [number(0), words.checkReference(7, TABLE)],
  'halt with a code': [number(77), INTRINSICS.halt.word],
}

const PARTS: Partial<Program> = {
  pages: 1,
  globals: [5n, 2n ** 63n + 9n, 7n],
  tables: TABLES,
  data: Uint8Array.from({ length: 40 }, (_, i) => 200 + i),
  memory: [
    { address: 100, bytes: Uint8Array.of(1, 2, 3) },
    { address: WINDOW_START, bytes: Uint8Array.from({ length: 70 }, (_, i) => 120 + i) },
  ],
}

const INPUT = Uint8Array.from({ length: 50 }, (_, i) => 255 - i)

describe('run, beside the exact machine', () => {
  it.each(Object.entries(STORIES))('has its state at every step of %s', (_, story) => {
    const machine = walkBeside(handProgram(story, PARTS), INPUT, story.length)
    expect(machine.steps).toBe(story.length)
    expect(machine.store.status).not.toBe(STATUS.TRAPPED)
  })

  it.each(Object.entries(STORIES))('is traced with its hashes: %s', (_, story) => {
    const program = handProgram(story, PARTS)
    const exact = new Machine(program, INPUT).exact()
    const traced = [...new Machine(program, INPUT).trace(0, story.length)].map(({ stateHash }) => stateHash)
    for (const stateHash of traced) {
      expect(stateHash).toBe(exact.stateHash())
      exact.step()
    }
    expect(traced).toHaveLength(story.length + 1)
  })

  const call = (index: number) => [number(index), words.callIndirect(7, TABLE)]
  const check = (index: number) => [number(index), words.checkReference(7, TABLE)]
  const wholeTables = 2 ** 24

  it.each<[string, readonly Word[], number]>([
    ['an indirect call of nothing', call(ABSENT), TRAP.UNDEFINED_ELEMENT],
    ['an indirect call beyond the capacity', call(8), TRAP.UNDEFINED_ELEMENT],
    ['an indirect call of null', call(1), TRAP.UNINITIALIZED_ELEMENT],
    ['an indirect call of another type', call(2), TRAP.TYPE_MISMATCH],
    ['an indirect tail call of nothing', check(ABSENT), TRAP.UNDEFINED_ELEMENT],
    ['an indirect tail call beyond the capacity', check(2 ** 32 - 2), TRAP.UNDEFINED_ELEMENT],
    ['an indirect tail call of null', check(1), TRAP.UNINITIALIZED_ELEMENT],
    ['an indirect tail call of another type', check(2), TRAP.TYPE_MISMATCH],
    ['table.get of nothing', [number(ABSENT), words.tableGet(TABLE)], TRAP.TABLE_BOUNDS],
    ['table.get beyond the capacity', [number(8), words.tableGet(TABLE)], TRAP.TABLE_BOUNDS],
    ['table.set of nothing', [number(ABSENT), BIG, words.tableSet(TABLE)], TRAP.TABLE_BOUNDS],
    ['table.set beyond the capacity', [number(8), BIG, words.tableSet(TABLE)], TRAP.TABLE_BOUNDS],
    ['table_store beyond TABLES', [number(wholeTables), BIG, table_store.word], TRAP.TABLE_BOUNDS],
    ['table_load beyond TABLES', [number(wholeTables), table_load.word], TRAP.TABLE_BOUNDS],
    ['global_load beyond GLOBALS', [number(2 ** 16), global_load.word], TRAP.ILLEGAL],
    ['global_store beyond GLOBALS', [number(2 ** 16), number(1), global_store.word], TRAP.ILLEGAL],
    ['BOUND one byte beyond', [number(65_529), number(1), words.bound(2, 8)], TRAP.MEMORY_BOUNDS],
    ['BOUND with a large offset', [number(1), number(1), words.bound(2, 2 ** 32 + 7)], TRAP.MEMORY_BOUNDS],
    ['a window load beyond all', [number(1), words.inWindow(words.load(3, 2 ** 32 - 8))], TRAP.MEMORY_BOUNDS],
    ['a window store beyond all', [number(1), BIG, words.inWindow(words.store(0, 2 ** 32 - 1))], TRAP.MEMORY_BOUNDS],
    ['a DATA load beyond all', [number(-1), data_load64.word], TRAP.MEMORY_BOUNDS],
    ['the trap of table bounds', [INTRINSICS.trap_table_bounds.word], TRAP.TABLE_BOUNDS],
    ['the trap of memory bounds', [INTRINSICS.trap_memory_bounds.word], TRAP.MEMORY_BOUNDS],
    ['a trap of no name', [{ control: CONTROL.TRAP, immLo: 0xdeadbeef }], 0xdeadbeef],
    [
      'an ENTER beyond the stack after it grew',
      [600_000, 600_001, STACK_LIMIT].map((need) => words.enter(1, need)),
      10,
    ],
    [
      'an ENTER for locals beyond the stack',
      [words.enter(0, 600_000), words.enter(STACK_LIMIT + 1, 1)],
      TRAP.STACK_EXHAUSTED,
    ],
    ['an ENTER beyond the stack', [words.enter(0, STACK_LIMIT + 1)], TRAP.STACK_EXHAUSTED],
  ])('traps at %s', (_, story, trap) => {
    const machine = walkBeside(handProgram(story, PARTS), INPUT, story.length)
    expect(machine.outcome()).toEqual({ outcome: 'trapped', exitCode: null, trap })
    expect(machine.steps).toBe(story.length)
  })

  it('calls by a reference', () => {
    const machine = walkBeside(handProgram([number(3), words.callIndirect(7, TABLE)], PARTS), INPUT, 2)
    expect([machine.registers.pc, machine.store.slots[0]]).toEqual([9, 2])
  })

  it('has slots where ENTER asks for them, as many as there are', () => {
    const story = [number(5), words.enter(3000, 4000), words.push(3001), words.enter(0, STACK_LIMIT - 3002), BIG]
    const machine = walkBeside(handProgram(story), NO_INPUT, story.length)
    expect([machine.registers.sp, machine.store.slots[2 * 3001]]).toEqual([3003, 5])
    expect(machine.store.slots64.length).toBeGreaterThanOrEqual(STACK_LIMIT)
  })

  const numeric = ALU_ROWS.filter(({ group }) => group !== 'move' && group !== 'machine')

  it.each(numeric)('has the state at every step of $name', (row) => {
    const random = createRandom(TEST_SEED + row.code)
    const { operand } = typesOf(row)
    const operands = operand.startsWith('f') ? floatOperands(row, random, 0) : []
    for (let i = 0; i < 3; i++) {
      const any = () =>
        operand === 'i64' ? BigInt.asUintN(64, random.int64()) : BigInt.asUintN(32, BigInt(random.int32()))
      const { a, b } = operands.length > 0 ? random.pick(operands) : { a: any(), b: any() }
      const machine = walkBeside(handProgram(wordsOf(row, a, b)), NO_INPUT, row.reads + 1)
      expect(machine.steps).toBe(row.reads + 1)
    }
  })
})
