// Evidence that takes longer than `npm test` may: `totality` on 100,000 random states, or ten thousand random `arenas` in a
// market, call by call as the model says, or `mistakes` in each constant of recompiled code. `npm test` takes the first
// of each. A second argument names another number; SUBSTEP_SEED chooses others.
import { spawnSync } from 'node:child_process'

const RUNS: Readonly<Record<string, { readonly test: string; readonly variable: string; readonly count: string }>> = {
  totality: { test: 'test/differential/totality.test.ts', variable: 'SUBSTEP_STATES', count: '100000' },
  arenas: { test: 'test/contracts/game/random-arenas.test.ts', variable: 'SUBSTEP_ARENAS', count: '10000' },
  mistakes: { test: 'test/interpreter/native/mistakes.test.ts', variable: 'SUBSTEP_MISTAKES', count: 'all' },
}

const [name = '', count] = process.argv.slice(2)
const run = RUNS[name]
if (run === undefined) {
  console.error(`no evidence is called '${name}'; there is ${Object.keys(RUNS).join(', ')}`)
  process.exitCode = 2
} else {
  const env = { ...process.env, [run.variable]: count ?? run.count }
  process.exitCode = spawnSync('vitest', ['run', run.test], { stdio: 'inherit', env }).status ?? 1
}
