import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPublicClient, createWalletClient, http, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  type Compute,
  createPrograms,
  createReader,
  createWriter,
  type Idle,
  type Strategy,
} from '../protocol/index.ts'
import { type Config, ConfigError, readConfig, USAGE } from './config.ts'
import { failureFields } from './describe.ts'
import { createLog, type Log } from './log.ts'
import { createPlayer, type Player } from './player.ts'

/** What makes a daemon of this frame. */
export interface Role {
  readonly role: string
  readonly strategy: Strategy
  /** When it need not compute a task; absent: never. */
  readonly idle?: Idle
  /** How it computes; absent: by running the program. */
  readonly compute?: Compute
}

/** Exit codes of a daemon. */
export const EXIT = { OK: 0, FAILED: 1, USAGE: 2 } as const

/** The whole life of a daemon process, from its arguments to its exit code. */
export async function runDaemon(role: Role, args: readonly string[]): Promise<number> {
  // Whoever reads the log may go away; the bond stays at stake, so the player stays too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  if (args.includes('--help')) {
    process.stdout.write(`${role.role}: plays in an arena\n${USAGE}\n`)
    return EXIT.OK
  }
  try {
    const config = readConfig(role.role, args, process.env)
    const log = createLog(config.name, config.logLevel, (line) => process.stdout.write(line))
    await live(config, role, log, stopSignal())
    return EXIT.OK
  } catch (error) {
    const { error: name, message } = failureFields(error)
    process.stderr.write(`${name}: ${message}\n`)
    return error instanceof ConfigError ? EXIT.USAGE : EXIT.FAILED
  }
}

/** Aborted by SIGTERM or SIGINT: the moves under way are finished, no new ones begun. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => controller.abort())
  return controller.signal
}

async function live(
  config: Config,
  { role, strategy, idle, compute }: Role,
  log: Log,
  stop: AbortSignal,
): Promise<void> {
  const transport = http(config.rpc)
  const account = privateKeyToAccount(config.key)
  const client: PublicClient = createPublicClient({ transport, pollingInterval: config.pollMs })
  const signer = createWalletClient({ transport, account })
  const programs = createPrograms(config.wasm.map(readModule), { compute, maxSteps: config.maxSteps })
  const reader = await createReader(client, config.arena, { fromBlock: config.fromBlock })
  const writer = createWriter(client, signer, reader.rules, { maxFeePerGas: config.maxFeePerGas })
  const player = createPlayer({ reader, writer, programs, strategy, idle, log })
  log('info', 'started', { role, account: account.address, arena: config.arena, programs: programs.ids.join(' ') })
  await keepPolling(player, config.pollMs, log, stop)
  log('info', 'stopped')
}

function readModule(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new ConfigError('--wasm', error instanceof Error ? error.message : String(error))
  }
}

/** Polls until told to stop. Whatever a poll throws, the next one looks at the chain as it is by then. */
export async function keepPolling(player: Player, pollMs: number, log: Log, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await player.poll().catch((error: unknown) => log('warn', 'pollFailed', failureFields(error)))
    await sleep(pollMs, undefined, { signal: stop }).catch(() => undefined)
  }
}
