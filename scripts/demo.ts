// Plays two tasks from the question to the last payment, and checks everything about them. See --help.
import { compileContracts, compiledCode } from './demo/contracts.ts'
import { EXIT, exitOnStreamError } from './demo/exit.ts'
import { type Options, readOptions, USAGE, UsageError } from './demo/options.ts'
import { playDemo } from './demo/play.ts'
import { failureReport, type Report, reportText } from './demo/report.ts'
import { assertWritable, ResultUnwritable, writeResult } from './demo/result-file.ts'
import { painter } from './demo/text.ts'

const PATIENCE_MS = 60_000

const say = (line: string): void => void process.stderr.write(`${line}\n`)

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args)
  if (options === undefined) return EXIT.USAGE
  if (options.help) {
    console.log(USAGE)
    return EXIT.OK
  }
  try {
    return await performInto(options)
  } catch (error) {
    if (!(error instanceof ResultUnwritable)) throw error
    say(error.message)
    return EXIT.UNWRITABLE
  }
}

/** A file that cannot be written is no reason to play. */
async function performInto({ json, keep }: Options): Promise<number> {
  if (json !== undefined) assertWritable(json)
  const write = (report: Report) => {
    if (json !== undefined) writeResult(json, reportText(report))
  }
  const report = await perform(keep ? (kept) => untilInterrupted(() => write(kept)) : undefined)
  write(report)
  return report.ok ? EXIT.OK : EXIT.FAILED
}

function optionsOf(args: readonly string[]): Options | undefined {
  try {
    return readOptions(args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    say(`${error.message}\n\n${USAGE}`)
    return undefined
  }
}

async function perform(keepUntil: ((report: Report) => Promise<void>) | undefined): Promise<Report> {
  try {
    await compileContracts(say)
  } catch (error) {
    const reason = `contracts: ${error instanceof Error ? error.message : String(error)}`
    say(`FAILED ${reason}`)
    return failureReport(reason, 0)
  }
  const paint = painter(process.stdout.isTTY === true, process.env.NO_COLOR)
  const print = (line = '') => console.log(line)
  const stage = { print, paint, loadCode: compiledCode, patienceMs: PATIENCE_MS }
  return playDemo(keepUntil === undefined ? stage : { ...stage, keepUntil })
}

/** By way of `exit`, which takes the players along. */
let interrupt = (): void => process.exit(EXIT.INTERRUPTED)

/** Does one thing, then waits as long as the user likes. */
async function untilInterrupted(first: () => void): Promise<void> {
  first()
  await new Promise<void>((resolve) => {
    interrupt = resolve
  })
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupt())
for (const stream of [process.stdout, process.stderr]) exitOnStreamError(stream)
process.exitCode = await main(process.argv.slice(2))
