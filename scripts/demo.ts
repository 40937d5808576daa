// Plays one dispute from the question to the last bond, and checks everything about it. See --help.
import { writeFileSync } from 'node:fs'
import { compileContracts, compiledCode } from './demo/contracts.ts'
import { type Options, readOptions, USAGE, UsageError } from './demo/options.ts'
import { playDemo } from './demo/play.ts'
import { failureReport, type Report, reportText } from './demo/report.ts'
import { painter } from './demo/text.ts'

const EXIT = { OK: 0, FAILED: 1, USAGE: 64, INTERRUPTED: 130 } as const
const PATIENCE_MS = 60_000

const say = (line: string): void => void process.stderr.write(`${line}\n`)

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args)
  if (options === undefined) return EXIT.USAGE
  if (options.help) {
    console.log(USAGE)
    return EXIT.OK
  }
  const report = await perform()
  if (options.json !== undefined) writeFileSync(options.json, reportText(report))
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
process.exitCode = await main(process.argv.slice(2))
