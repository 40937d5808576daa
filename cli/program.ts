import { createRequire } from 'node:module'
import { Command } from 'commander'
import { type ExitCode, exitCodesHelp } from './exit.ts'
import { addHash } from './hash.ts'
import { addRun } from './run.ts'
import { addTrace } from './trace.ts'

interface Manifest {
  readonly version: string
}

/** Commands of which the machine is all that they need. */
export const LOCAL_COMMANDS = ['run', 'hash', 'trace'] as const

/** The command with its local subcommands; `finish` gets the exit code of the one that ran. Throws instead of exiting. */
export function substep(finish: (code: ExitCode) => void): Command {
  const { version } = createRequire(import.meta.url)('substep/package.json') as Manifest
  const program = new Command('substep')
    .description('Runs WebAssembly tasks on a machine that a chain can judge step by step, and has them run by others.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'substep: ')) })
    .showHelpAfterError('next: --help shows what there is')
    .addHelpText('afterAll', exitCodesHelp())
  addRun(program, finish)
  addHash(program, finish)
  addTrace(program, finish)
  return program
}
