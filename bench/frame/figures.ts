import { readFileSync, writeFileSync } from 'node:fs'
import type { Figure } from '../measure.ts'

export type Figures = { readonly [name: string]: Figure }

export interface Reported {
  readonly key: string
  readonly value: Figure
}

/** The file for figures holds something else. */
export class NoFigures extends Error {
  override readonly name = 'NoFigures'
  readonly file: string
  constructor(file: string, cause: unknown) {
    super(`${file} is there, but does not hold figures: ${(cause as Error).message}`, { cause })
    this.file = file
  }
}

const isObject = (value: unknown): value is Figures =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Figures with another one at a path such as `native.worstOverRaw`. */
export function withFigure(figures: Figures, key: string, value: Figure): Figures {
  const [first, ...rest] = key.split('.') as [string, ...string[]]
  if (rest.length === 0) return { ...figures, [first]: value }
  const inner = figures[first]
  return { ...figures, [first]: withFigure(isObject(inner) ? inner : {}, rest.join('.'), value) }
}

/** What a benchmark has reported, a line each. */
export const reportedIn = (lines: string): Reported[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Reported)

/**
 * The figures of a file; none if there is no file.
 * @throws NoFigures
 */
export function readFigures(file: string): Figures {
  try {
    const figures: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!isObject(figures)) throw new SyntaxError('it is no object')
    return figures
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    if (error instanceof SyntaxError) throw new NoFigures(file, error)
    throw error
  }
}

export const writeFigures = (file: string, figures: Figures): void =>
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
