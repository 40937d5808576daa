import { boundedInterpreter, FEW_SLOTS } from './interpreter.ts'
import { type Options, readOptions, UsageError } from './options.ts'
import { runPool } from './pool.ts'
import { JudgedProgress } from './progress.ts'
import { type FileReport, fileLines, nativeTotal, reporter, skippedFile, summary, totalLine } from './report.ts'
import { Results } from './results.ts'
import { chosenFiles, outOfScope, SuiteMissing, suiteFiles, UnknownSuiteFile } from './suite.ts'

/** The command; its exit code. `prepareStepper` sees to it that the contracts are compiled. */
export async function main(args: readonly string[], prepareStepper: () => Promise<void>): Promise<number> {
  try {
    const options = readOptions(args)
    if (options.engine === 'stepper') await prepareStepper()
    return await run(options)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SuiteMissing || error instanceof UnknownSuiteFile))
      throw error
    console.error(error.message)
    return 2
  }
}

async function run(options: Options): Promise<number> {
  const { engine, suite, json } = options
  const names = chosenFiles(suiteFiles(suite), options.files)
  const files: FileReport[] = []
  const show = (report: FileReport) => {
    files.push(report)
    for (const line of fileLines(report)) console.log(line)
  }
  for (const name of names) {
    const reason = outOfScope(name)
    if (reason !== null) show(skippedFile(suite, name, reason))
  }
  await runInScope(
    options,
    names.filter((name) => outOfScope(name) === null),
    show,
  )
  const report = summary(engine, files)
  console.log(totalLine(report))
  for (const line of nativeTotal(report)) console.log(line)
  if (json) console.log(JSON.stringify(report))
  return report.failed === 0 ? 0 : 1
}

async function runInScope(options: Options, names: readonly string[], show: (report: FileReport) => void) {
  const { engine, suite, jobs } = options
  const results = options.results === null ? null : new Results(options.results, engine, suite)
  const known = names.map((name) => results?.passed(name)).filter((report) => report !== undefined)
  for (const report of known) show(report)
  const left = names.filter((name) => known.every((report) => report.name !== name))
  const done = (report: FileReport) => {
    results?.keep(report)
    show(report)
  }
  if (engine !== 'stepper') return runPool(engine, suite, left, jobs, { done, progress: () => {} })
  const progress = new JudgedProgress(await countSteps(suite, left))
  try {
    await runPool(engine, suite, progress.heaviestFirst, jobs, {
      done: (report) => {
        progress.done(report)
        done(report)
      },
      progress: (name, steps) => progress.progress(name, steps),
    })
  } finally {
    progress.stop()
  }
}

/** Steps of each file, by the fast run under the stepper's limit. */
async function countSteps(suite: string, names: readonly string[]): Promise<Map<string, number>> {
  const counting = reporter(boundedInterpreter(FEW_SLOTS))
  const steps = new Map<string, number>()
  for (const name of names) steps.set(name, (await counting.report(suite, name)).steps ?? 0)
  return steps
}
