// Runs the benchmarks, one process each: all of bench/*.bench.ts, or those whose names contain one of the arguments.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const SUFFIX = '.bench.ts'

function main(wanted: readonly string[]): number {
  const all = readdirSync('bench').filter((file) => file.endsWith(SUFFIX))
  const chosen = all.filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  if (chosen.length === 0) {
    console.error(`no benchmark matches; there are: ${all.map((file) => file.slice(0, -SUFFIX.length)).join(', ')}`)
    return 1
  }
  const failed = chosen.filter(
    (file) => spawnSync(process.execPath, [`bench/${file}`], { stdio: 'inherit' }).status !== 0,
  )
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

process.exitCode = main(process.argv.slice(2))
