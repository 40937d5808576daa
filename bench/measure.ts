import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)] as number
}

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

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
