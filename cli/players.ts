import type { Command } from 'commander'
import { type Role, runDaemon } from '../daemon/index.ts'
import { solver } from '../solver/index.ts'
import { verifier } from '../verifier/index.ts'
import { EXIT, type ExitCode } from './exit.ts'

/** A daemon reads its own flags, and says what they are. */
export function addPlayers(program: Command, finish: (code: ExitCode) => void): void {
  const add = (name: string, role: Role, summary: string) =>
    program
      .command(name)
      .summary(summary)
      .usage('[options], see --help')
      .argument('[options...]')
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .action(async (flags: readonly string[]) => finish(exitCodeOf(await runDaemon(role, flags))))
  add('solve', solver, 'be a solver: take tasks, answer them, stand by the answers')
  add('verify', verifier, 'be a verifier: check answers, dispute false ones')
}

/** Daemons have exit codes of their own: 1 = failed, 2 = wrong usage. */
function exitCodeOf(code: number): ExitCode {
  if (code === EXIT.OK) return EXIT.OK
  return code === 2 ? EXIT.USAGE : EXIT.UNAVAILABLE
}
