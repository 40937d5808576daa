import { existsSync, globSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readExpressions } from './wast/expression.ts'

const DATA = resolve(process.env.SUBSTEP_TEST_DATA ?? join(import.meta.dirname, '..', 'data'))

/** Where the official suite is looked for. */
export const SUITE = join(DATA, 'wasm-suite-2.0')

/** Whether the official suite is there; tests that need it are skipped without it, and say so. */
export const suiteIsThere = existsSync(SUITE)

export const suiteMissing = (folder = SUITE): string =>
  `the official suite is not in ${folder}; set SUBSTEP_TEST_DATA or run npm run test:data`

/** The suite is not where it was looked for. */
export class SuiteMissing extends Error {
  override readonly name = 'SuiteMissing'
  readonly folder: string
  constructor(folder: string) {
    super(suiteMissing(folder))
    this.folder = folder
  }
}

/** A file that was asked for is not in the suite. */
export class UnknownSuiteFile extends Error {
  override readonly name = 'UnknownSuiteFile'
  readonly file: string
  constructor(file: string, near: readonly string[]) {
    super(`the suite has no file '${file}'; the nearest: ${near.join(', ')}`)
    this.file = file
  }
}

/** Folders whose files use what is not supported, with the reason. */
const OUT_OF_SCOPE: readonly (readonly [folder: string, reason: string])[] = [['simd/', 'SIMD is not supported']]

/** Why a file of the suite is not run, or null if it is. */
export const outOfScope = (name: string): string | null =>
  OUT_OF_SCOPE.find(([folder]) => name.startsWith(folder))?.[1] ?? null

/**
 * Names of the suite's files, without their ending, in order.
 * @throws SuiteMissing
 */
export function suiteFiles(folder: string): string[] {
  const files = globSync('**/*.wast', { cwd: folder }).map((file) =>
    file.replaceAll('\\', '/').slice(0, -'.wast'.length),
  )
  if (files.length === 0) throw new SuiteMissing(folder)
  return files.sort()
}

/**
 * Those files that were asked for, each with or without its ending; all of them if none was.
 * @throws UnknownSuiteFile
 */
export function chosenFiles(files: readonly string[], wanted: readonly string[]): readonly string[] {
  const names = wanted.map((file) => file.replace(/\.wast$/, ''))
  const unknown = names.find((name) => !files.includes(name))
  if (unknown !== undefined) throw new UnknownSuiteFile(unknown, near(files, unknown))
  return names.length === 0 ? files : files.filter((file) => names.includes(file))
}

function sharedPrefix(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return length
}

/** Files that begin most alike; all of them where none does. */
function near(files: readonly string[], unknown: string): string[] {
  const most = Math.max(...files.map((file) => sharedPrefix(file, unknown)))
  return files.filter((file) => sharedPrefix(file, unknown) === most)
}

/** How many assertions a script makes, without looking into them. */
export const countAssertions = (file: Uint8Array): number =>
  readExpressions(file).filter((expression) => {
    const head = expression.kind === 'list' ? expression.items[0] : undefined
    return head?.kind === 'atom' && head.text.startsWith('assert_')
  }).length
