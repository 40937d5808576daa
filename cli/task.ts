import type { Command } from 'commander'
import type { Hex } from 'viem'
import type { Sent, SubstepClient, TaskInfo } from '../client/index.ts'
import { etherText } from './amounts.ts'
import { clientOf } from './chain/client.ts'
import { connect, connectToSign, type SigningConnection } from './chain/connection.ts'
import { type ChainOptions, onChain, parseHash, type SignerOptions, signing } from './chain/options.ts'
import { printReport } from './chain/report.ts'
import { untilMined } from './chain/waiting.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { checkWritable } from './files.ts'
import { readTask, taskJson, taskRows } from './task-report.ts'
import { printResult } from './watch.ts'

interface WatchOptions extends ChainOptions {
  readonly output?: string
}

const TASK = ['<task>', 'id of the task', parseHash] as const

export function addTask(program: Command, finish: (code: ExitCode) => void): void {
  const task = program.command('task').summary('tasks on the chain').description('Shows, awaits and ends tasks.')
  onChain(task.command('show'))
    .summary('how a task stands')
    .description('What was asked, how the task stands, who answered what, and when it goes on.')
    .argument(...TASK)
    .action(async (id: Hex, options: ChainOptions) => finish(await show(id, options)))
  onChain(task.command('watch'))
    .summary('tell what happens to a task until it is over')
    .description('Tells the events of a task as they come, and its result.')
    .argument(...TASK)
    .option('--output <file>', 'write the raw output there')
    .action(async (id: Hex, options: WatchOptions) => finish(await watch(id, options)))
  signing(task.command('cancel'))
    .summary('take back a task that nobody has taken')
    .description('Takes back a task that nobody has taken, by its requester; all is refunded.')
    .argument(...TASK)
    .action(async (id: Hex, options: SignerOptions) =>
      finish(await end(id, options, (client) => client.cancel({ task: id }))),
    )
  signing(task.command('refund'))
    .summary('end a task that can have no result any more')
    .description('Ends a task that nobody took, answered, agreed on or opened in time; its requester is refunded.')
    .argument(...TASK)
    .action(async (id: Hex, options: SignerOptions) =>
      finish(await end(id, options, (client) => client.refund({ task: id }))),
    )
}

async function show(task: Hex, options: ChainOptions): Promise<ExitCode> {
  const found = await readTask(await connect(options), task)
  await printReport(options.json, taskJson(found), taskRows(found))
  return EXIT.OK
}

async function watch(task: Hex, options: WatchOptions): Promise<ExitCode> {
  if (options.output !== undefined) checkWritable(options.output)
  return printResult(clientOf(await connect(options)), task, options)
}

/** Ends a task, and tells what its requester has in the vault then. */
async function end(
  task: Hex,
  options: SignerOptions,
  call: (client: SubstepClient) => Promise<Sent>,
): Promise<ExitCode> {
  const connection = await connectToSign(options)
  const client = clientOf(connection)
  const { hash, wait } = await call(client)
  const next = `substep task show ${task}`
  await untilMined({ what: `task ${task}`, hash, next }, wait)
  const info = await client.getTask({ task })
  await reportEnd(connection, client, info, hash, options.json)
  return EXIT.OK
}

async function reportEnd(
  { wallet }: SigningConnection,
  client: SubstepClient,
  { task, status, noShows, request: { requester } }: TaskInfo,
  hash: Hex,
  json: boolean | undefined,
): Promise<void> {
  const { ether } = await client.getAccount({ owner: requester })
  const isOwn = requester === wallet.account.address
  await printReport(json, { task, status, noShows, hash, requester, ether }, [
    ['task', task],
    ['status', status === 'open' ? `open again, after ${noShows} no-shows` : status],
    ['done', hash],
    ['vault', `${etherText(ether)} of ${isOwn ? 'yours' : requester}`],
    ...(isOwn ? [['next', 'substep stake withdraw --ether AMOUNT pays it out'] as const] : []),
  ])
}
