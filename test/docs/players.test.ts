import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { filesOf, rerun, shellLinesOf } from '../helpers/transcript.ts'

const DOCUMENT = join(ROOT, 'docs', 'players.md')
const DOCUMENTED_PORT = '8545'
const POLL = '--poll-ms 50'

interface LogLine {
  readonly event: string
  readonly action?: string
}

const document = readFileSync(DOCUMENT, 'utf8')
const lines = shellLinesOf(document)
const lineWith = (text: string): string => lines.find((line) => line.includes(text)) ?? ''

let place: Checkout
let port: string | undefined
const children: ChildProcess[] = []

/** Starts a command in a process group of its own; its lines as they come. */
function start(command: string): { child: ChildProcess; told: AsyncIterator<string> } {
  const child = spawn('sh', ['-c', command], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { child, told: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

/** Stops a command with everything that it started. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM')
}

/** The chain of the document, at a port that is free. */
beforeAll(async () => {
  place = checkout()
  const { told } = start(`${lineWith('hardhat node')} --port 0`)
  while (port === undefined) {
    const { value, done } = await told.next()
    if (done === true) throw new Error('the chain did not start')
    port = value.match(/^Started .*:(\d+)/)?.[1]
  }
})

afterAll(() => {
  for (const child of children) end(child)
  place?.remove()
})

const here = (text: string): string => text.replaceAll(DOCUMENTED_PORT, port ?? '')

/** A player by its line of the document. */
function player(line: string, arena: string) {
  const command = `exec ${here(line).replace('SUBSTEP_KEY=', 'env SUBSTEP_KEY=').replace('ADDRESS', arena)} ${POLL}`
  const { child, told } = start(command)
  return {
    child,
    async until(event: string, action?: string): Promise<void> {
      for (;;) {
        const { value, done } = await told.next()
        if (done === true) throw new Error(`the player ended before ${event} ${action ?? ''}`)
        const entry = JSON.parse(value) as LogLine
        if (entry.event === event && entry.action === action) return
      }
    },
  }
}

describe('docs/players.md', () => {
  it('leads to an arena, a task, and players that answer it, settle it and stop', async () => {
    for (const { name, text } of filesOf(document)) place.write(name, here(text))
    const arena = place.output(lineWith('arena.mjs')).trim()
    expect(arena).toMatch(/^0x[0-9a-fA-F]{40}$/)
    const verifier = player(lineWith('npm run --silent verifier'), arena)
    await verifier.until('started')
    const solver = player(lineWith('npm run --silent solver'), arena)
    await solver.until('mined', 'enter')
    expect(JSON.parse(place.output(here(lineWith('curl'))))).toMatchObject({ id: 1 })
    await solver.until('mined', 'withdraw')
    for (const { child } of [solver, verifier]) {
      const ended = once(child, 'exit')
      end(child)
      await ended
    }
  })

  it('shows the help as it is; `vitest run -u` brings it up to date', async () => {
    await expect(rerun(document, place.output)).toMatchFileSnapshot(DOCUMENT)
  })
})
