import { EXIT, type ExitCode } from './exit.ts'
import { explain } from './explain.ts'
import { LOCAL_COMMANDS, substep } from './program.ts'

/** Runs one command line; never throws. */
export async function runCommand(args: readonly string[]): Promise<ExitCode> {
  let result: ExitCode = EXIT.OK
  const finish = (code: ExitCode) => {
    result = code
  }
  // What has to do with a chain takes longer to load than most runs take.
  const chain = LOCAL_COMMANDS.some((name) => name === args[0]) ? undefined : await import('./chain/commands.ts')
  const program = substep(finish)
  chain?.addChainCommands(program, finish)
  try {
    await program.parseAsync(args, { from: 'user' })
    return result
  } catch (error) {
    const { code, what, next } = explain(error, chain?.explainChain)
    if (what !== '') process.stderr.write(`substep: ${what}\n`)
    if (next !== '') process.stderr.write(`next: ${next}\n`)
    return code
  }
}
