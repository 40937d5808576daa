import { runDaemon } from '../daemon/index.ts'
import { solver } from './strategy.ts'

process.exitCode = await runDaemon(solver, process.argv.slice(2))
