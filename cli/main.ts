import { runCommand } from './command.ts'
import { EXIT } from './exit.ts'

// Failed writes are told to whoever wrote; without a listener the event would end the process with a stack trace.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
process.exitCode = await runCommand(process.argv.slice(2))
// Whatever an interrupted command still waits for is not waited for any more.
if (process.exitCode === EXIT.INTERRUPTED) process.exit()
