import { runDaemon } from '../daemon/index.ts'
import { idleVerifier, verify } from './strategy.ts'

process.exitCode = await runDaemon({ role: 'verifier', strategy: verify, idle: idleVerifier }, process.argv.slice(2))
