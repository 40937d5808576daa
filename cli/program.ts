import { createRequire } from 'node:module'
import { Command } from 'commander'
import { addDeploy } from './deploy.ts'
import { type ExitCode, exitCodesHelp } from './exit.ts'
import { addHash } from './hash.ts'
import { addPlayers } from './players.ts'
import { addProgram } from './publication.ts'
import { addReplay } from './replay.ts'
import { addRequest } from './request.ts'
import { addRun } from './run.ts'
import { addStake } from './stake.ts'
import { addTask } from './task.ts'
import { addTrace } from './trace.ts'

interface Manifest {
  readonly version: string
}

/** The command with all its subcommands; `finish` gets the exit code of the one that ran. Throws instead of exiting. */
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
  addDeploy(program, finish)
  addStake(program, finish)
  addProgram(program, finish)
  addRequest(program, finish)
  addTask(program, finish)
  addPlayers(program, finish)
  addReplay(program, finish)
  return program
}
