import { beforeAll, describe, expect, it } from 'vitest'
import { unpackRegisters } from '../../interpreter/machine/registers.ts'
import { ALU, CHECK_ORDER, CONTROL, REGION, UNIT } from '../../spec/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { SolidityStepper } from '../helpers/stepper.ts'
import { type Situation, walkInstruction } from '../helpers/substeps.ts'

/** The checks of a step by short names, in their order; traps are typed by hand, so that no twin decides them. */
const ROWS = {
  pc: 'pc is 2^24 or more',
  enter: 'ENTER, sp at most LIMIT, sp + delta above LIMIT',
  stack: 'sp, sp + delta, a read slot or the result slot out of range',
  region: 'load or store of a region that does not allow it',
  globals: 'GLOBALS index 2^16 or more',
  table: 'table index at or above the capacity, or beyond the region',
  bytes: 'bytes beyond the end of the region',
  absent: 'table entry absent',
  null: 'CALLREF or CHECKREF of null',
  type: 'CALLREF or CHECKREF of another type',
  alu: 'the ALU operation traps or does not exist',
  trap: 'control TRAP',
  control: 'the control does not exist',
} as const

type Row = keyof typeof ROWS
type Breach = Partial<Situation>

const LIMIT = 1_048_575
const I32_DIV_U = 0x32
const { WRITE, LOAD, STORE } = UNIT
const PRESENT = 1n << 64n
const TYPE_6 = 6n << 32n
const PASSES: Situation = {
  word: { alu: ALU.ZERO, control: CONTROL.NEXT, unit: WRITE, a: 3, b: 2, c: 1, result: 3, delta: -2 },
}
/** A table of 32 entries, of which CHECKREF expects type 5. */
const ENTRY = { unit: WRITE | LOAD | REGION.TABLES, access: 5 }
const CHECKED = { ...ENTRY, alu: ALU.CHECKREF, immHi: 5 }
const CALLED = { ...ENTRY, control: CONTROL.CALLREF, immHi: 5 }

/** What breaks each check alone, and the trap that follows. */
const BREACHES: Record<Row, readonly [breach: Breach, trap: number]> = {
  pc: [{ registers: { pc: 16_777_216 } }, 11],
  enter: [{ word: { alu: ALU.ENTER, delta: 1 }, registers: { sp: LIMIT } }, 10],
  stack: [{ word: { result: 21 } }, 11],
  region: [{ word: { unit: WRITE | LOAD | STORE | REGION.INPUT } }, 11],
  globals: [{ word: { unit: WRITE | LOAD | REGION.GLOBALS }, a: 65_536n }, 11],
  table: [{ word: ENTRY, a: 32n }, 9],
  bytes: [{ word: { unit: WRITE | LOAD | REGION.MEMORY }, a: 131_072n }, 2],
  absent: [{ word: ENTRY, loaded: 0n }, 9],
  null: [{ word: CHECKED, loaded: PRESENT }, 7],
  type: [{ word: CHECKED, loaded: PRESENT | TYPE_6 }, 8],
  alu: [{ word: { alu: I32_DIV_U }, a: 7n, b: 0n }, 3],
  trap: [{ word: { control: CONTROL.TRAP, immLo: 1 } }, 1],
  control: [{ word: { control: 200 } }, 11],
}

/** Where the two breaches above do not meet in one word: others that do, and the trap of each. */
interface Pair {
  readonly later?: readonly [breach: Breach, trap: number]
  /** Breaks the earlier check too. */
  readonly earlier?: readonly [breach: Breach, trap: number]
}

const reading = (region: number, loaded: bigint): Breach => ({
  word: { ...CHECKED, unit: WRITE | LOAD | region, access: 3 },
  loaded,
})

const TABLE_CHECKED = [BREACHES.table[0], 6] as const
const CALLED_NULL: Breach = { word: CALLED, loaded: PRESENT }
const CALLED_TYPE_6: Breach = { word: CALLED, loaded: PRESENT | TYPE_6 }

const PAIRS: Readonly<Record<string, Pair>> = {
  'enter stack': { later: [{ word: { delta: 1 }, registers: { sp: LIMIT } }, 11] },
  'enter null': { later: [CALLED_NULL, 7] },
  'enter type': { later: [CALLED_TYPE_6, 8] },
  'enter alu': { later: [{ word: { alu: ALU.ENTER, delta: 0, immLo: 1 }, registers: { sp: LIMIT } }, 10] },
  'region bytes': { later: [{ word: { unit: WRITE | LOAD | REGION.INPUT }, a: 4_294_967_296n }, 2] },
  'region null': { later: [reading(REGION.INPUT, 0n), 7] },
  'region type': { later: [reading(REGION.INPUT, (1n << 256n) - 1n), 8] },
  'globals null': { later: [reading(REGION.GLOBALS, 0n), 7] },
  'globals type': { later: [reading(REGION.GLOBALS, TYPE_6), 8] },
  'table null': { earlier: TABLE_CHECKED },
  'table type': { earlier: TABLE_CHECKED },
  'bytes null': { later: [reading(REGION.MEMORY, 0n), 7] },
  'bytes type': { later: [reading(REGION.MEMORY, (1n << 256n) - 1n), 8] },
  'absent null': { earlier: [{ loaded: 0n }, 6] },
  'absent type': { earlier: [{ loaded: TYPE_6 }, 6] },
  'null alu': {
    later: [{ word: { ...ENTRY, alu: I32_DIV_U, immHi: 5 }, loaded: PRESENT }, 3],
    earlier: [CALLED_NULL, 7],
  },
  'type alu': {
    later: [{ word: { ...ENTRY, alu: I32_DIV_U, immHi: 5 }, loaded: PRESENT | TYPE_6 }, 3],
    earlier: [CALLED_TYPE_6, 8],
  },
}

/** A word names one region of one kind, and one control. */
const EXCLUSIVE = new Set([
  ...['region globals', 'region table', 'region absent', 'globals table', 'globals bytes', 'globals absent'],
  ...['table bytes', 'bytes absent', 'trap control'],
])

const broken = (state: Situation, breach: Breach): Situation => ({
  ...state,
  ...breach,
  word: { ...state.word, ...breach.word },
  registers: { ...state.registers, ...breach.registers },
})

const names = Object.keys(ROWS) as Row[]
const pairs = names
  .flatMap((earlier, i) => names.slice(i + 1).map((later) => [earlier, later] as const))
  .filter(([earlier, later]) => !EXCLUSIVE.has(`${earlier} ${later}`))

const random = createRandom(TEST_SEED)
let stepper: SolidityStepper

beforeAll(async () => {
  console.log(`check order: seed ${random.seed}`)
  stepper = await SolidityStepper.create()
})

/** Asserts that both sides agree on twelve substeps and that the step ends in `trap`, 0 for none. */
async function expectTrap(state: Situation, trap: number): Promise<void> {
  const { judged, end } = walkInstruction(state, random)
  const answers = await stepper.judge(judged.map(({ words }) => words))
  expect(answers).toEqual(judged.map(({ judgement }) => judgement))
  expect(judged.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  const { status, exit } = unpackRegisters(end.regs)
  expect({ status, exit }).toEqual(trap === 0 ? { status: 0, exit: 0 } : { status: 2, exit: trap })
}

describe('each check', () => {
  it('has a case, in the order of the specification', () => {
    expect(Object.values(ROWS)).toEqual(CHECK_ORDER.map(({ when }) => when))
  })

  it('lets the word through that the cases break', async () => {
    await expectTrap(PASSES, 0)
  })

  it.each(names)('%s alone sets its trap', async (name) => {
    const [breach, trap] = BREACHES[name]
    await expectTrap(broken(PASSES, breach), trap)
  })
})

describe('of two checks that one word breaks, the earlier decides', () => {
  it('in every pair that is possible, and no other', () => {
    const known = new Set(pairs.map((pair) => pair.join(' ')))
    expect(pairs.length + EXCLUSIVE.size).toBe((names.length * (names.length - 1)) / 2)
    expect(Object.keys(PAIRS).filter((name) => !known.has(name))).toEqual([])
  })

  it.each(pairs)('%s before %s', async (earlier, later) => {
    const pair = PAIRS[`${earlier} ${later}`]
    const [second, laterTrap] = pair?.later ?? BREACHES[later]
    const [first, trap] = pair?.earlier ?? BREACHES[earlier]
    const state = broken(PASSES, second)
    await expectTrap(state, laterTrap)
    await expectTrap(broken(state, first), trap)
  })
})
