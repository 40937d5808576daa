import { type ChildProcess, spawn } from 'node:child_process'
import { type Address, keccak256, stringToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { PROGRAM_FILE, ROOT } from './computation.ts'
import { DemoFailed } from './failure.ts'
import type { Flip } from './flip.ts'

export type Role = 'solver' | 'verifier'

/** Keys of a chain that lives as long as the demo: nothing to keep secret. */
const keyOf = (role: string) => keccak256(stringToHex(`substep demo: ${role}`))

export const accountOf = (role: Role | 'requester'): PrivateKeyAccount => privateKeyToAccount(keyOf(role))

/** The addresses of the players, by role. */
export const ADDRESSES: Readonly<Record<Role, Address>> = {
  solver: accountOf('solver').address,
  verifier: accountOf('verifier').address,
}

/** @throws DemoFailed for an address that is no player's */
export function roleOf(address: Address): Role {
  if (address === ADDRESSES.solver) return 'solver'
  if (address === ADDRESSES.verifier) return 'verifier'
  throw new DemoFailed('players', `${address} is no player`)
}

const POLL_MS = 50
/** Of what a player prints, kept to show if it fails. */
const TAIL_LINES = 12

/** A player in a process of its own. */
export interface PlayerProcess {
  readonly role: Role
  readonly pid: number | undefined
  /** @throws DemoFailed if it has ended by itself */
  assertAlive(): void
  /** The end of what it printed. */
  tail(): string
  stop(): void
}

export interface Table {
  readonly url: string
  readonly arena: Address
}

/** Starts the verifier as it is. */
export const startVerifier = (table: Table): PlayerProcess => start('verifier', 'verifier/main.ts', table, [])

/** Starts a solver in whose machine a bit turns over. */
export function startCorruptSolver(table: Table, { step, address, bit }: Flip): PlayerProcess {
  const flip = { '--flip-step': step, '--flip-address': address, '--flip-bit': bit }
  return start('solver', 'test/adversaries/corrupt-player.ts', table, Object.entries(flip).flat().map(String))
}

function start(role: Role, script: string, { url, arena }: Table, extra: readonly string[]): PlayerProcess {
  const flags = ['--rpc', url, '--arena', arena, '--wasm', PROGRAM_FILE, '--poll-ms', `${POLL_MS}`, '--name', role]
  const env = { ...process.env, SUBSTEP_KEY: keyOf(role) }
  const child = spawn(process.execPath, [script, ...flags, ...extra], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return supervised(role, child)
}

function supervised(role: Role, child: ChildProcess): PlayerProcess {
  const lines: string[] = []
  let ended: string | undefined
  const keep = (text: Buffer) => {
    lines.push(...text.toString().trimEnd().split('\n'))
    lines.splice(0, lines.length - TAIL_LINES)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.on('error', (error) => {
    ended = error.message
  })
  child.on('exit', (code, signal) => {
    ended = `ended with ${signal ?? `exit code ${code}`}`
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  return {
    role,
    pid: child.pid,
    assertAlive() {
      if (ended !== undefined) throw new DemoFailed('players', [`the ${role} ${ended}`, ...lines].join('\n'))
    },
    tail: () => lines.join('\n'),
    stop() {
      process.off('exit', kill)
      kill()
    },
  }
}
