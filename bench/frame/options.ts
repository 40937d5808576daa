import { parseArgs } from 'node:util'

export const USAGE = `Usage: npm run bench [-- [--json FILE] [NAME ...]]
Runs the benchmarks, one process each: all of bench/*.bench.ts, or those whose names contain one of the words.

  --json FILE  put all figures into FILE, and what they depend on; what is there of other benchmarks stays
  --help`

export interface Options {
  readonly json: string | undefined
  readonly names: readonly string[]
}

/** The command line cannot be followed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * What the command line asks for, of the benchmarks that there are; undefined if help.
 * @throws UsageError
 */
export function optionsOf(args: readonly string[], all: readonly string[]): Options | undefined {
  const { values, positionals } = parse(args)
  if (values.help) return undefined
  if (values.json === '') throw new UsageError('--json wants the name of a file')
  const unknown = positionals.find((word) => !all.some((name) => name.includes(word)))
  if (unknown !== undefined) throw new UsageError(`no benchmark is called ${unknown}; there are: ${all.join(', ')}`)
  const wanted = (name: string) => positionals.length === 0 || positionals.some((word) => name.includes(word))
  return { json: values.json, names: all.filter(wanted) }
}

function parse(args: readonly string[]) {
  try {
    const options = { json: { type: 'string' }, help: { type: 'boolean', default: false } } as const
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
