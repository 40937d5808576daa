import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type FileReport, fileLines, type Reporter, reporter, summary, totalLine } from './report.ts'
import { chosenFiles, SUITE, SuiteMissing, suiteFiles, UnknownSuiteFile } from './suite.ts'
import { v8Engine } from './v8.ts'

const ENGINES: Readonly<Record<string, () => Promise<Reporter>>> = {
  v8: async () => reporter(v8Engine),
}

const USAGE = `usage: npm run conformance -- --engine ${Object.keys(ENGINES).join('|')} [--suite DIR] [--file NAME] [--json]`

interface Options {
  readonly engine: string
  readonly suite: string
  /** None means all. */
  readonly files: readonly string[]
  readonly json: boolean
}

/** A command line that means nothing. */
class UsageError extends Error {
  override readonly name = 'UsageError'
  constructor(reason: string) {
    super(`${reason}\n${USAGE}`)
  }
}

function readOptions(args: readonly string[]): Options {
  const { engine = '', suite = SUITE, file = [], json = false } = parsed(args)
  if (!Object.hasOwn(ENGINES, engine)) {
    throw new UsageError(engine === '' ? 'which engine?' : `there is no engine '${engine}'`)
  }
  return { engine, suite: resolve(suite), files: file.flatMap((names) => names.split(',')), json }
}

function parsed(args: readonly string[]) {
  const options = {
    engine: { type: 'string' },
    suite: { type: 'string' },
    file: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function run({ engine: name, suite, files: wanted, json }: Options): Promise<number> {
  const names = chosenFiles(suiteFiles(suite), wanted)
  const engine = await (ENGINES[name] as () => Promise<Reporter>)()
  const files: FileReport[] = []
  try {
    for (const file of names) {
      files.push(await engine.report(suite, file))
      for (const line of fileLines(files.at(-1) as FileReport)) console.log(line)
    }
  } finally {
    await engine.close()
  }
  const report = summary(name, files)
  console.log(totalLine(report))
  if (json) console.log(JSON.stringify(report))
  return report.failed === 0 ? 0 : 1
}

/** The command; its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(readOptions(args))
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SuiteMissing || error instanceof UnknownSuiteFile))
      throw error
    console.error(error.message)
    return 2
  }
}
