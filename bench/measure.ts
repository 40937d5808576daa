import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { cpus } from 'node:os'

export { geometricMean, median } from './statistics.ts'

/** Seconds that `act` takes. */
export const seconds = (act: () => void): number => {
  const start = performance.now()
  act()
  return (performance.now() - start) / 1000
}

/** Seconds of the processor that `act` takes on this thread: others may use the machine, too. */
export function processorSeconds(act: () => void): number {
  const start = process.threadCpuUsage()
  act()
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1e6
}

/** What a figure depends on: processor, Node, commit. */
export const circumstances = (): string => {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  return `${cpus()[0]?.model.trim()}, Node ${process.version}, commit ${commit}`
}

/** The environment variable by which the frame names a file for a benchmark's figures, a JSON value on each line. */
export const FIGURES_VARIABLE = 'BENCH_FIGURES'

export type Figure = number | string | null | { readonly [name: string]: Figure }

/** Tells the frame a figure; its key is a path with dots, such as `native.worstOverRaw`. By itself, does nothing. */
export function report(key: string, value: Figure): void {
  const file = process.env[FIGURES_VARIABLE]
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ key, value })}\n`)
}
