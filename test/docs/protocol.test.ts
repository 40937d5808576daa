import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Titles in backticks in the last cell of a table's rows; a path of a test folder counts as itself. */
function namedTests(page: string): string[] {
  const rows = readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
  const tables = readFileSync(page, 'utf8')
    .split(/\n(?!\|)/)
    .filter((block) => /^\|.*\| test \|$/m.test(block))
    .join('\n')
  return rows
    .filter((row) => tables.includes(row))
    .flatMap((row) => [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] as string))
}

/** As they are written in the sources, so that both kinds of quotes are found. */
const SOURCES = globSync('test/**/*.{test.ts,t.sol}').map((file) => readFileSync(file, 'utf8'))

const isTested = (title: string): boolean =>
  title.startsWith('test/')
    ? globSync(`${title}/**/*.test.ts`).length > 0
    : SOURCES.some((text) => [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted)))

describe.each(['docs/protocol.md', 'docs/threats.md'])('%s', (page) => {
  const titles = namedTests(page)

  it('names a test in each row of its tables of rules', () => {
    expect(titles.length).toBeGreaterThan(20)
  })

  it.each(titles)('names a test that exists: %s', (title) => {
    expect(isTested(title)).toBe(true)
  })
})
