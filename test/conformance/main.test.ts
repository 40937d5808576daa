import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from './main.ts'

const GOOD = `(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 1))`
const BAD = `${GOOD}
(assert_return (invoke "f") (i32.const 2))`

describe('main', () => {
  let suite: string
  let printed: string[]
  let complaints: string[]

  beforeEach(() => {
    suite = mkdtempSync(join(tmpdir(), 'substep-suite-'))
    printed = []
    complaints = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
    vi.spyOn(console, 'error').mockImplementation((line: string) => void complaints.push(line))
  })

  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(suite, { recursive: true })
  })

  const run = (...args: string[]) => main(['--suite', suite, ...args], async () => {})
  const write = (name: string, text: string) => writeFileSync(join(suite, `${name}.wast`), text)

  it('succeeds when every assertion passes, and tells it of each file and in total', async () => {
    write('good', GOOD)
    expect(await run('--engine', 'interpreter')).toBe(0)
    expect(printed).toEqual([
      expect.stringMatching(/^ok {3}good: 1 passed, 0 failed, 5 steps \(\d\.\d s\)$/),
      'interpreter: 1 files: 1 passed, 0 failed, 0 skipped, 5 steps',
    ])
  })

  it('tells what the engine ran natively, and what it left to the interpreter', async () => {
    write('good', GOOD)
    expect(await run('--engine', 'native')).toBe(0)
    expect(printed.slice(1)).toEqual([
      'native: 1 files: 1 passed, 0 failed, 0 skipped, 5 steps',
      '1 native runs: 3 steps native, 2 interpreted',
      expect.stringMatching(/^in pieces: \d+ captures, 0 resumes$/),
      'traps: none',
      'left to the interpreter: none',
    ])
  })

  it('fails when one does not, and ends with the report as JSON', async () => {
    write('bad', BAD)
    write('broken', '(module')
    write('good', GOOD)
    expect(await run('--engine', 'v8', '--json')).toBe(1)
    const report: unknown = JSON.parse(printed.at(-1) ?? '')
    expect(report).toMatchObject({ engine: 'v8', passed: 2, failed: 2, skipped: 0 })
    expect(report).toMatchObject({
      files: [
        { name: 'bad', passed: 1, failed: 1, reasons: [expect.stringMatching(/^line 3: wanted .*0x2.*, got .*0x1/)] },
        { name: 'broken', passed: 0, failed: 1, reasons: [expect.stringContaining('without an end')] },
        { name: 'good', passed: 1, failed: 0, reasons: [] },
      ],
    })
  })

  it('runs the files that were asked for, by name or by file name', async () => {
    for (const name of ['one', 'two', 'three']) write(name, GOOD)
    expect(await run('--engine', 'v8', '--file', 'one,three.wast', '--file', 'two')).toBe(0)
    expect(printed.at(-1)).toBe('v8: 3 files: 3 passed, 0 failed, 0 skipped')
    expect(await run('--engine', 'v8', '--file', 'thre')).toBe(2)
    expect(complaints).toEqual(["the suite has no file 'thre'; the nearest: three"])
  })

  it('shares the files among processes', async () => {
    for (const name of ['one', 'two', 'three']) write(name, GOOD)
    expect(await run('--engine', 'interpreter', '--jobs', '2')).toBe(0)
    expect(printed.at(-1)).toBe('interpreter: 3 files: 3 passed, 0 failed, 0 skipped, 15 steps')
  })

  it('keeps results of files that pass until one of them changes', async () => {
    const results = join(suite, 'results.jsonl')
    write('good', GOOD)
    write('bad', BAD)
    const kept = () => readFileSync(results, 'utf8').trim().split('\n').length
    expect(await run('--engine', 'v8', '--results', results)).toBe(1)
    expect(kept()).toBe(2)
    expect(await run('--engine', 'v8', '--results', results)).toBe(1)
    expect(kept()).toBe(3)
    expect(printed.at(-1)).toBe('v8: 2 files: 2 passed, 1 failed, 0 skipped')
    write('good', `${GOOD} `)
    await run('--engine', 'v8', '--results', results, '--file', 'good')
    expect(kept()).toBe(4)
    await run('--engine', 'interpreter', '--results', results, '--file', 'good')
    expect(kept()).toBe(5)
  })

  it.each([
    [[], /^which engine\?\nusage:/],
    [['--engine', 'wabt'], /^there is no engine 'wabt'\nusage:/],
    [['--engine', 'v8', '--fast'], /^Unknown option '--fast'[\s\S]*usage:/],
    [['--engine', 'v8', '--jobs', '0'], /^'0' is no number of processes/],
    [['--engine', 'v8'], /^the official suite is not in .*; set SUBSTEP_TEST_DATA or run npm run test:data$/],
  ])('says what is wrong with %j', async (args, complaint) => {
    expect(await run(...args)).toBe(2)
    expect(complaints).toEqual([expect.stringMatching(complaint)])
  })
})
