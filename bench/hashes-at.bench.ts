// How long does it take to name the exact states at 1,000 steps anywhere in a task of 2^32, and at one more?
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wasmOf } from '../test/helpers/wat.ts'
import type { Asked } from './hashes-at/process.ts'
import { circumstances, median, report } from './measure.ts'

const STEPS = 2 ** 32
const QUESTIONS = 1000
/** The hard case: more of them would take minutes. */
const HARD_QUESTIONS = 100
const SINGLE = 21

const folder = join(import.meta.dirname, 'hashes-at')

/** The nineteenth of twenty by size. */
const percentile95 = (values: readonly number[]): number =>
  [...values].sort((x, y) => x - y)[Math.ceil(0.95 * values.length) - 1]!

/** Asks for states of a task in a process of its own. */
function ask(task: string, questions: number): Asked {
  const at = mkdtempSync(join(tmpdir(), 'hashes-at-'))
  try {
    const module = join(at, `${task}.wasm`)
    writeFileSync(module, wasmOf(readFileSync(join(folder, `${task}.wat`), 'utf8')))
    const args = [join(folder, 'process.ts'), module, ...[STEPS, questions, SINGLE].map(String)]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Asked
  } finally {
    rmSync(at, { recursive: true })
  }
}

function show(task: string, asked: number, { run, questions, single, processor, peakBytes, report: how }: Asked): void {
  const times = [run, questions, run + questions, processor, median(single), percentile95(single)]
  const columns = [
    String(asked),
    ...times.map((time) => time.toFixed(2)),
    (peakBytes / 1e6).toFixed(0),
    String(how.checkpoints),
  ]
  console.log(`${task.padEnd(10)}${columns.map((column) => column.padStart(12)).join('')}`)
  if (how.fallback !== null) console.log(`  the interpreter ran it: ${how.fallback}`)
}

console.log(circumstances())
console.log(`state hashes at random steps of tasks of 2^32 steps that write to all of 64 MiB, seconds,`)
console.log(`and at ${SINGLE} more, one by one; one process each, peak memory of all of it in MB`)
const heads = [
  'questions',
  'first run',
  'answers',
  'both',
  'processor',
  'one, median',
  'one, p95',
  'peak',
  'checkpoints',
]
console.log(`${'task'.padEnd(10)}${heads.map((head) => head.padStart(12)).join('')}`)

const stream = ask('stream', QUESTIONS)
show('stream', QUESTIONS, stream)
report('hashesAt.seconds', stream.run + stream.questions)
report('hashesAt.processorSeconds', stream.processor)
report('hashesAt.peakBytes', stream.peakBytes)
report('hashesAt.oneMedianSeconds', median(stream.single))
report('hashesAt.oneP95Seconds', percentile95(stream.single))

const scatter = ask('scatter', HARD_QUESTIONS)
show('scatter', HARD_QUESTIONS, scatter)
report('hashesAt.scatter.questions', HARD_QUESTIONS)
report('hashesAt.scatter.seconds', scatter.run + scatter.questions)
report('hashesAt.scatter.peakBytes', scatter.peakBytes)
report('hashesAt.scatter.oneMedianSeconds', median(scatter.single))
report('hashesAt.scatter.oneP95Seconds', percentile95(scatter.single))
