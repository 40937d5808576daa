import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../helpers/command.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const table = read('docs/players.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))

/** The strings that a type of the sources allows; after it there is an empty line. */
function reasonsOf(path: string, type: string): string[] {
  const text = read(path).split(`export type ${type} =`)[1]?.split('\n\n')[0] ?? ''
  return [...text.matchAll(/'(\w+)'/g)].map(([, reason]) => reason ?? '')
}

describe('the reasons of docs/players.md', () => {
  it.each([
    ['protocol/actions.ts', 'SkipReason', 30],
    ['protocol/limits.ts', 'Refusal', 10],
    ['daemon/content.ts', 'ContentReason', 4],
  ])('are all that %s has as %s', (path, type, least) => {
    const reasons = reasonsOf(path, type)
    expect(reasons.length).toBeGreaterThanOrEqual(least)
    expect(reasons.filter((reason) => !table.some((line) => line.includes(`\`${reason}\``)))).toEqual([])
  })
})
