import { parseArgs } from 'node:util'

export interface Options {
  readonly help: boolean
  /** File that the result is written to. */
  readonly json: string | undefined
}

export const USAGE = `Usage: npm run demo [-- --json FILE]
Plays one dispute about a computation: a chain in this process, two players as processes of their
own, one of them with a broken machine.

  --json FILE  write the result to FILE as JSON
  --help

In the JSON, output is the hash read backwards, as block explorers show it (0000050c...);
outputBytes is what the program wrote, as npx substep run prints it (001e67b0...).

Exit codes:
    0  everything was as it should be
    1  something was not; the last line says what
   64  wrong usage
   74  FILE or the output cannot be written
  130  interrupted
  141  the reader of the output went away`

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  try {
    const options = { json: { type: 'string' }, help: { type: 'boolean', default: false } } as const
    const { values } = parseArgs({ args: [...args], options })
    return { help: values.help, json: values.json }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
