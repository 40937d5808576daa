// Plays one dispute from the question to the last bond, and checks everything about it. See --help.
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
    return await performInto(options.json)
  } catch (error) {
    if (!(error instanceof ResultUnwritable)) throw error
    say(error.message)
    return EXIT.UNWRITABLE
  }
}

/** A file that cannot be written is no reason to play. */
async function performInto(file: string | undefined): Promise<number> {
  if (file !== undefined) assertWritable(file)
  const report = await perform()
  if (file !== undefined) writeResult(file, reportText(report))
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

async function perform(): Promise<Report> {
  try {
    await compileContracts(say)
  } catch (error) {
    const reason = `contracts: ${error instanceof Error ? error.message : String(error)}`
    say(`FAILED ${reason}`)
    return failureReport(reason, 0)
  }
  const paint = painter(process.stdout.isTTY === true, process.env.NO_COLOR)
  return playDemo({ print: (line = '') => console.log(line), paint, loadCode: compiledCode, patienceMs: PATIENCE_MS })
}

/** By way of `exit`, which takes the players along. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(EXIT.INTERRUPTED))
}
for (const stream of [process.stdout, process.stderr]) exitOnStreamError(stream)
process.exitCode = await main(process.argv.slice(2))
