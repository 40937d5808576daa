import { runDaemon } from '../daemon/index.ts'
import { verifier } from './strategy.ts'

process.exitCode = await runDaemon(verifier, process.argv.slice(2))
