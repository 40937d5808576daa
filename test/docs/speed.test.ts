import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type AllResults, figureRows, programRows } from '../../bench/chart/rows.ts'
import { speedChart } from '../../bench/chart/speed.ts'
import { KERNEL_NAMES } from '../../bench/kernels/index.ts'

const results = JSON.parse(readFileSync('bench/results.json', 'utf8')) as AllResults
const readme = readFileSync('README.md', 'utf8')

describe('README.md', () => {
  it('quotes how fast each program runs as it is measured', () => {
    expect(programRows(results)).toHaveLength(KERNEL_NAMES.length)
    for (const row of programRows(results)) expect(readme).toContain(row)
  })

  it('quotes the other figures of speed as they are measured', () => {
    for (const row of figureRows(results)) expect(readme).toContain(row)
  })
})

describe('docs/speed.svg', () => {
  it('is what the figures make; after a change: npm run bench:chart', () => {
    expect(readFileSync('docs/speed.svg', 'utf8')).toBe(speedChart(results))
    expect(readme).toContain('(docs/speed.svg)')
  })
})
