import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type GasSnapshot, gasSnapshot } from '../../bench/gas/snapshot.ts'
import { ALU_ROWS, CONTROL_ROWS } from '../../spec/index.ts'

/** The most code that a contract may have, EIP-170. */
const CODE_LIMIT = 24_576

describe('bench/gas.json', () => {
  let measured: GasSnapshot

  beforeAll(async () => {
    measured = await gasSnapshot()
  })

  it('is what the contracts cost now; after a change: npm run bench gas', () => {
    expect(measured).toEqual(JSON.parse(readFileSync('bench/gas.json', 'utf8')))
  })

  it('judges every ALU operation and every control', () => {
    const names = Object.keys(measured.judged.byOpcode)
    expect(names).toEqual(expect.arrayContaining(ALU_ROWS.map(({ name }) => name)))
    expect(names).toEqual(expect.arrayContaining(CONTROL_ROWS.map(({ name }) => `control ${name}`)))
  })

  it('keeps what the design promises', () => {
    expect(measured.judged.dense.max).toBeLessThanOrEqual(80_000)
    expect(measured.judged.dense.median).toBeLessThanOrEqual(70_000)
    expect(measured.judged.sparse.median).toBeLessThanOrEqual(60_000)
    expect(measured.move.arity2).toBeLessThanOrEqual(40_000)
    expect(measured.move.arity16).toBeLessThanOrEqual(58_000)
    expect(measured.dispute.steps2e32).toBeLessThanOrEqual(600_000)
    expect(measured.taskWithoutDispute).toBeLessThanOrEqual(350_000)
    expect(measured.fullDispute).toBeLessThanOrEqual(750_000)
    for (const bytes of Object.values(measured.deployedBytes)) expect(bytes).toBeLessThan(CODE_LIMIT)
  })
})
