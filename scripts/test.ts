// The whole evidence in one command: contracts compiled, generated files compared, lint, types, the invariants that are
// tested in Solidity, then the tests.
// Arguments go to vitest and narrow the run to contracts and the tests they name.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Stage {
  readonly name: string
  /** Arguments of `npm run`. */
  readonly script: readonly string[]
}

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What is read of vitest's JSON report. */
interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

const CONTRACTS: Stage = { name: 'contracts', script: ['compile'] }
const CHECKS: readonly Stage[] = [
  { name: 'generated files', script: ['generate', '--', '--check'] },
  { name: 'lint', script: ['lint'] },
  { name: 'types', script: ['typecheck'] },
  { name: 'invariants', script: ['test:invariants'] },
]
const MEBIBYTE = 2 ** 20

function announce(passed: boolean, name: string, start: number): void {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

/** Silent when it passes; shows everything when it fails. */
function check(stage: Stage): boolean {
  const start = performance.now()
  const options = { encoding: 'utf8', maxBuffer: 64 * MEBIBYTE } as const
  const result = spawnSync('npm', ['run', '--silent', ...stage.script], options)
  const passed = result.status === 0
  announce(passed, stage.name, start)
  if (!passed) console.log([result.stdout, result.stderr, result.error?.message].filter(Boolean).join('\n'))
  return passed
}

/** A file that fails before its first test counts as one failure, and so does an error outside every test. */
function counts(report: Report): Counts {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length
  const failed = report.numFailedTests + broken
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests,
  }
}

function readReport(file: string): Counts {
  try {
    return counts(JSON.parse(readFileSync(file, 'utf8')) as Report)
  } catch (error) {
    console.log(`vitest left no report: ${error}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function runTests(args: readonly string[]): Counts {
  const start = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'substep-test-'))
  const file = join(folder, 'report.json')
  const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args]
  const { status } = spawnSync('vitest', vitest, { stdio: 'inherit' })
  const found = readReport(file)
  rmSync(folder, { recursive: true })
  const result = status !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found
  announce(result.failed === 0, 'tests', start)
  return result
}

function main(args: readonly string[]): number {
  if (args.length > 0)
    console.log(
      `narrowed to \`vitest run ${args.join(' ')}\`: lint, types, generated files and invariants are left out`,
    )
  const compiled = check(CONTRACTS)
  const failedChecks = (args.length > 0 ? [] : CHECKS).filter((stage) => !check(stage)).map((stage) => stage.name)
  if (!compiled) failedChecks.unshift(CONTRACTS.name)
  const tests = compiled ? runTests(args) : { passed: 0, failed: 0, skipped: 0 }
  if (failedChecks.length > 0) console.log(`failed besides the tests: ${failedChecks.join(', ')} (shown above)`)
  if (tests.skipped > 0) console.log(`${tests.skipped} skipped`)
  if (!compiled) console.log('the tests were not run, because the contracts do not compile')
  const failed = tests.failed + failedChecks.length
  console.log(`${tests.passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

process.exitCode = main(process.argv.slice(2))
