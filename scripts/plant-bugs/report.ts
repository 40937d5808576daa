import { relative } from 'node:path'
import type { Evidence } from '../../test/planted/index.ts'

/** A test of vitest's JSON report. */
interface ReportedTest {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
  readonly failureMessages?: readonly string[]
}

/** What is read of vitest's JSON report. */
export interface Report {
  readonly success: boolean
  readonly testResults: readonly {
    /** Absolute path. */
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly ReportedTest[]
  }[]
}

/** A test by its file and its titles from the outermost `describe` on. */
export interface TestName {
  readonly file: string
  readonly title: string
}

interface Told {
  readonly test: TestName
  readonly passed: boolean
  readonly failed: boolean
  readonly messages: readonly string[]
}

const told = ({ testResults }: Report, root: string): Told[] =>
  testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status, failureMessages = [] }) => ({
      test: { file: relative(root, name), title: [...ancestorTitles, title].join(' > ') },
      passed: status === 'passed',
      failed: status === 'failed',
      messages: failureMessages,
    })),
  )

/** What an `expect` throws. A file that cannot be loaded, or code that throws in other ways, shows nothing. */
const FAILED_ASSERTION = /^AssertionError\b/

/** The first test in which an assertion failed. */
export const firstRed = (report: Report, root: string): TestName | undefined =>
  told(report, root).find(({ failed, messages }) => failed && messages.some((text) => FAILED_ASSERTION.test(text)))
    ?.test

/** Why a report is not red, in the words of the first error in it; undefined if everything passed. */
export const otherFailure = (report: Report): string | undefined =>
  report.testResults
    .flatMap(({ message, assertionResults }) => [
      ...assertionResults.flatMap(({ failureMessages = [] }) => failureMessages),
      message ?? '',
    ])
    .find((text) => text !== '')
    ?.split('\n', 1)[0]

/** Whether a test is one of those that `evidence` names. */
export const isNamed = ({ file, title }: TestName, evidence: Evidence): boolean =>
  file === evidence.file && title.includes(evidence.name ?? '')

/** What keeps a report from being a baseline: tests that fail, and evidence of which no test passed. */
export function baselineFaults(report: Report, root: string, evidence: readonly Evidence[]): string[] {
  const tests = told(report, root)
  const failed = tests.filter((test) => test.failed).map(({ test }) => `${test.file}: ${test.title} fails`)
  const missing = evidence
    .filter((one) => !tests.some(({ test, passed }) => passed && isNamed(test, one)))
    .map(({ file, name }) => `${file}: no test passes${name === undefined ? '' : ` whose titles contain '${name}'`}`)
  const other = report.success || failed.length > 0 ? undefined : otherFailure(report)
  return [...(other === undefined ? [] : [other]), ...failed, ...missing]
}
