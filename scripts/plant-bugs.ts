// Plants classic bugs of steppers and interpreters one at a time, each into a copy of the checkout of its own, and shows
// which test goes red for it. The checkout itself is not touched. See --help.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUGS, type PlantedBug } from '../test/planted/index.ts'
import { baseline } from './plant-bugs/baseline.ts'
import { copyCheckout } from './plant-bugs/copy.ts'
import { killAll } from './plant-bugs/processes.ts'
import { withTable } from './plant-bugs/table.ts'
import { compile, type Place, type Trial, trial } from './plant-bugs/trial.ts'

const ROOT = dirname(import.meta.dirname)
const DOCUMENT = join(ROOT, 'docs', 'planted-bugs.md')
const EXIT = { OK: 0, FAILED: 1, USAGE: 64 } as const
const MOST_JOBS = 2

const USAGE = `Usage: npm run plant-bugs [-- OPTIONS]
Plants one bug after another into copies of the checkout; fails unless a test goes red for each of them.

  --list       names the bugs and plants none
  --only ID    plants only this one; may be repeated
  --jobs N     so many at a time (${MOST_JOBS}, or one for each core)
  --json       prints the results as JSON
  --update     writes the table of docs/planted-bugs.md; not with --only
  --help`

const OPTIONS = {
  list: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] as string[] },
  jobs: { type: 'string', default: String(Math.min(MOST_JOBS, availableParallelism())) },
  json: { type: 'boolean', default: false },
  update: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

interface Order {
  readonly bugs: readonly PlantedBug[]
  readonly jobs: number
  readonly mode: 'plant' | 'list' | 'help'
  readonly json: boolean
  readonly update: boolean
}

/** The command line asks for what there is not. */
class BadUsage extends Error {
  override readonly name = 'BadUsage'
}

function parse(args: readonly string[]): Order {
  const { list, only, jobs, json, update, help } = parseArgs({ args: [...args], options: OPTIONS }).values
  const unknown = only.filter((id) => !BUGS.some((bug) => bug.id === id))
  if (unknown.length > 0) throw new BadUsage(`no bug is called ${unknown.join(', ')}; --list names them`)
  if (!/^[1-9]\d?$/.test(jobs)) throw new BadUsage(`'${jobs}' is no number of jobs from 1 to 99`)
  if (update && only.length > 0) throw new BadUsage('--update needs all bugs: not with --only')
  const bugs = only.length === 0 ? BUGS : BUGS.filter(({ id }) => only.includes(id))
  return { bugs, jobs: Number(jobs), mode: help ? 'help' : list ? 'list' : 'plant', json, update }
}

/** Progress goes to the standard error, so that --json leaves nothing but JSON on the standard output. */
const tell = (line: string): void => console.error(line)

const lineOf = (result: Trial): string => {
  const { bug, seconds } = result
  const end =
    'caughtBy' in result
      ? `red       ${bug.id}: ${result.caughtBy.file}: ${result.caughtBy.title}`
      : `SURVIVED  ${bug.id}: ${bug.what}\n  ${result.survived.replaceAll('\n', '\n  ')}`
  return `${end} (${seconds.toFixed(1)} s)`
}

/** Up to `jobs` at a time; results in the order of the bugs. */
async function plantAll(base: Place, folder: string, { bugs, jobs }: Order): Promise<Trial[]> {
  const results: Trial[] = []
  const waiting = [...bugs.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [i, bug] = next
      const result = await trial(base, bug, join(folder, bug.id))
      results[i] = result
      tell(lineOf(result))
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

/** The copy from which all others are made, with its contracts compiled and all tests green; else what is wrong. */
async function prepare(base: Place, { bugs, jobs }: Order): Promise<readonly string[]> {
  copyCheckout(ROOT, base.folder)
  const { code, output } = await compile(base)
  if (code !== 0) return [output.trim()]
  const evidence = bugs.flatMap(({ tests }) => tests)
  return baseline(base, evidence, jobs)
}

async function plantInto(folder: string, order: Order): Promise<number> {
  const start = performance.now()
  const seconds = () => ((performance.now() - start) / 1000).toFixed(0)
  // Without the test data that may be there or not: what is checked in must do.
  const { SUBSTEP_TEST_DATA: _, ...inherited } = process.env
  const base: Place = {
    folder: join(folder, 'unplanted'),
    env: { ...inherited, HARDHAT_DISABLE_TELEMETRY: 'true' },
  }
  const faults = await prepare(base, order)
  if (faults.length > 0) {
    tell(`the tests are not green without a bug:\n${faults.join('\n')}`)
    return EXIT.FAILED
  }
  tell(`green without a bug (${seconds()} s)`)
  const results = await plantAll(base, folder, order)
  const survivors = results.filter((result) => 'survived' in result)
  if (order.json)
    console.log(
      JSON.stringify(
        results.map(({ bug, ...rest }) => ({ id: bug.id, ...rest })),
        null,
        2,
      ),
    )
  if (order.update) writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, 'utf8'), results))
  tell(`${results.length} bugs planted, ${survivors.length} survived (${seconds()} s)`)
  for (const { bug } of survivors) tell(`  ${bug.id}`)
  return survivors.length === 0 ? EXIT.OK : EXIT.FAILED
}

async function main(args: readonly string[]): Promise<number> {
  const order = parse(args)
  if (order.mode === 'help') console.log(USAGE)
  if (order.mode === 'list') for (const { id, what } of order.bugs) console.log(`${id}: ${what}`)
  if (order.mode !== 'plant') return EXIT.OK
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'substep-bugs-'))
  const clear = () => rmSync(folder, { recursive: true, force: true })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, async () => {
      await killAll()
      clear()
      process.exit(EXIT.FAILED)
    })
  try {
    return await plantInto(folder, order)
  } finally {
    clear()
  }
}

const isUsage = (error: unknown): error is Error =>
  error instanceof BadUsage ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!isUsage(error)) throw error
  console.error(`${error.message}\n\n${USAGE}`)
  process.exitCode = EXIT.USAGE
}
