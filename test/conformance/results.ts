import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileReport } from './report.ts'

/** A file's report and what it is evidence of. */
interface Kept {
  readonly subject: string
  readonly report: FileReport
}

const ROOT = join(import.meta.dirname, '..', '..')

/** All code that a result can depend on. */
const SOURCES = [
  'spec/*.ts',
  'interpreter/**/*.ts',
  'contracts/{machine,commit,generated,interfaces}/*.sol',
  'contracts/mocks/StepperBatch.sol',
  'test/conformance/**/*.{ts,wat}',
  'test/helpers/{chains,wat}.ts',
  'hardhat.config.ts',
  'package-lock.json',
]

/** Names the code as it is, and a file of the suite: a result counts for no other. */
function subjects(engine: string, suite: string): (name: string) => string {
  const code = createHash('sha256').update(engine)
  const files = globSync(SOURCES, { cwd: ROOT }).sort()
  for (const file of files) code.update(file).update(readFileSync(join(ROOT, file)))
  return (name) =>
    code
      .copy()
      .update(name)
      .update(readFileSync(join(suite, `${name}.wast`)))
      .digest('hex')
}

/** Results that outlive a run, one line of JSON for each file. */
export class Results {
  readonly #path: string
  readonly #subject: (name: string) => string
  readonly #kept: readonly Kept[]

  constructor(path: string, engine: string, suite: string) {
    this.#path = path
    this.#subject = subjects(engine, suite)
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
    this.#kept = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Kept)
  }

  /** The report of a file that passed, if the code is still the same. */
  passed(name: string): FileReport | undefined {
    const subject = this.#subject(name)
    return this.#kept.findLast((kept) => kept.subject === subject && kept.report.failed === 0)?.report
  }

  keep(report: FileReport): void {
    const kept: Kept = { subject: this.#subject(report.name), report }
    appendFileSync(this.#path, `${JSON.stringify(kept)}\n`)
  }
}
