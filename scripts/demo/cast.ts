import { type ChildProcess, spawn } from 'node:child_process'
import type { Address } from 'viem'
import { ROOT } from './computation.ts'
import { DemoFailed } from './failure.ts'
import type { Flip } from './flip.ts'
import { keyOf, type Role } from './parties.ts'

const POLL_MS = 50
/** Of what a player prints, kept to show if it fails. */
const TAIL_LINES = 12

/** A player in a process of its own. */
export interface PlayerProcess {
  readonly role: Role
  readonly pid: number | undefined
  /** @throws DemoFailed if it has ended by itself */
  assertAlive(): void
  /** Whether a line of its log had all these fields. */
  said(fields: Readonly<Record<string, string>>): boolean
  /** The end of what it printed. */
  tail(): string
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>
}

/** Where players find the chain and the market, and where each keeps what it fetched. */
export interface Table {
  readonly url: string
  readonly market: Address
  contentFolder(role: Role): string
}

export const startSolver = (table: Table): PlayerProcess => start('solver', 'solver/main.ts', table, [])

export const startVerifier = (table: Table): PlayerProcess => start('verifier', 'verifier/main.ts', table, [])

/** Starts a solver in whose machine a bit turns over. */
export function startCorruptSolver(table: Table, { step, address, bit }: Flip): PlayerProcess {
  const flip = { '--flip-step': step, '--flip-address': address, '--flip-bit': bit }
  return start('solver', 'test/adversaries/corrupt-player.ts', table, Object.entries(flip).flat().map(String))
}

function start(role: Role, script: string, table: Table, extra: readonly string[]): PlayerProcess {
  const { url, market, contentFolder } = table
  const where = ['--rpc', url, '--market', market, '--content', contentFolder(role)]
  const how = ['--poll-ms', `${POLL_MS}`, '--name', role]
  const env = { ...process.env, SUBSTEP_KEY: keyOf(role) }
  const child = spawn(process.execPath, [script, ...where, ...how, ...extra], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return supervised(role, child)
}

function supervised(role: Role, child: ChildProcess): PlayerProcess {
  const log = readLog(child)
  const end: { how?: string } = {}
  child.on('error', (error) => {
    end.how = error.message
  })
  child.on('exit', (code, signal) => {
    end.how = `ended with ${signal ?? `exit code ${code}`}`
  })
  const gone = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  return {
    role,
    pid: child.pid,
    assertAlive() {
      if (end.how !== undefined) throw new DemoFailed('players', `the ${role} ${end.how}\n${log.tail()}`)
    },
    ...log,
    async stop() {
      process.off('exit', kill)
      kill()
      await gone
    },
  }
}

/** Takes in the log of a player, one line of JSON for each event. */
function readLog(child: ChildProcess): Pick<PlayerProcess, 'said' | 'tail'> {
  const lines: string[] = []
  let rest = ''
  const keep = (text: Buffer) => {
    const parts = `${rest}${text}`.split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return {
    said: (fields) => lines.some((line) => Object.entries(fields).every((field) => hasField(line, field))),
    tail: () => lines.slice(-TAIL_LINES).join('\n'),
  }
}

function hasField(line: string, [name, value]: readonly [string, string]): boolean {
  try {
    return (JSON.parse(line) as Record<string, unknown>)[name] === value
  } catch {
    return false
  }
}
