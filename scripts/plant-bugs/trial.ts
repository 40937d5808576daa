import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence, PlantedBug } from '../../test/planted/index.ts'
import { copyCopy, NotOnePlace, plant } from './copy.ts'
import { type Ended, run } from './processes.ts'
import { firstRed, otherFailure, type Report, type TestName } from './report.ts'

/** The contracts that tests of the machine deploy, and those whose errors their helpers know. */
const CONTRACTS = [
  ...['machine/Stepper', 'mocks/StepperBatch', 'mocks/FloatBatch', 'mocks/CommitHarness', 'mocks/TestToken'],
  ...['Games', 'ProgramRegistry', 'StakeVault', 'Stepper', 'TaskMarket'].map((name) => `interfaces/I${name}`),
].map((name) => `contracts/${name}.sol`)
const RUNTIME_SOURCES = 'interpreter/host/assembly/'

const SECOND = 1000
const COMPILE_LIMIT = 900 * SECOND
const TEST_LIMIT = 240 * SECOND

/** How it went with one bug: the test that went red, or why none did. */
export type Trial = { readonly bug: PlantedBug; readonly seconds: number } & (
  | { readonly caughtBy: TestName }
  | { readonly survived: string }
)

/** A copy of the checkout. */
export interface Place {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

/** Compiles the contracts of the machine. */
export const compile = ({ folder, env }: Place): Promise<Ended> =>
  run('hardhat', ['build', '--quiet', ...CONTRACTS], { cwd: folder, env, timeLimit: COMPILE_LIMIT })

/** What vitest reports, or what it printed if it reported nothing. */
export async function runTests(place: Place, options: readonly string[], files: readonly string[]) {
  const { folder, env } = place
  const reportFile = join(folder, 'cache', 'planted-report.json')
  mkdirSync(join(folder, 'cache'), { recursive: true })
  rmSync(reportFile, { force: true })
  // Without caches: they would lie in the packages that all copies share.
  const fixed = ['run', '--cache=false', '--fsModuleCache=false', '--reporter=json', `--outputFile.json=${reportFile}`]
  const ended = await run('vitest', [...fixed, ...options, ...files], { cwd: folder, env, timeLimit: TEST_LIMIT })
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as Report
  } catch {
    return ended
  }
}

/** A literal text as a pattern. */
export const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Plants a bug into a copy of `base` and runs its tests until one goes red. */
export async function trial(base: Place, bug: PlantedBug, folder: string): Promise<Trial> {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / SECOND
  copyCopy(base.folder, folder)
  const place = { ...base, folder }
  try {
    const broken = await build(place, bug)
    if (broken !== undefined) return { bug, survived: broken, seconds: seconds() }
    let survived = 'its tests pass'
    for (const evidence of bug.tests) {
      const found = await lookFor(place, evidence)
      if (typeof found !== 'string') return { bug, caughtBy: found, seconds: seconds() }
      survived = found
    }
    return { bug, survived, seconds: seconds() }
  } catch (error) {
    if (error instanceof NotOnePlace) return { bug, survived: error.message, seconds: seconds() }
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Plants the bug and compiles what it is in; says what went wrong, if anything did. */
async function build(place: Place, { edits }: PlantedBug): Promise<string | undefined> {
  const { folder, env } = place
  plant(folder, edits)
  if (edits.some(({ file }) => file.endsWith('.sol'))) {
    const { code, output } = await compile(place)
    if (code !== 0) return `it does not compile:\n${output.trim()}`
  }
  if (edits.some(({ file }) => file.startsWith(RUNTIME_SOURCES))) {
    const started = { cwd: folder, env, timeLimit: COMPILE_LIMIT }
    const { code, output } = await run(process.execPath, ['scripts/build-tasks.ts'], started)
    if (code !== 0) return `it does not compile:\n${output.trim()}`
  }
  return undefined
}

/** The test that goes red, or why there is none. */
async function lookFor(place: Place, { file, name }: Evidence): Promise<TestName | string> {
  const pattern = name === undefined ? [] : ['--testNamePattern', literally(name)]
  const report = await runTests(place, ['--maxWorkers=1', '--bail=1', ...pattern], [file])
  if ('code' in report) return `vitest left no report:\n${report.output.trim()}`
  return firstRed(report, place.folder) ?? otherFailure(report) ?? 'its tests pass'
}
