import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { commandsOf, rerun, shellLinesOf } from '../helpers/transcript.ts'

const DOCUMENT = join(ROOT, 'docs', 'cli.md')
const document = readFileSync(DOCUMENT, 'utf8')
const DOCUMENTED_PORT = '8545'
const COMMANDS = [
  ...['run', 'hash', 'trace', 'deploy', 'stake deposit', 'stake withdraw', 'stake operator', 'stake status'],
  ...['program publish', 'program show', 'request', 'task show', 'task refund', 'task cancel', 'task watch'],
  ...['solve', 'replay'],
]
/** A command that the document leaves running. */
const ASIDE = /&$/

let place: Checkout
let folder: string
let port: string
const children: ChildProcess[] = []

/** Starts a command in a process group of its own. */
function start(command: string, cwd: string): void {
  children.push(spawn('sh', ['-c', command], { cwd, detached: true, stdio: 'ignore' }))
}

/** The chain of the document, at a port that is free, and the key that the document exports. */
beforeAll(() => {
  const lines = shellLinesOf(document)
  const key = lines.find((line) => line.startsWith('export SUBSTEP_KEY='))
  vi.stubEnv('SUBSTEP_KEY', key?.split('=')[1])
  place = checkout()
  folder = place.output('pwd').trim()
  // Into a file: while commands run nobody would read a pipe, and the chain would wait for that.
  start(`exec ${lines.find((line) => line.includes('hardhat node'))} --port 0 > ${folder}/node.log`, ROOT)
  port = place.output(untilFound('Started .*:[0-9]', 'node.log')).match(/^Started .*:(\d+)/m)?.[1] ?? ''
})

/** Prints the first line of a log that something matches, as soon as there is one; a minute is long enough. */
const untilFound = (what: string, log: string): string =>
  `for i in $(seq 600); do grep -m1 '${what}' ${log} && break; sleep 0.1; done`

afterAll(() => {
  vi.unstubAllEnvs()
  for (const { pid, exitCode } of children) if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGTERM')
  place?.remove()
})

/** What a command prints on this chain. */
function run(command: string): string {
  const here = command.replaceAll(DOCUMENTED_PORT, port)
  if (ASIDE.test(here)) {
    start(`exec env ${here.replace(ASIDE, '')}`, folder)
    return ''
  }
  // The day passes when the solver has answered.
  if (here.startsWith('curl')) place.output(untilFound('"action":"post"', 'solver.log'))
  return place.output(here)
}

describe('docs/cli.md', () => {
  it('shows every subcommand', () => {
    const commands = commandsOf(document).join('\n')
    for (const name of COMMANDS) expect(commands).toContain(`npx substep ${name} `)
  })

  it('shows what its commands print; `npx vitest run test/cli/docs.test.ts --update` brings it up to date', {
    timeout: 180_000,
  }, async () => {
    await expect(rerun(document, run)).toMatchFileSnapshot(DOCUMENT)
  })
})
