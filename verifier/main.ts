import { runDaemon } from '../daemon/index.ts'
import { verify } from './strategy.ts'

process.exitCode = await runDaemon({ role: 'verifier', strategy: verify }, process.argv.slice(2))
