import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ENGINE_NAMES, type EngineName, isEngineName } from './engines.ts'
import { SUITE } from './suite.ts'

export interface Options {
  readonly engine: EngineName
  readonly suite: string
  /** Names of files; none means all. */
  readonly files: readonly string[]
  /** The last line is the report as JSON. */
  readonly json: boolean
  /** Processes that share the files. */
  readonly jobs: number
  /** Where results are kept, and files found that need not run again. */
  readonly results: string | null
}

const USAGE = `usage: npm run conformance -- --engine ${ENGINE_NAMES.join('|')}
  [--suite DIR]     the official suite; else wasm-suite-2.0 in SUBSTEP_TEST_DATA or test/data
  [--file NAME]     only this file, or these with commas between; may be repeated
  [--json]          the last line is one object with all that was found
  [--jobs N]        processes at work; by default as many as there are cores, and one for the fast engines
  [--results FILE]  keep what each file gave, and do not run those again that passed`

/** A command line that means nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  constructor(reason: string) {
    super(`${reason}\n${USAGE}`)
  }
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const { engine = '', suite = SUITE, file = [], json = false, jobs, results = null } = parsed(args)
  if (!isEngineName(engine)) throw new UsageError(engine === '' ? 'which engine?' : `there is no engine '${engine}'`)
  const processes = Number(jobs ?? (engine === 'stepper' ? availableParallelism() : 1))
  if (!Number.isInteger(processes) || processes < 1) throw new UsageError(`'${jobs}' is no number of processes`)
  const files = file.flatMap((names) => names.split(',')).filter((name) => name !== '')
  return { engine, suite: resolve(suite), files, json, jobs: processes, results }
}

function parsed(args: readonly string[]) {
  const options = {
    engine: { type: 'string' },
    suite: { type: 'string' },
    file: { type: 'string', multiple: true },
    json: { type: 'boolean' },
    jobs: { type: 'string' },
    results: { type: 'string' },
  } as const
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
