// Runs the benchmarks. See --help.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { circumstancesNow } from '../bench/frame/circumstances.ts'
import { NoFigures, readFigures, reportedIn, withFigure, writeFigures } from '../bench/frame/figures.ts'
import { optionsOf, USAGE, UsageError } from '../bench/frame/options.ts'
import { FIGURES_VARIABLE } from '../bench/measure.ts'

const SUFFIX = '.bench.ts'
const EXIT = { OK: 0, FAILED: 1, USAGE: 64 } as const

const benchmarks = (): string[] =>
  readdirSync('bench')
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))

/** Whether it ran well. Its figures are put into the file, if any, at once: the next one may take long. */
function run(name: string, json: string | undefined, folder: string): boolean {
  console.log(`\n${name}`)
  const figures = join(folder, name)
  const circumstances = circumstancesNow()
  const env = json === undefined ? process.env : { ...process.env, [FIGURES_VARIABLE]: figures }
  const { status } = spawnSync(process.execPath, [`bench/${name}${SUFFIX}`], { stdio: 'inherit', env })
  if (status !== 0) return false
  if (json !== undefined && existsSync(figures)) {
    const reported = [
      ...reportedIn(readFileSync(figures, 'utf8')),
      { key: `circumstances.${name}`, value: circumstances },
    ]
    writeFigures(
      json,
      reported.reduce((all, { key, value }) => withFigure(all, key, value), readFigures(json)),
    )
  }
  return true
}

function main(args: readonly string[]): number {
  const options = optionsOf(args, benchmarks())
  if (options === undefined) {
    console.log(USAGE)
    return EXIT.OK
  }
  const { json, names } = options
  if (json !== undefined) writeFigures(json, readFigures(json))
  const folder = mkdtempSync(join(tmpdir(), 'figures-'))
  try {
    const failed = names.filter((name) => !run(name, json, folder))
    if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`)
    return failed.length === 0 ? EXIT.OK : EXIT.FAILED
  } finally {
    rmSync(folder, { recursive: true })
  }
}

try {
  process.exitCode = main(process.argv.slice(2))
} catch (error) {
  const isUsage = error instanceof UsageError
  const told = isUsage || error instanceof NoFigures || (error as NodeJS.ErrnoException).code !== undefined
  if (!told) throw error
  console.error(isUsage ? `${error.message}\n\n${USAGE}` : (error as Error).message)
  process.exitCode = isUsage ? EXIT.USAGE : EXIT.FAILED
}
