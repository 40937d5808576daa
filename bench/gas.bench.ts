// What does a judged substep cost, and what a dispute? Writes bench/gas.json, which tests compare.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GasSnapshot, gasSnapshot } from './gas/snapshot.ts'
import { report } from './measure.ts'

/** The goals: dispute design, at most. */
const GOALS: readonly (readonly [name: string, of: (gas: GasSnapshot) => number, most: number])[] = [
  ['judged substep, dense, dearest', ({ judged }) => judged.dense.max, 80_000],
  ['judged substep, dense, median', ({ judged }) => judged.dense.median, 70_000],
  ['judged substep, sparse, median', ({ judged }) => judged.sparse.median, 60_000],
  ['move, arity 2', ({ move }) => move.arity2 as number, 40_000],
  ['move, arity 16', ({ move }) => move.arity16 as number, 58_000],
  ['moves and proof over 2^32 steps', ({ dispute }) => dispute.steps2e32, 600_000],
  ['task without dispute', ({ taskWithoutDispute }) => taskWithoutDispute, 350_000],
  ['full dispute over 2^32 steps', ({ fullDispute }) => fullDispute, 750_000],
]

const snapshot = await gasSnapshot()
const file = join(import.meta.dirname, 'gas.json')
writeFileSync(file, `${JSON.stringify(snapshot, null, 2)}\n`)
for (const [name, of, most] of GOALS) {
  const gas = of(snapshot)
  const verdict = gas <= most ? 'reached' : `missed by ${gas - most}`
  console.log(`${name.padEnd(32)}${String(gas).padStart(8)}  goal ${String(most).padStart(7)}  ${verdict}`)
}
console.table(snapshot.parts)
console.table(snapshot.task)
console.table(snapshot.ends)
console.table(snapshot.entryPoints)
console.table(snapshot.deployedBytes)
report('gas.judgedMost', snapshot.judged.dense.max)
report('gas.move', { arity2: snapshot.move.arity2!, arity16: snapshot.move.arity16! })
report('gas.taskWithoutDispute', snapshot.taskWithoutDispute)
report('gas.fullDispute', snapshot.fullDispute)
console.log(`wrote ${file}`)
