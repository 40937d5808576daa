import { runDaemon } from '../daemon/index.ts'
import { idleSolver, solve } from './strategy.ts'

process.exitCode = await runDaemon({ role: 'solver', strategy: solve, idle: idleSolver }, process.argv.slice(2))
