import { runCommand } from './command.ts'

// Failed writes are told to whoever wrote; without a listener the event would end the process with a stack trace.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
process.exitCode = await runCommand(process.argv.slice(2))
