import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { ALU_ROWS, type AluRow, CONTROL, F32_BASE, SUBSTEP, UNIT } from '../../spec/index.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { operandType } from '../helpers/random-floats.ts'
import { SolidityStepper } from '../helpers/stepper.ts'
import { walkInstruction } from '../helpers/substeps.ts'

/** An operation whose result was typed by hand. */
interface Boundary {
  readonly line: string
  readonly a: bigint
  readonly b: bigint
  readonly r: bigint
  /** The trap, or 0; r is 0 where there is one. */
  readonly trap: number
}

const bits = (digits: string): bigint => BigInt(`0x${digits}`)

/** Two operands or one, then `=` and the result, or `!` and the trap. */
function boundaryOf(line: string): Boundary {
  const [, a = '', b = '0', sign, end = ''] = /^(\w+)(?: (\w+))? ([=!]) (\w+)$/.exec(line) ?? []
  const result = sign === '=' ? { r: bits(end), trap: 0 } : { r: 0n, trap: Number(end) }
  return { line, a: bits(a), b: bits(b), ...result }
}

/** The cases of every operation: its name, then a line for each of them; a paragraph is an operation. */
function readBoundaries(): Map<string, Boundary[]> {
  const [, ...paragraphs] = readFileSync('test/float/boundaries.txt', 'utf8')
    .replace(/ *#.*/g, '')
    .trimEnd()
    .split('\n\n')
  return new Map(
    paragraphs.map((paragraph) => {
      const [name = '', ...lines] = paragraph.trim().split('\n')
      return [name, lines.map(boundaryOf)]
    }),
  )
}

const BOUNDARIES = readBoundaries()
const FLOAT_ROWS = ALU_ROWS.filter(({ code }) => code >= F32_BASE)
/** What operands have above the bits that an operation may see. */
const ABOVE = [0n, 0xfedcba98_76543210n]

const random = createRandom(TEST_SEED)
let stepper: SolidityStepper

beforeAll(async () => {
  console.log(`float boundaries: seed ${random.seed}`)
  stepper = await SolidityStepper.create()
})

function walkOf(row: AluRow, { a, b }: Boundary, above: bigint) {
  const width = operandType(row).endsWith('32') ? 32n : 64n
  const word = { alu: row.code, control: CONTROL.NEXT, unit: UNIT.WRITE, a: 3, b: 2, c: 1, result: 3, delta: -2 }
  return walkInstruction({ word, a: a | (above << width), b: b | (above << width) }, random)
}

describe('float operations at their boundaries, in both languages', () => {
  it('have cases for every row, and for no other', () => {
    expect([...BOUNDARIES.keys()].sort()).toEqual(FLOAT_ROWS.map(({ name }) => name).sort())
    for (const [name, cases] of BOUNDARIES) expect(cases.length, name).toBeGreaterThan(1)
  })

  it.each(FLOAT_ROWS.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    const cases = (BOUNDARIES.get(name) ?? []).flatMap((one) => ABOVE.map((above) => ({ one, above })))
    const walks = cases.map(({ one, above }) => walkOf(row, one, above))
    const judged = walks.flatMap((walked) => walked.judged)
    const answers = await stepper.judge(judged.map(({ words }) => words))
    expect(answers).toEqual(judged.map(({ judgement }) => judgement))
    cases.forEach(({ one: { line, r, trap } }, i) => {
      expect(walks[i]?.trap, line).toBe(trap)
      if (trap === 0) expect(walks[i]?.judged[SUBSTEP.EXECUTE]?.after.core.r, line).toBe(r)
    })
  })
})
