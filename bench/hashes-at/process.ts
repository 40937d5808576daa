// A process of its own, for its peak memory: node process.ts MODULE STEPS QUESTIONS SINGLE; prints what it measured as JSON.
import { readFileSync } from 'node:fs'
import { lowerTask, type OracleReport, StateOracle } from '../../interpreter/index.ts'
import { seconds } from '../measure.ts'

export interface Asked {
  /** Seconds of the first run, its start and end hashed, and of all questions at once. */
  readonly run: number
  readonly questions: number
  /** Seconds of the processor, of all threads, for both. */
  readonly processor: number
  /** Seconds of each of some questions, one after the other. */
  readonly single: readonly number[]
  readonly peakBytes: number
  readonly report: OracleReport
}

/** The next number of a sequence without a pattern, below 1. */
function createSequence(): () => number {
  let counter = 0
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

const [module = '', ...numbers] = process.argv.slice(2)
const [steps = 0, questions = 0, single = 0] = numbers.map(Number)
const next = createSequence()
const anyStep = () => Math.floor(next() * steps)
const program = lowerTask(readFileSync(module), { keepSources: true })

let oracle: StateOracle | undefined
const run = seconds(() => {
  oracle = new StateOracle(program, new Uint8Array(0), steps)
})
const asked = Array.from({ length: questions }, anyStep)
const all = seconds(() => oracle!.hashesAt(asked))
const { user, system } = process.cpuUsage()
const alone = Array.from({ length: single }, anyStep).map((step) => seconds(() => oracle!.hashAt(step)))
const result: Asked = {
  run,
  questions: all,
  processor: (user + system) / 1e6,
  single: alone,
  peakBytes: 1024 * process.resourceUsage().maxRSS,
  report: oracle!.report,
}
console.log(JSON.stringify(result))
