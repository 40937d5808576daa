import { EXIT, type ExitCode } from './exit.ts'
import { explain } from './explain.ts'
import { substep } from './program.ts'

/** Runs one command line; never throws. */
export async function runCommand(args: readonly string[]): Promise<ExitCode> {
  let result: ExitCode = EXIT.OK
  const program = substep((code) => {
    result = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return result
  } catch (error) {
    const { code, what, next } = explain(error)
    if (what !== '') process.stderr.write(`substep: ${what}\n`)
    if (next !== '') process.stderr.write(`next: ${next}\n`)
    return code
  }
}
