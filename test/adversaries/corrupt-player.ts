// A solver whose machine has one bit of memory flipped, as a process: the solver's flags, and
//   --flip-step K --flip-address A --flip-bit B [--flip-substep S]
import { runDaemon } from '../../daemon/index.ts'
import { solver } from '../../solver/index.ts'
import { FLIP_SUBSTEP, type Flip } from './flipped-trace.ts'

const FLIP_FLAG = /^--flip-(step|substep|address|bit)$/

/** Takes the flip out of the arguments. */
function takeFlip(args: readonly string[]): { flip: Flip; rest: string[] } {
  const rest = [...args]
  const flip = { step: Number.NaN, substep: FLIP_SUBSTEP as number, address: Number.NaN, bit: Number.NaN }
  for (let at = rest.findIndex(isFlip); at >= 0; at = rest.findIndex(isFlip)) {
    const [flag = '', value] = rest.splice(at, 2)
    flip[flag.replace('--flip-', '') as keyof Flip] = Number(value)
  }
  for (const [name, value] of Object.entries(flip)) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`--flip-${name} must be a whole number`)
  }
  return { flip, rest }
}

const isFlip = (arg: string): boolean => FLIP_FLAG.test(arg)

const { flip, rest } = takeFlip(process.argv.slice(2))
const worker = { file: new URL('./corrupt-worker.ts', import.meta.url), data: flip }
process.exitCode = await runDaemon({ ...solver, worker }, rest)
