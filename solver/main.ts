import { runDaemon } from '../daemon/index.ts'
import { solve } from './strategy.ts'

process.exitCode = await runDaemon({ role: 'solver', strategy: solve }, process.argv.slice(2))
