import { parseArgs } from 'node:util'

export interface Options {
  readonly help: boolean
  /** File that the result is written to. */
  readonly json: string | undefined
  /** Whether the chain stays up after the acts. */
  readonly keep: boolean
}

export const USAGE = `Usage: npm run demo [-- [--json FILE] [--keep]]
Plays two tasks on a chain in this process, with a solver and a verifier as processes of their own.
In the first the solver is honest; in the second its machine is broken, and the verifier disputes.

  --json FILE  write the result to FILE as JSON
  --keep       leave the chain up at the end, until Ctrl-C, and say what can be tried on it
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
    const isSet = { type: 'boolean', default: false } as const
    const options = { json: { type: 'string' }, keep: isSet, help: isSet } as const
    const { values } = parseArgs({ args: [...args], options })
    return { help: values.help, json: values.json, keep: values.keep }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
