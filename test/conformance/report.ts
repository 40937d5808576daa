import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addNativeWork, type NativeWork, NO_NATIVE_WORK, nativeLines } from '../helpers/native-work.ts'
import type { Engine } from './engine.ts'
import { type Failure, runScript } from './run-script.ts'
import { countAssertions } from './suite.ts'

/** What came of one file of the suite. */
export interface FileReport {
  readonly name: string
  /** Assertions. */
  readonly passed: number
  /** Assertions, and commands that prepare them. */
  readonly failed: number
  readonly skipped: number
  /** Why something failed or was skipped, with its line in the file. */
  readonly reasons: readonly string[]
  readonly steps?: number
  readonly substeps?: number
  readonly native?: NativeWork
  readonly seconds: number
}

/** Sums over all files. */
export interface Report {
  readonly engine: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly files: readonly FileReport[]
}

const reasonText = ({ line, reason }: Failure): string => `line ${line}: ${reason}`

/** Runs files of the suite through an engine. */
export interface Reporter {
  report(suite: string, name: string): Promise<FileReport>
  close(): Promise<void>
}

export const reporter = <I>(engine: Engine<I>): Reporter => ({
  report: (suite, name) => reportFile(engine, suite, name),
  close: () => engine.close(),
})

const readSuiteFile = (suite: string, name: string): Uint8Array => readFileSync(join(suite, `${name}.wast`))

/** A file that is not run, all of whose assertions are skipped. */
export function skippedFile(suite: string, name: string, reason: string): FileReport {
  const skipped = countAssertions(readSuiteFile(suite, name))
  return { name, passed: 0, failed: 0, skipped, reasons: [reason], seconds: 0 }
}

/** Runs a file; one that cannot be run fails. */
async function reportFile<I>(engine: Engine<I>, suite: string, name: string): Promise<FileReport> {
  const start = performance.now()
  const seconds = () => Math.round(performance.now() - start) / 1000
  const file = readSuiteFile(suite, name)
  try {
    const { passed, failures, work } = await runScript(engine, file)
    const reasons = failures.map(reasonText)
    return { name, passed, failed: failures.length, skipped: 0, reasons, ...work, seconds: seconds() }
  } catch (error) {
    return { name, passed: 0, failed: 1, skipped: 0, reasons: [`not run: ${String(error)}`], seconds: seconds() }
  }
}

const sum = (files: readonly FileReport[], count: 'passed' | 'failed' | 'skipped' | 'steps' | 'substeps'): number =>
  files.reduce((total, file) => total + (file[count] ?? 0), 0)

export const summary = (engine: string, files: readonly FileReport[]): Report => ({
  engine,
  passed: sum(files, 'passed'),
  failed: sum(files, 'failed'),
  skipped: sum(files, 'skipped'),
  files: files.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
})

/** One counted thing, such as `1,234 steps`. */
const counted = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}`

function workText({ steps, substeps }: Pick<FileReport, 'steps' | 'substeps'>): string {
  if (steps === undefined) return ''
  const judged = substeps === undefined ? '' : `, ${counted(substeps, 'substeps judged')}`
  return `, ${counted(steps, 'steps')}${judged}`
}

/** Failures that are shown of one file. */
const SHOWN_FAILURES = 10

/** What is printed of a file. */
export function fileLines({ name, passed, failed, skipped, reasons, seconds, ...work }: FileReport): string[] {
  if (failed === 0 && reasons.length > 0) return [`skip ${name}: ${counted(skipped, 'skipped')}, ${reasons.join()}`]
  const counts = `${counted(passed, 'passed')}, ${counted(failed, 'failed')}`
  const head = `${failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${counts}${workText(work)} (${seconds.toFixed(1)} s)`
  const more = reasons.length - SHOWN_FAILURES
  const shown = reasons.slice(0, SHOWN_FAILURES).map((reason) => `     ${reason}`)
  return [head, ...shown, ...(more > 0 ? [`     and ${counted(more, 'more')}`] : [])]
}

/** What the native tier did in all files, if it ran. */
export function nativeTotal({ files }: Report): string[] {
  const works = files.map(({ native }) => native).filter((work) => work !== undefined)
  return works.length === 0 ? [] : nativeLines(works.reduce(addNativeWork, NO_NATIVE_WORK))
}

/** What is printed at the end. */
export function totalLine({ engine, passed, failed, skipped, files }: Report): string {
  const counts = [counted(passed, 'passed'), counted(failed, 'failed'), counted(skipped, 'skipped')].join(', ')
  const done = (count: 'steps' | 'substeps') => files.some((file) => file[count] !== undefined)
  const steps = done('steps') ? { steps: sum(files, 'steps') } : {}
  const substeps = done('substeps') ? { substeps: sum(files, 'substeps') } : {}
  return `${engine}: ${counted(files.length, 'files')}: ${counts}${workText({ ...steps, ...substeps })}`
}
