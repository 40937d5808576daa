import type { Evidence } from '../../test/planted/index.ts'
import { baselineFaults } from './report.ts'
import { literally, type Place, runTests } from './trial.ts'

/** Runs all tests that are named as evidence on the code as it is; says what keeps them from being evidence. */
export async function baseline(place: Place, evidence: readonly Evidence[], jobs: number): Promise<string[]> {
  const whole = new Set(evidence.filter(({ name }) => name === undefined).map(({ file }) => file))
  const parts = Map.groupBy(
    evidence.filter(({ file }) => !whole.has(file)),
    ({ file }) => file,
  )
  const workers = `--maxWorkers=${jobs}`
  const faults: string[] = []
  const look = async (options: readonly string[], files: readonly string[]) => {
    const report = await runTests(place, options, files)
    const wanted = evidence.filter(({ file }) => files.includes(file))
    faults.push(...('code' in report ? [report.output.trim()] : baselineFaults(report, place.folder, wanted)))
  }
  if (whole.size > 0) await look([workers], [...whole])
  for (const [file, own] of parts) {
    const names = new Set(own.map(({ name = '' }) => literally(name)))
    await look([workers, '--testNamePattern', [...names].join('|')], [file])
  }
  return faults
}
