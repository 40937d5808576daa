import { BaseError, type Hex } from 'viem'
import {
  Aborted,
  type SubstepClient,
  type TaskEvent,
  type TaskResult,
  TaskWithoutResult,
  UnknownTask,
} from '../client/index.ts'
import { ProtocolError } from '../protocol/index.ts'
import { etherText } from './amounts.ts'
import { OutputOmitted, WaitFailed } from './chain/errors.ts'
import { jsonText } from './chain/report.ts'
import { Interrupted } from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { print, removeFile, writeFile } from './files.ts'
import { preview, table } from './text.ts'

interface WatchOptions {
  readonly json?: boolean
  readonly output?: string
}

type Watching = Pick<SubstepClient, 'watchTask' | 'waitForResult'>

/**
 * Tells the events of a task, one on each line, and its result at the end; with --json only the result.
 * @throws Interrupted with Ctrl-C; WaitFailed; OutputOmitted; TaskWithoutResult, UnknownTask
 */
export async function printResult(client: Watching, task: Hex, { json, output }: WatchOptions): Promise<ExitCode> {
  const controller = new AbortController()
  const interrupt = () => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    const waiting = { task, signal: controller.signal }
    if (!json) for await (const event of client.watchTask(waiting)) await print(process.stdout, `${eventText(event)}\n`)
    const result = await client.waitForResult(waiting)
    const isOmitted = output !== undefined && !keep(output, result.output)
    await print(process.stdout, `${json ? jsonText(reportOf(result)) : resultText(result)}\n`)
    if (isOmitted) throw new OutputOmitted(output)
    return exitCodeOf(result)
  } catch (error) {
    throw failureOf(task, error)
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** Writes the output; where there is none to write, no older file may be taken for it. */
function keep(path: string, output: Uint8Array | undefined): boolean {
  if (output === undefined) removeFile(path)
  else writeFile(path, output)
  return output !== undefined
}

function failureOf(task: Hex, error: unknown): unknown {
  if (error instanceof Aborted) return new Interrupted(`while task ${task} goes on`)
  if (error instanceof TaskWithoutResult || error instanceof UnknownTask) return error
  return error instanceof ProtocolError || error instanceof BaseError ? new WaitFailed(task, error) : error
}

const eventText = ({ blockNumber, eventName, args }: TaskEvent): string => {
  const shown = Object.entries(args).filter(([name]) => SHOWN.includes(name))
  return [
    `block ${blockNumber}`,
    eventName,
    ...shown.map(([name, value]) => `${name} ${ETHER.includes(name) ? etherText(BigInt(value)) : value}`),
  ].join('  ')
}

/** Those that are in wei. */
const ETHER = ['price', 'refund']

/** Arguments of events that are short and tell who and what. */
const SHOWN = [
  'solver',
  'owner',
  'value',
  'price',
  'noShows',
  'refund',
  'winner',
  'loser',
  'game',
  'by',
  'success',
  'uri',
]

function exitCodeOf({ outcome, exitCode }: TaskResult): ExitCode {
  if (outcome === 'outOfSteps') return EXIT.OUT_OF_STEPS
  return exitCode === 0 ? EXIT.OK : EXIT.TASK_FAILED
}

const reportOf = ({ output, head, ...result }: TaskResult) => ({
  ...result,
  output: output === undefined ? null : `0x${Buffer.from(output).toString('hex')}`,
  block: Number(head.number),
})

function resultText(result: TaskResult): string {
  const { output, outputRoot, value, solver, price } = result
  const shown = output === undefined ? `too large for the chain, root ${outputRoot}` : preview(output).text
  return table([
    ['outcome', outcomeText(result)],
    ['output', shown],
    ['state hash', value],
    ...(price === undefined ? [] : [['price', `${etherText(price)} to ${solver}`] as const]),
    ...(result.inputByReference ? [['warning', 'the input was never on the chain'] as const] : []),
  ])
}

function outcomeText({ outcome, exitCode, trap }: TaskResult): string {
  if (outcome === 'halted') return `halted, exit code ${exitCode}`
  return outcome === 'trapped' ? `trapped: ${trap.name}` : 'out of steps'
}
