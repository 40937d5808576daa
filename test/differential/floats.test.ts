import { beforeAll, describe, expect, it } from 'vitest'
import { execute } from '../../interpreter/machine/float.ts'
import { ALU_ROWS, F32_BASE, TRAP } from '../../spec/index.ts'
import { FloatBatch, type Operands } from '../helpers/float-batch.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { randomOperands } from '../helpers/random-floats.ts'

const FLOAT_ROWS = ALU_ROWS.filter(({ code }) => code >= F32_BASE)
const PAIRS = 2_000

const random = createRandom(TEST_SEED)
let floats: FloatBatch

beforeAll(async () => {
  console.log(`floats in both languages: seed ${random.seed}`)
  floats = await FloatBatch.create()
})

/** Asserts that both languages agree; gives the outcomes. */
async function agree(alu: number, operands: readonly Operands[]) {
  const outcomes = await floats.run(alu, operands)
  operands.forEach(([a, b], i) => {
    const { r, trap } = execute(alu, a, b)
    if (outcomes[i]?.r !== r || outcomes[i]?.trap !== trap)
      expect(outcomes[i], `0x${alu.toString(16)} of 0x${a.toString(16)}, 0x${b.toString(16)}`).toEqual({ r, trap })
  })
  return outcomes
}

describe(`both languages agree on ${PAIRS} pairs of operands at boundaries`, () => {
  it.each(FLOAT_ROWS.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    const outcomes = await agree(
      row.code,
      Array.from({ length: PAIRS }, () => randomOperands(random, row)),
    )
    const traps = new Set(outcomes.map(({ trap }) => trap))
    expect([...traps].sort()).toEqual([TRAP.NONE, ...row.traps])
    expect(new Set(outcomes.map(({ r }) => r)).size).toBeGreaterThan(1)
  })
})

describe('codes between the operations', () => {
  const known = new Set(FLOAT_ROWS.map(({ code }) => code))
  const codes = Array.from({ length: 256 - F32_BASE }, (_, k) => F32_BASE + k).filter((code) => !known.has(code))

  it('trap as illegal in both languages', async () => {
    expect(codes).toContain(0x87)
    expect(codes).toContain(0xd0)
    for (const code of codes) expect(await agree(code, [[1n, 2n]])).toEqual([{ r: 0n, trap: TRAP.ILLEGAL }])
  })
})
