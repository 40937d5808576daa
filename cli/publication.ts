import type { Command } from 'commander'
import type { ExitCode } from './exit.ts'
import { addPublish } from './publish.ts'
import { addShowProgram } from './show-program.ts'

export function addProgram(program: Command, finish: (code: ExitCode) => void): void {
  const parent = program
    .command('program')
    .summary('programs on the chain')
    .description('Publishes programs and shows published ones.')
  addPublish(parent, finish)
  addShowProgram(parent, finish)
}
