import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { NoFigures, readFigures, reportedIn, withFigure, writeFigures } from '../../../bench/frame/figures.ts'
import { FIGURES_VARIABLE, report } from '../../../bench/measure.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'figures-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

describe('withFigure', () => {
  it('puts a figure at its path and leaves the others alone', () => {
    const figures = { native: { worst: 2, kernels: { fib: 1 } }, gas: 3 }
    expect(withFigure(figures, 'native.worst', 1.5)).toEqual({ ...figures, native: { ...figures.native, worst: 1.5 } })
    expect(withFigure(figures, 'a.b.c', { d: null })).toEqual({ ...figures, a: { b: { c: { d: null } } } })
    expect(withFigure(figures, 'gas.most', 4)).toEqual({ ...figures, gas: { most: 4 } })
    expect(figures.native.worst).toBe(2)
  })
})

describe('report', () => {
  it('hands figures to the frame in the order of their coming', () => {
    const file = join(folder, 'reported')
    vi.stubEnv(FIGURES_VARIABLE, file)
    report('a.b', 1)
    report('c', { d: 'e', f: null })
    expect(reportedIn(readFileSync(file, 'utf8'))).toEqual([
      { key: 'a.b', value: 1 },
      { key: 'c', value: { d: 'e', f: null } },
    ])
  })

  it('does nothing where there is no frame', () => {
    vi.stubEnv(FIGURES_VARIABLE, undefined)
    expect(() => report('a', 1)).not.toThrow()
  })
})

describe('readFigures', () => {
  it('reads what was written, and nothing where there is no file', () => {
    const file = join(folder, 'written.json')
    expect(readFigures(file)).toEqual({})
    writeFigures(file, { a: { b: 1 } })
    expect(readFigures(file)).toEqual({ a: { b: 1 } })
  })

  it.each(['', '[1]', '7', 'null', '{'])('refuses a file that holds %j', (contents) => {
    const file = join(folder, 'other.json')
    writeFileSync(file, contents)
    expect(() => readFigures(file)).toThrow(NoFigures)
    expect(() => readFigures(file)).toThrow(file)
  })
})
