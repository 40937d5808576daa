import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Generator, runGenerator } from '../../scripts/generator.ts'
import { ROOT } from '../helpers/command.ts'

class Refusal extends Error {
  override readonly name = 'Refusal'
}

let folder: string
let said: string[]

beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'cache', 'generator-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeEach(() => {
  said = []
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((text: string) => said.push(text))
})
afterEach(() => vi.restoreAllMocks())

const path = (name: string) => relative(ROOT, join(folder, name))

/** Makes a text and a binary. */
const generator = (text: string, byte: number, more: Partial<Generator> = {}): Generator => ({
  command: 'npm run make',
  about: 'Makes.',
  refusals: [Refusal],
  async *files() {
    yield [path('text'), text]
    yield [path('inner/binary'), Uint8Array.of(byte)]
  },
  ...more,
})

const written = () => [readFileSync(join(folder, 'text'), 'utf8'), ...readFileSync(join(folder, 'inner/binary'))]

describe('runGenerator', () => {
  it('names what is missing, writes it, and finds it up to date', async () => {
    expect(await runGenerator(generator('a\nb\n', 1), ['--check'])).toBe(1)
    expect(said.join('\n')).toContain(`stale: ${path('text')}: the file is missing\n  next: npm run make`)
    expect(await runGenerator(generator('a\nb\n', 1), [])).toBe(0)
    expect(written()).toEqual(['a\nb\n', 1])
    said = []
    expect(await runGenerator(generator('a\nb\n', 1), ['--check'])).toBe(0)
    expect(said).toEqual(['up to date: 2 files'])
  })

  it('shows the first line that differs and leaves the file alone', async () => {
    await runGenerator(generator('a\nb\n', 1), [])
    expect(await runGenerator(generator('a\nc\n', 2), ['--check'])).toBe(1)
    expect(said.join('\n')).toContain('line 2\n  has   b\n  wants c')
    expect(said.join('\n')).toContain(`stale: ${path('inner/binary')}\n`)
    expect(written()).toEqual(['a\nb\n', 1])
  })

  it.each(['--bogus', '--checks', 'check', '--check=yes'])('refuses %s and makes nothing', async (argument) => {
    const files = vi.fn()
    expect(await runGenerator(generator('', 0, { files }), [argument])).toBe(64)
    expect(said.join('\n')).toContain('Usage: npm run make [-- --check]')
    expect(files).not.toHaveBeenCalled()
  })

  it('shows its help and makes nothing', async () => {
    const files = vi.fn()
    expect(await runGenerator(generator('', 0, { files }), ['--help'])).toBe(0)
    expect(said.join('\n')).toContain('Makes.')
    expect(files).not.toHaveBeenCalled()
  })

  it('tells a refusal without its stack, and lets everything else through', async () => {
    const failing = (error: Error) =>
      generator('', 0, {
        files: () => {
          throw error
        },
      })
    expect(await runGenerator(failing(new Refusal('no such source')), [])).toBe(1)
    expect(said).toEqual(['no such source'])
    await expect(runGenerator(failing(new TypeError('a bug')), [])).rejects.toThrow('a bug')
  })
})

describe.each(['scripts/generate.ts', 'scripts/build-tasks.ts'])('%s', (script) => {
  const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { cwd: ROOT, encoding: 'utf8' })

  it('has a help and refuses what it does not know', () => {
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--check') })
    expect(run('--bogus')).toMatchObject({ status: 64, stderr: expect.stringContaining("Unknown option '--bogus'") })
  })
})
