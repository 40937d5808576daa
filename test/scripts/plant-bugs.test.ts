import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { edited, NotOnePlace, plant } from '../../scripts/plant-bugs/copy.ts'
import { run } from '../../scripts/plant-bugs/processes.ts'
import { baselineFaults, firstRed, otherFailure, type Report } from '../../scripts/plant-bugs/report.ts'
import { BEGIN, END, NoTable, withTable } from '../../scripts/plant-bugs/table.ts'
import { ROOT } from '../helpers/command.ts'
import { BUGS, type PlantedBug } from '../planted/index.ts'

const DOCUMENT = 'docs/planted-bugs.md'

describe('the list of bugs', () => {
  it('has a name of its own for each', () => {
    const ids = BUGS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  it.each(BUGS)('$id fits the code as it is', ({ edits, tests }) => {
    for (const [file, own] of Map.groupBy(edits, ({ file }) => file)) {
      const text = readFileSync(join(ROOT, file), 'utf8')
      expect(edited(text, own)).not.toBe(text)
    }
    expect(edits.length).toBeGreaterThan(0)
    for (const { file } of tests) expect(existsSync(join(ROOT, file)), file).toBe(true)
    expect(tests.length).toBeGreaterThan(0)
  })

  it('is told in the document, and no other', () => {
    const told = [...readFileSync(join(ROOT, DOCUMENT), 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm)]
    expect(told.map(([, id]) => id)).toEqual(BUGS.map(({ id }) => id))
  })
})

describe('edited', () => {
  const edit = (from: string, to: string) => ({ file: 'some.ts', from, to })

  it('replaces what stands in one place, literally', () => {
    expect(edited('a + b', [edit('+', '-'), edit('b', '$&')])).toBe('a - $&')
  })

  it('refuses what stands nowhere, or in two places', () => {
    expect(() => edited('a + b', [edit('c', '')])).toThrow(NotOnePlace)
    expect(() => edited('a + a', [edit('a', '')])).toThrow('some.ts has 2 places with "a", not one')
  })

  it('changes the file in a copy', () => {
    const folder = mkdtempSync(join(tmpdir(), 'substep-plant-'))
    writeFileSync(join(folder, 'some.ts'), 'a + b')
    plant(folder, [edit('a', 'c'), edit('b', 'd')])
    expect(readFileSync(join(folder, 'some.ts'), 'utf8')).toBe('c + d')
    rmSync(folder, { recursive: true })
  })
})

const FILE = 'test/some.test.ts'

/** A report on one file: titles of its tests with what each of them threw. */
const report = (tests: Readonly<Record<string, string | null>>, message = ''): Report => ({
  success: message === '' && Object.values(tests).every((thrown) => thrown === null),
  testResults: [
    {
      name: `/copy/${FILE}`,
      message,
      assertionResults: Object.entries(tests).map(([title, thrown]) => ({
        ancestorTitles: ['sums'],
        title,
        status: thrown === null ? 'passed' : 'failed',
        failureMessages: thrown === null ? [] : [thrown],
      })),
    },
  ],
})

describe('a report is red', () => {
  it('where an assertion failed: the first such test', () => {
    const found = firstRed(
      report({ one: null, two: 'AssertionError: expected 1\n at x', three: 'AssertionError: 2' }),
      '/copy',
    )
    expect(found).toEqual({ file: FILE, title: 'sums > two' })
  })

  it('not where something else was thrown, or the file could not be loaded', () => {
    const thrown = report({ one: 'ReferenceError: x is not defined\n at y' })
    expect(firstRed(thrown, '/copy')).toBeUndefined()
    expect(otherFailure(thrown)).toBe('ReferenceError: x is not defined')
    const unloaded = report({}, 'SyntaxError: no such export')
    expect(firstRed(unloaded, '/copy')).toBeUndefined()
    expect(otherFailure(unloaded)).toBe('SyntaxError: no such export')
    expect(otherFailure(report({ one: null }))).toBeUndefined()
  })
})

describe('a report is a baseline', () => {
  it('where everything passes, and every piece of evidence is a test that ran', () => {
    const green = report({ one: null, two: null })
    expect(baselineFaults(green, '/copy', [{ file: FILE }, { file: FILE, name: 'two' }])).toEqual([])
    expect(baselineFaults(green, '/copy', [{ file: FILE, name: 'three' }, { file: 'test/other.test.ts' }])).toEqual([
      "test/some.test.ts: no test passes whose titles contain 'three'",
      'test/other.test.ts: no test passes',
    ])
  })

  it('not where a test fails or a file cannot be loaded', () => {
    const red = report({ one: null, two: 'AssertionError: expected 1' })
    expect(baselineFaults(red, '/copy', [{ file: FILE }])).toEqual(['test/some.test.ts: sums > two fails'])
    const unloaded = report({ one: null }, 'SyntaxError: no such export')
    expect(baselineFaults(unloaded, '/copy', [{ file: FILE }])).toEqual(['SyntaxError: no such export'])
  })
})

describe('withTable', () => {
  const bug: PlantedBug = {
    id: 'some-bug',
    what: 'a | b',
    edits: [
      { file: 'x.ts', from: 'a', to: 'b' },
      { file: 'x.ts', from: 'c', to: 'd' },
    ],
    tests: [{ file: FILE }],
  }

  it('writes one row for each bug between its comments', () => {
    const trials = [{ bug, seconds: 1, caughtBy: { file: FILE, title: 'sums > two' } }]
    const row = `| \`some-bug\` | a \\| b | \`x.ts\` | \`${FILE}\`: sums > two |`
    const written = withTable(`Title\n\n${BEGIN}\nold\n${END}\nrest\n`, trials)
    expect(written).toBe(
      `Title\n\n${BEGIN}\n\n| Name | Bug | Where | Caught by |\n| --- | --- | --- | --- |\n${row}\n\n${END}\nrest\n`,
    )
    expect(withTable(written, trials)).toBe(written)
  })

  it('refuses a document without a place for it', () => {
    expect(() => withTable('Title', [])).toThrow(NoTable)
  })
})

describe('run', () => {
  const here = (timeLimit: number) => ({ cwd: ROOT, env: process.env, timeLimit })

  it('gives what was printed and how it ended', async () => {
    const ended = await run(process.execPath, ['-e', 'console.log(1); console.error(2); process.exit(3)'], here(60_000))
    expect(ended.code).toBe(3)
    expect(ended.output.split('\n').sort()).toEqual(['', '1', '2'])
    expect(await run('no-such-command', [], here(60_000))).toMatchObject({ code: null })
  })

  it('ends what does not end by itself, and what that started', async () => {
    const endless = `require('node:child_process').spawnSync(process.execPath, ['-e', 'for (;;);'], { stdio: 'inherit' })`
    expect(await run(process.execPath, ['-e', endless], here(500))).toEqual({ code: null, output: '' })
  })
})

describe('the command', () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/plant-bugs.ts', ...args], { cwd: ROOT, encoding: 'utf8' })

  it('lists the bugs', () => {
    const { status, stdout } = command('--list')
    expect({ status, lines: stdout.trim().split('\n') }).toEqual({
      status: 0,
      lines: BUGS.map(({ id, what }) => `${id}: ${what}`),
    })
  })

  it.each([
    [['--only', 'no-such-bug'], 'no bug is called no-such-bug'],
    [['--jobs', '0'], "'0' is no number of jobs"],
    [['--bogus'], "Unknown option '--bogus'"],
    [['--update', '--only', BUGS[0]!.id], '--update needs all bugs'],
  ])('refuses %j', (args, reason) => {
    expect(command(...args)).toMatchObject({ status: 64, stderr: expect.stringContaining(reason) })
  })
})
