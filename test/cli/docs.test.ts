import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandsOf, rerun } from '../helpers/transcript.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const DOCUMENT = join(ROOT, 'docs', 'cli.md')

let work: string
let checkout: string

/** A folder where commands may leave files, with everything that a checkout has in its root. */
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'substep-docs-'))
  checkout = mkdtempSync(join(work, 'checkout-'))
  for (const name of readdirSync(ROOT)) symlinkSync(join(ROOT, name), join(checkout, name))
})

afterAll(() => rmSync(work, { recursive: true, force: true }))

function shell(command: string): string {
  const env = { ...process.env, npm_config_cache: join(work, 'npm'), npm_config_loglevel: 'error' }
  return execFileSync('sh', ['-c', command], {
    cwd: checkout,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Some commands end with an exit code that is not 0 and still print what the document shows. */
function output(command: string): string {
  try {
    return shell(command)
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout
    throw error
  }
}

describe('docs/cli.md', () => {
  it('shows every subcommand, and what its commands print; `vitest run -u` brings it up to date', async () => {
    const document = readFileSync(DOCUMENT, 'utf8')
    const commands = commandsOf(document).join('\n')
    for (const name of ['run', 'hash', 'trace']) expect(commands).toContain(`npx substep ${name} `)
    await expect(rerun(document, output)).toMatchFileSnapshot(DOCUMENT)
  })
})
