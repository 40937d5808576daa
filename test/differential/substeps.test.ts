import { beforeAll, describe, expect, it } from 'vitest'
import type { InstructionWord } from '../../interpreter/machine/word.ts'
import {
  ALU,
  ALU_ROWS,
  type AluRow,
  CHECK_ORDER,
  CONTROL,
  CONTROL_ROWS,
  type NumberType,
  REGIONS,
  STACK_LIMIT,
  UNIT,
} from '../../spec/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { operandType } from '../helpers/random-floats.ts'
import { SolidityStepper } from '../helpers/stepper.ts'
import { type Judged, type Situation, walkInstruction } from '../helpers/substeps.ts'

const random = createRandom(TEST_SEED)
/** Every trap that a case of this file ended in. */
const reached = new Set<number>()
let stepper: SolidityStepper

beforeAll(async () => {
  console.log(`substeps: seed ${random.seed}`)
  stepper = await SolidityStepper.create()
})

/** Asserts that both sides agree on every substep of every case; gives the traps that were seen. */
async function agree(cases: readonly Situation[]): Promise<Set<number>> {
  expect(cases.length).toBeGreaterThan(0)
  const walks = cases.map((one) => walkInstruction(one, random))
  const judged: Judged[] = walks.flatMap((walked) => walked.judged)
  const answers = await stepper.judge(judged.map(({ words }) => words))
  const differing = judged.findIndex(({ judgement }, i) => JSON.stringify(judgement) !== JSON.stringify(answers[i]))
  const where = walks.findIndex(({ judged: own }) => own.includes(judged[differing] as Judged))
  expect(answers[differing], `substep ${judged[differing]?.n} of ${inspect(cases[where])}`).toEqual(
    judged[differing]?.judgement,
  )
  expect(walks.every(({ judged: own, trap }) => own.length === 12 && trap !== undefined)).toBe(true)
  const traps = new Set(walks.map(({ trap }) => trap as number))
  for (const trap of traps) reached.add(trap)
  return traps
}

const inspect = (value: unknown): string =>
  JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `0x${item.toString(16)}` : item))

const STACK_WORD = { control: CONTROL.NEXT, unit: UNIT.WRITE, a: 3, b: 2, c: 1, result: 3, delta: -2 } as const

const ones = (bits: number): bigint => 2n ** BigInt(bits) - 1n

/** Edges of both widths, signed and unsigned, with and without bits that an operation must not see. */
const EDGES: readonly bigint[] = [
  0n,
  1n,
  2n,
  0x80n,
  0x8000n,
  ones(31),
  2n ** 31n,
  ones(32),
  2n ** 32n,
  ones(63),
  2n ** 63n,
  ones(64),
  2n ** 64n,
  ones(128),
  0x0123456789abcdef_fedcba9876543210n,
] // prettier-ignore
const SECOND: readonly bigint[] = [
  0n,
  1n,
  3n,
  31n,
  32n,
  33n,
  63n,
  64n,
  65n,
  ones(31),
  2n ** 31n,
  ones(32),
  2n ** 63n,
  ones(64),
  2n ** 64n,
  ones(128),
] // prettier-ignore

/** Zeros, subnormal and large numbers, infinity, NaN; ends of integers; half of one, and bits that no float has. */
const FLOAT_EDGES: Readonly<Record<NumberType, readonly bigint[]>> = {
  i32: [0n, 1n, ones(24) + 2n, ones(31), 2n ** 31n, ones(32), 2n ** 32n],
  i64: [0n, 1n, ones(53) + 2n, ones(63), 2n ** 63n, ones(64), 2n ** 64n],
  f32: [0x80000000n, 1n, 0x3f000000n, 0x4effffffn, 0xcf000001n, 0x7f7fffffn, 0xff800000n, 0x7fc00001n, ones(128)],
  f64: [
    ...[2n ** 63n, 1n, 0x3fe0000000000000n, 0x41dfffffffffffffn, 0xc1e0000000200000n, 0x7fefffffffffffffn],
    ...[0xfff0000000000000n, 0x7ff8000000000001n, ones(128)],
  ],
}

const cross = (as: readonly bigint[], bs: readonly bigint[]): [bigint, bigint][] =>
  as.flatMap((a) => bs.map((b): [bigint, bigint] => [a, b]))
const pairs = (): [bigint, bigint][] => cross(EDGES, SECOND)
const NUMBERS = [0, 1, 2, 65535, 65536, 2 ** 31, 2 ** 32 - 1]

const onFloats = (word: Partial<InstructionWord>, row: AluRow): Situation[] => {
  const edges = FLOAT_EDGES[operandType(row)]
  return cross(edges, row.reads === 2 ? edges : [0n]).map(([a, b]) => ({ word, a, b }))
}

/** What an operation is tried on; a new group has no line here and does not compile. */
const OPERANDS: Record<AluRow['group'], (word: Partial<InstructionWord>, row: AluRow) => Situation[]> = {
  f32: onFloats,
  f64: onFloats,
  truncate: onFloats,
  i32: (word) => pairs().map(([a, b]) => ({ word, a, b })),
  i64: (word) => pairs().map(([a, b]) => ({ word, a, b })),
  move: (word) =>
    EDGES.flatMap((a) => NUMBERS.map((immLo) => ({ word: { ...word, immLo, immHi: 7 }, a, b: ones(128) ^ a, c: a }))),
  machine: (word) =>
    EDGES.flatMap((a) =>
      NUMBERS.flatMap((immLo) =>
        [0n, 1n, 65536n].flatMap((b) =>
          [0, 65536].map((pages) => ({ word: { ...word, immLo, immHi: a < 2n ? 0 : 1 }, a, b, registers: { pages } })),
        ),
      ),
    ),
}

/** CHECKREF needs a reference, ENTER a high sp. */
const FURTHER: Readonly<Record<string, (word: Partial<InstructionWord>) => Situation[]>> = {
  CHECKREF: (word) => references({ ...word, control: CONTROL.NEXT }),
  ENTER: (word) =>
    [STACK_LIMIT - 1, STACK_LIMIT].flatMap((sp) =>
      [0, 1, 2, 2 ** 32 - 1].map((immLo) => ({ word: { ...word, delta: 0, immLo }, registers: { sp } })),
    ),
}

function references(word: Partial<InstructionWord>): Situation[] {
  const load = { ...word, unit: UNIT.WRITE | UNIT.LOAD | 4, access: 4, immHi: 5 }
  const found = [0n, 2n ** 64n, (1n << 64n) | (5n << 32n) | 9n, (1n << 64n) | (6n << 32n), ones(64), ones(256)]
  return found.flatMap((loaded) => [0n, 15n, 16n, 2n ** 32n].map((a) => ({ word: load, a, loaded })))
}

describe('ALU operations agree in both languages', () => {
  it.each(ALU_ROWS.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    const word = { ...STACK_WORD, alu: row.code }
    const seen = await agree([...OPERANDS[row.group](word, row), ...(FURTHER[name]?.(word) ?? [])])
    expect([0, ...row.traps].filter((trap) => !seen.has(trap))).toEqual([])
  })

  it('every code that is no row traps as illegal', async () => {
    const known = new Set(ALU_ROWS.map(({ code }) => code))
    const codes = Array.from({ length: 256 }, (_, code) => code).filter((code) => !known.has(code))
    const cases = codes.map((alu) => ({ word: { ...STACK_WORD, alu }, a: 7n, b: 3n }))
    expect([...(await agree(cases))]).toEqual([11])
  })
})

const TARGETS = [0, 1, 10, 11, 12, 255, 2 ** 24, 2 ** 32 - 1]
const TESTED = [0n, 1n, 10n, 2n ** 32n, 2n ** 32n + 11n, ones(128)]

/** Controls on words that do nothing else, with the registers at their boundaries. */
function controlCases(control: number): Situation[] {
  return TARGETS.flatMap((immLo) =>
    TESTED.flatMap((a) =>
      [0, 2 ** 24 - 1].map((pc) => ({
        word: { ...STACK_WORD, alu: ALU.B, control, immLo, immHi: 5 },
        registers: { pc },
        a,
        b: ones(128) - a,
      })),
    ),
  )
}

describe('controls agree in both languages', () => {
  it.each(CONTROL_ROWS.map((row) => [row.name, row.code] as const))('%s', async (name, control) => {
    const seen = await agree([...controlCases(control), ...references({ ...STACK_WORD, control })])
    if (name !== 'TRAP') expect(seen).toContain(0)
    if (name === 'CALLREF') for (const trap of [6, 7, 8]) expect(seen).toContain(trap)
  })

  it('every code that is no row traps as illegal', async () => {
    const codes = Array.from({ length: 256 - CONTROL_ROWS.length }, (_, i) => i + CONTROL_ROWS.length)
    expect([...(await agree(codes.map((control) => ({ word: { ...STACK_WORD, control } }))))]).toEqual([11])
  })

  it('with every ALU operation', async () => {
    const cases = CONTROL_ROWS.flatMap(({ code: control }) =>
      ALU_ROWS.flatMap(({ code: alu }) =>
        [0n, 1n, ones(128)].map((a) => ({
          word: { ...STACK_WORD, alu, control, immLo: 9 },
          a,
          b: 1n - (a & 1n),
          c: a,
        })),
      ),
    )
    await agree(cases)
  })
})

const END = 2n ** 32n
const ADDRESSES: readonly bigint[] = [
  0n,
  1n,
  15n,
  16n,
  17n,
  24n,
  25n,
  28n,
  29n,
  30n,
  31n,
  32n,
  65535n,
  65536n,
  131055n,
  131056n,
  131057n,
  131064n,
  131065n,
  131070n,
  131071n,
  131072n,
  END - 33n,
  END - 17n,
  END - 16n,
  END - 15n,
  END - 8n,
  END - 1n,
  END,
  2n ** 127n,
  ones(128),
] // prettier-ignore

/** Loads and stores of one width and extension, in one region, at every address. */
const accessCases = (region: number, operation: number, access: number): Situation[] =>
  ADDRESSES.flatMap((address) =>
    (access === 3 ? [0, 1] : [0]).map((immLo) => ({
      word: { ...STACK_WORD, alu: operation & UNIT.LOAD ? ALU.LOADED : ALU.B, access, unit: operation | region, immLo },
      a: address,
      b: 0x1122334455667788_99aabbccddeeff00n,
      registers: { pages: address % 3n === 0n ? 65537 : 2 },
    })),
  )

describe('loads and stores agree in both languages', () => {
  const operations = [
    ['load', UNIT.LOAD],
    ['store', UNIT.STORE],
    ['load and store', UNIT.LOAD | UNIT.STORE],
    ['load through a window', UNIT.LOAD | UNIT.WINDOW],
  ] as const
  /** Widths 1 to 16 with every extension, then bits that are ignored. */
  const BYTE_ACCESSES = [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 16, 17, 18, 19, 20, 24, 7, 255]
  const OTHER_ACCESSES = [0, 5, 31]

  it.each(REGIONS.flatMap((region) => operations.map(([name, unit]) => [region.name, name, region, unit] as const)))(
    '%s: %s',
    async (_, __, region, unit) => {
      const accesses = region.kind === 'bytes' ? BYTE_ACCESSES : OTHER_ACCESSES
      const cases = accesses.flatMap((access) => accessCases(region.index, unit | UNIT.WRITE, access))
      const seen = await agree(cases)
      const allowed = (unit & UNIT.LOAD ? region.load : true) && (unit & UNIT.STORE ? region.store : true)
      expect(seen.has(0)).toBe(allowed)
      if (!allowed) expect([...seen]).toEqual([11])
    },
  )

  it('table entries and globals at the ends of their regions', async () => {
    const indices = [0n, 31n, 32n, 2n ** 16n - 1n, 2n ** 16n, 2n ** 24n - 1n, 2n ** 24n, 2n ** 31n, ones(128)]
    const cases = indices.flatMap((a) =>
      [3, 4].flatMap((region) =>
        [0, 5, 16, 24, 31, 0xff].flatMap((access) =>
          [UNIT.LOAD, UNIT.STORE].flatMap((unit) =>
            [ones(64), ones(65), ones(256)].map((loaded) => ({
              word: { ...STACK_WORD, alu: ALU.LOADED, unit: unit | UNIT.WRITE | region, access },
              a,
              loaded,
            })),
          ),
        ),
      ),
    )
    const seen = await agree(cases)
    for (const trap of [0, 9, 11]) expect(seen).toContain(trap)
  })
})

const SPS = [0, 1, 2, 3, STACK_LIMIT - 1, STACK_LIMIT, STACK_LIMIT + 1, 2 ** 31, 2 ** 32 - 1]
const DEPTHS = [0, 1, 2, 3, -1, -2, STACK_LIMIT, STACK_LIMIT + 1, -(2 ** 31), 2 ** 31 - 1]

describe('the stack range agrees in both languages', () => {
  const fields = ['a', 'b', 'c', 'result', 'delta'] as const

  it.each(fields)('%s at every boundary of sp', async (field) => {
    const cases = SPS.flatMap((sp) =>
      DEPTHS.flatMap((depth) =>
        [ALU.A, ALU.ENTER].flatMap((alu) =>
          [0, UNIT.WRITE].map((unit) => ({
            word: { control: CONTROL.NEXT, alu, unit, result: 1, [field]: depth },
            registers: { sp },
          })),
        ),
      ),
    )
    const seen = await agree(cases)
    for (const trap of [0, 11]) expect(seen).toContain(trap)
    if (field === 'delta') expect(seen).toContain(10)
  })

  it('program counters at the end of the code', async () => {
    const pcs = [0, 2 ** 24 - 1, 2 ** 24, 2 ** 32 - 1]
    const seen = await agree(pcs.map((pc) => ({ word: STACK_WORD, registers: { pc } })))
    expect([...seen].sort()).toEqual([0, 11])
  })
})

describe('the order of checks', () => {
  it('has no trap that the cases above do not reach', () => {
    const listed = CHECK_ORDER.flatMap((row) => row.traps)
    expect(listed.filter((trap) => !reached.has(trap))).toEqual([])
  })
})
