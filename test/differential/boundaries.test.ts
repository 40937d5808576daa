import { beforeAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../interpreter/commit/bits.ts'
import { packWord } from '../../interpreter/machine/word.ts'
import { ALU, CONTROL, REGION, SUBSTEP, UNIT } from '../../spec/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { SolidityStepper } from '../helpers/stepper.ts'
import { coreAt, type Situation, slotLeaf, type Walk, walk, walkInstruction } from '../helpers/substeps.ts'

/** The last value that passes and the first that traps; all results are typed by hand. */
interface Boundary extends Situation {
  readonly trap: number
  /** Result of the ALU, where the case is about it. */
  readonly r?: bigint
}

const { WRITE, LOAD, STORE, WINDOW } = UNIT
const LIMIT = 1_048_575
const MINUS_ONE_32 = 4_294_967_295n
const I32_DIV_S = 0x31
const BASE = { control: CONTROL.NEXT, unit: WRITE, a: 3, b: 2, c: 1, result: 3, delta: -2 }
/** A word that reads no slot, so that sp can be anything. */
const BARE = { control: CONTROL.NEXT }
const PRESENT = 1n << 64n

const bound = (a: bigint, b: bigint, immLo: number, trap: number, immHi = 0): Boundary => ({
  word: { ...BASE, alu: ALU.BOUND, immLo, immHi },
  ...{ a, b, trap },
})
const enter = (sp: number, delta: number, immLo: number, trap: number): Boundary => ({
  word: { ...BARE, alu: ALU.ENTER, delta, immLo },
  registers: { sp },
  trap,
})
const reference = (loaded: bigint, trap: number, r?: bigint): Boundary => ({
  word: { ...BASE, alu: ALU.CHECKREF, unit: WRITE | LOAD | REGION.TABLES, access: 5, immHi: 5 },
  ...{ loaded, trap, ...(r === undefined ? {} : { r }) },
})
const load = (unit: number, access: number, a: bigint, trap: number, immLo = 0): Boundary => ({
  word: { ...BASE, alu: ALU.LOADED, unit: WRITE | LOAD | unit, access, immLo },
  ...{ a, trap, loaded: PRESENT | 9n },
})
const grow = (a: bigint, immLo: number, r: bigint): Boundary => ({
  word: { ...BASE, alu: ALU.GROW, immLo },
  ...{ a, r, trap: 0 },
})
const divide = (a: bigint, b: bigint, trap: number): Boundary => ({
  word: { ...BASE, alu: I32_DIV_S },
  ...{ a, b, trap },
})
const slots = (sp: number, word: Situation['word'], trap: number): Boundary => ({
  word: { ...BARE, alu: ALU.ZERO, ...word },
  ...{ registers: { sp }, trap },
})
const counter = (pc: number, trap: number): Boundary => ({ word: BASE, registers: { pc }, trap })

const BOUNDARIES: readonly (readonly [name: string, passes: Boundary, refused: Boundary])[] = [
  ['BOUND allows a + imm up to b pages', bound(65_530n, 1n, 6, 0), bound(65_530n, 1n, 7, 2)],
  ['BOUND adds all 64 bits of imm', bound(0n, 65_536n, 0, 0, 1), bound(1n, 65_536n, 0, 2, 1)],
  ['ENTER may raise sp to the limit', enter(LIMIT - 2, 2, 0, 0), enter(LIMIT - 2, 3, 0, 10)],
  ['ENTER may ask for slots up to the limit', enter(LIMIT - 2, 0, 2, 0), enter(LIMIT - 2, 0, 3, 10)],
  ['ENTER with sp beyond the limit is illegal', enter(LIMIT, 0, 0, 0), enter(LIMIT + 1, 1, 0, 11)],
  ['CHECKREF traps at null', reference(PRESENT | (5n << 32n) | 9n, 0, 9n), reference(PRESENT, 7)],
  ['CHECKREF compares types', reference(PRESENT | (5n << 32n), 0, 0n), reference(PRESENT | (6n << 32n) | 9n, 8)],
  ['MEMORY ends with its pages', load(REGION.MEMORY, 4, 131_056n, 0), load(REGION.MEMORY, 4, 131_057n, 2)],
  ['WINDOW goes beyond them', load(REGION.MEMORY | WINDOW, 0, 131_072n, 0), load(REGION.MEMORY, 0, 131_072n, 2)],
  [
    'WINDOW ends at 2^32',
    load(REGION.MEMORY | WINDOW, 4, 4_294_967_280n, 0),
    load(REGION.MEMORY | WINDOW, 4, 4_294_967_281n, 2),
  ],
  ['a table ends with its capacity', load(REGION.TABLES, 5, 31n, 0), load(REGION.TABLES, 5, 32n, 9)],
  ['TABLES ends at 2^24', load(REGION.TABLES, 31, 0n, 0, 16_777_215), load(REGION.TABLES, 31, 1n, 9, 16_777_215)],
  ['GLOBALS ends at 2^16', load(REGION.GLOBALS, 0, 65_535n, 0), load(REGION.GLOBALS, 0, 65_536n, 11)],
  ['CODE ends at 2^24', counter(16_777_215, 0), counter(16_777_216, 11)],
  ['sp falls to 0', slots(2, { delta: -2 }, 0), slots(2, { delta: -3 }, 11)],
  ['sp rises to the limit', slots(LIMIT - 2, { delta: 2 }, 0), slots(LIMIT - 2, { delta: 3 }, 11)],
  ['the lowest slot is 0', slots(20, { a: 20 }, 0), slots(20, { a: 21 }, 11)],
  ['the highest slot is below the limit', slots(LIMIT, { b: 1 }, 0), slots(LIMIT - 1, { b: -1 }, 11)],
  ['a result has a slot', slots(LIMIT - 1, { unit: WRITE }, 0), slots(LIMIT, { unit: WRITE }, 11)],
  ['division overflows in one case', divide(2_147_483_649n, MINUS_ONE_32, 0), divide(2_147_483_648n, MINUS_ONE_32, 4)],
]

const random = createRandom(TEST_SEED)
let stepper: SolidityStepper

beforeAll(async () => {
  console.log(`boundaries: seed ${random.seed}`)
  stepper = await SolidityStepper.create()
})

/** Asserts that the contract agrees on all twelve substeps of a walk. */
async function expectAgreement({ judged }: Walk): Promise<void> {
  const answers = await stepper.judge(judged.map(({ words }) => words))
  expect(answers).toEqual(judged.map(({ judgement }) => judgement))
  expect(judged.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
}

const advanced = ({ judged }: Walk, substep: number) => (judged[substep] as Walk['judged'][number]).after

async function expectBoundary(boundary: Boundary): Promise<void> {
  const walked = walkInstruction(boundary, random)
  await expectAgreement(walked)
  expect(walked.trap).toBe(boundary.trap)
  if (boundary.r !== undefined) expect(advanced(walked, SUBSTEP.EXECUTE).core.r).toBe(boundary.r)
}

describe('in both languages', () => {
  it.each(BOUNDARIES)('%s', async (_, passes, refused) => {
    expect(passes.trap).toBe(0)
    expect(refused.trap).toBeGreaterThan(0)
    await expectBoundary(passes)
    await expectBoundary(refused)
  })

  it('GROW adds pages up to immLo and never beyond 65,536', async () => {
    await expectBoundary(grow(98n, 100, 2n))
    await expectBoundary(grow(99n, 100, MINUS_ONE_32))
    await expectBoundary(grow(65_534n, 70_000, 2n))
    await expectBoundary(grow(65_535n, 70_000, MINUS_ONE_32))
  })

  /** Bytes 00 01 ... 1f, then 20 21 ... 3f. */
  const LEAVES = [0, 32].map((from) => Uint8Array.from({ length: 32 }, (_, i) => from + i)) as [Uint8Array, Uint8Array]

  /** An access of 16 bytes at 24: eight of them lie in the second leaf. */
  const crossing = (unit: number, alu: number, b: bigint): Walk =>
    walk(
      coreAt(),
      (n) => {
        if (n === SUBSTEP.FETCH) return bytesOf(packWord({ ...BASE, alu, unit, access: 4 }))
        if (n <= SUBSTEP.OPERAND_C) return slotLeaf(n === SUBSTEP.OPERAND_B ? b : 24n, random)
        return n === SUBSTEP.LOAD_LOW || n === SUBSTEP.STORE_LOW ? LEAVES[0] : LEAVES[1]
      },
      random,
    )

  it('a load of 16 bytes takes its upper half from the second leaf', async () => {
    const walked = crossing(WRITE | LOAD | REGION.MEMORY, ALU.LOADED, 0n)
    await expectAgreement(walked)
    expect(advanced(walked, SUBSTEP.EXECUTE).core.r).toBe(0x2726252423222120_1f1e1d1c1b1a1918n)
  })

  it('a store of 16 bytes puts its upper half into the second leaf', async () => {
    const walked = crossing(STORE | REGION.MEMORY, ALU.B, 0xf7f6f5f4f3f2f1f0_e7e6e5e4e3e2e1e0n)
    await expectAgreement(walked)
    const leaf = (substep: number) => Buffer.from(advanced(walked, substep).leaf).toString('hex')
    expect(leaf(SUBSTEP.STORE_LOW)).toBe('000102030405060708090a0b0c0d0e0f1011121314151617e0e1e2e3e4e5e6e7')
    expect(leaf(SUBSTEP.STORE_HIGH)).toBe('f0f1f2f3f4f5f6f728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f')
  })
})
