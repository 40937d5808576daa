import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { rerun, shellLinesOf } from '../helpers/transcript.ts'

const DOCUMENT = join(ROOT, 'docs', 'players.md')
const DOCUMENTED_PORT = '8545'
const DAEMON = /substep (solve|verify)/
const NODE = /hardhat node/
const TASK_LINE = /^task +(0x[0-9a-f]{64})$/m

interface LogLine {
  readonly event: string
  readonly action?: string
}

const document = readFileSync(DOCUMENT, 'utf8')
const lines = shellLinesOf(document)

let place: Checkout
let folder: string
let port: string | undefined
let task: string | undefined
const children: ChildProcess[] = []

/** Starts a command in a process group of its own; its lines as they come. */
function start(command: string, cwd: string) {
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { child, told: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

/** Tells a command and everything that it started to stop. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM')
}

/** The chain of the document, at a port that is free. */
beforeAll(async () => {
  place = checkout()
  folder = place.output('pwd').trim()
  const { told } = start(`${lines.find((line) => NODE.test(line))} --port 0`, ROOT)
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

const here = (text: string): string => text.replaceAll(DOCUMENTED_PORT, port ?? '').replace('TASK', task ?? '')

/** A player by its line of the document. */
function player(line: string) {
  const { child, told } = start(`${here(line)} --poll-ms 50`, folder)
  const until = async (event: string, action?: string): Promise<void> => {
    for (;;) {
      const { value, done } = await told.next()
      if (done === true) throw new Error(`the player ended before ${event} ${action ?? ''}`)
      const entry = JSON.parse(value) as LogLine
      if (entry.event === event && entry.action === action) return
    }
  }
  return { child, until }
}

/** What a line prints that must succeed. */
function run(line: string): string {
  const printed = place.output(`{ ${here(line)}; } 2>&1; echo "exit code $?"`)
  if (!printed.endsWith('exit code 0\n')) throw new Error(`${line}\n${printed}`)
  return printed
}

describe('docs/players.md', () => {
  it('leads from a fresh chain to an answer that is settled, paid and opened', { timeout: 60_000 }, async () => {
    const players = new Map<string, ReturnType<typeof player>>()
    for (const line of lines.filter((line) => !NODE.test(line))) {
      const role = line.match(DAEMON)?.[1]
      if (role !== undefined) {
        players.set(role, player(line))
        await players.get(role)?.until('started')
        continue
      }
      const printed = run(line)
      task ??= printed.match(TASK_LINE)?.[1]
      if (TASK_LINE.test(printed)) await players.get('solve')?.until('mined', 'post')
      if (line.startsWith('curl')) await players.get('solve')?.until('mined', 'finalise')
      if (line.includes('stake status')) expect(printed).toMatch(/^ether +1\.01 ETH$/m)
    }
    expect(place.output('od -An -tx1 answer.bin').replace(/\s/g, '')).toMatch(/^ba7816bf8f01cfea.*f20015ad$/)
    expect(place.output('ls solver-content/programs')).toMatch(/^0x[0-9a-f]{64}\.wasm$/m)
    for (const { child } of players.values()) {
      const ended = once(child, 'exit')
      end(child)
      await ended
    }
  })

  it('shows the help as it is; `vitest run -u` brings it up to date', async () => {
    await expect(rerun(document, place.output)).toMatchFileSnapshot(DOCUMENT)
  })
})
