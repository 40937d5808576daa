// A player that lies about the second half of every task: liar.ts solver|verifier, then the flags of a daemon.
import { runDaemon } from '../../daemon/index.ts'
import { solver } from '../../solver/index.ts'
import { verifier } from '../../verifier/index.ts'

/** Where its states begin to be made up: at no cut of a bisection. */
const SHARE = 0.5123

const [name, ...flags] = process.argv.slice(2)
const role = name === 'solver' ? solver : verifier
const worker = { file: new URL('./liar-worker.ts', import.meta.url), data: SHARE }
process.exitCode = await runDaemon({ ...role, worker }, flags)
