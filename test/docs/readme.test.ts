import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { GasSnapshot } from '../../bench/gas/snapshot.ts'
import { linksOf } from '../helpers/transcript.ts'

const readme = readFileSync('README.md', 'utf8')
const gas = JSON.parse(readFileSync('bench/gas.json', 'utf8')) as GasSnapshot
const shown = (value: number): string => value.toLocaleString('en-US')

describe('README.md', () => {
  it('quotes the judged substep as it is measured', () => {
    const { dense, sparse } = gas.judged
    expect(readme).toContain(`| ${shown(dense.max)}, ${shown(dense.median)} |`)
    expect(readme).toContain(`| ${shown(sparse.max)}, ${shown(sparse.median)} |`)
    expect(readme).toContain(`${shown(gas.witnessBytes.max)} bytes`)
  })

  it.each(Object.entries(gas.parts))('quotes the dispute at %s as it is measured', (name, parts) => {
    const { open, move, substepMove, moves, count } = parts
    const row = [name.slice('arity'.length), ...[open, move, substepMove, count - 1, moves].map(shown)]
    expect(readme).toContain(`| ${row.join(' | ')} |`)
  })

  it('quotes whole disputes and sizes as they are measured', () => {
    const { steps2e20, steps2e32 } = gas.dispute
    const { Stepper, BondedArena } = gas.deployedBytes as { Stepper: number; BondedArena: number }
    for (const value of [steps2e20, steps2e32, Stepper, BondedArena]) expect(readme).toContain(shown(value))
  })

  it('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] as string)
    expect(named.length).toBeGreaterThan(5)
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
  })
})

describe('documents', () => {
  const documents = globSync('{*.md,docs/**/*.md,spec/*.md,wasm-tasks/*/README.md}')

  it.each(documents)('%s links only to what is there', (path) => {
    const missing = linksOf(readFileSync(path, 'utf8')).filter((link) => !existsSync(join(dirname(path), link)))
    expect(missing).toEqual([])
  })
})
