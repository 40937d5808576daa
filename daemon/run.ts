import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPublicClient, createWalletClient, http, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createReader, createWriter, type Idle, type Reader, type Strategy } from '../protocol/index.ts'
import { type Bell, createBell } from './bell.ts'
import { type Config, ConfigError, readConfig, USAGE } from './config.ts'
import { type Content, createContent } from './content.ts'
import { failureFields } from './describe.ts'
import { fileProblem } from './files.ts'
import { createLog, createTeller, type Log } from './log.ts'
import { findMarket } from './market.ts'
import { memoryLeft } from './memory.ts'
import { requireNode } from './node.ts'
import { createPlayer, type Player } from './player.ts'
import { stopSignal } from './stop.ts'
import { ThreadedPrograms } from './threaded-programs.ts'
import { Crew } from './workers/crew.ts'
import { openDesk, ownWorker, type WorkerFile } from './workers/desk.ts'

/** How a daemon plays. */
export interface Play {
  readonly strategy: Strategy
  /** When it need not compute a task; absent: never. */
  readonly idle?: Idle
}

/** What makes a daemon of this frame. */
export interface Role {
  readonly role: string
  /** How it plays for an operator that wants so much, in wei, for a task. */
  play(wants: Pick<Config, 'minProfit'>): Play
  /** What its workers run, if not what the daemons' do. */
  readonly worker?: WorkerFile
}

/** Exit codes of a daemon. */
export const EXIT = { OK: 0, FAILED: 1, USAGE: 2 } as const

/** With its hashes and a second execution a run takes about so many times the memory that it is given. */
const MOST_PER_RUN = 10

/** The whole life of a daemon process, from its arguments to its exit code. */
export async function runDaemon(role: Role, args: readonly string[]): Promise<number> {
  // Whoever reads the log may go away; the stake stays locked, so the player stays too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  if (args.includes('--help')) {
    process.stdout.write(`${role.role}: plays in a market\n${USAGE}\n`)
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

async function live(config: Config, role: Role, log: Log, stop: AbortSignal): Promise<void> {
  const transport = http(config.rpc)
  const account = privateKeyToAccount(config.key)
  const client: PublicClient = createPublicClient({ transport, pollingInterval: config.pollMs })
  const signer = createWalletClient({ transport, account })
  await requireNode(client, config.rpc)
  const { market, fromBlock } = await findMarket(config, client)
  const reader = await createReader(client, market, { fromBlock })
  const bell = createBell()
  const isTight = () => memoryLeft() < MOST_PER_RUN * config.maxMemory
  const { worker = ownWorker({ hashThreads: config.hashThreads }) } = role
  const crew = new Crew(config.workers, (events) => openDesk(events, worker), isTight)
  const { content, programs } = knowledge(config, crew, reader, log, bell, stop)
  const writer = createWriter(client, signer, reader.rules, { maxFeePerGas: config.maxFeePerGas })
  const { owner = account.address } = config
  const player = createPlayer({ reader, writer, programs, content, owner, log, ...role.play(config) })
  try {
    for (const file of config.wasm) await addModule(programs, file)
    log('info', 'started', {
      ...{ role: role.role, account: account.address, owner, market, fromBlock, workers: config.workers },
      ...{ programs: programs.ids.join(' '), content: config.content },
    })
    await keepPolling(player, config.pollMs, log, stop, bell)
    tellEnd(player, log)
  } finally {
    crew.close()
  }
}

/** What can be computed: the modules that are given, and what is found as tasks ask for it. */
function knowledge(
  { content: folder, schemes, maxSteps, maxMemory, checkpointBytes }: Config,
  crew: Crew,
  reader: Reader,
  log: Log,
  bell: Bell,
  stop: AbortSignal,
): { content: Content; programs: ThreadedPrograms } {
  const { readModule, readUris } = reader
  const programs = new ThreadedPrograms({
    ...{ crew, maxSteps, maxMemory, log, budgetBytes: checkpointBytes, onNews: bell.ring },
    inputOf: (root) => content.held(root),
  })
  const identify: typeof programs.identify = (module, wanted) => programs.identify(module, wanted)
  const content = createContent({ folder, schemes, log, stop, readModule, readUris, identify })
  return { content, programs }
}

async function addModule(programs: ThreadedPrograms, file: string): Promise<void> {
  try {
    const module = new Uint8Array(readFileSync(file))
    programs.learn(await programs.identify(module), module)
  } catch (error) {
    throw new ConfigError('--wasm', `${file}: ${fileProblem(error)}`, { cause: error })
  }
}

/** A player that goes away while it can lose a stake says so: its clocks run on. */
function tellEnd(player: Player, log: Log): void {
  const tasks = player.atStake()
  if (tasks.length === 0) log('info', 'stopped')
  else log('warn', 'stopped', { reason: 'stakeAtRisk', tasks: tasks.join(' ') })
}

/**
 * Polls until told to stop, and at once when the bell rings. Whatever a poll throws, the next one looks at the chain as
 * it is by then.
 */
export async function keepPolling(
  player: Pick<Player, 'poll'>,
  pollMs: number,
  log: Log,
  stop: AbortSignal,
  bell = createBell(),
): Promise<void> {
  const teller = createTeller(log)
  while (!stop.aborted) {
    const rung = bell.next()
    try {
      await player.poll()
      teller.clear('poll')
    } catch (error) {
      teller.once('poll', 'warn', 'pollFailed', failureFields(error))
    }
    await sleep(pollMs, undefined, { signal: AbortSignal.any([stop, rung]) }).catch(() => undefined)
  }
}
