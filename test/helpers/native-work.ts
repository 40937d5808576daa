import type { NativeMachine } from '../../interpreter/index.ts'
import { TRAP_NAMES } from '../../spec/index.ts'

type Counts = Readonly<Record<string, number>>

/** How the native tier ran what it was given. */
export interface NativeWork {
  readonly runs: number
  /** Steps that the engine's code took. */
  readonly nativeSteps: number
  /** Those that were left to the interpreter: before the first safe point, behind the last, and those before a trap. */
  readonly interpretedSteps: number
  /** States that were captured when runs were repeated in pieces. */
  readonly captures: number
  /** Times that the engine's code went on in the middle of a function. */
  readonly resumes: number
  /** Runs that ended in a trap, by its name. */
  readonly traps: Counts
  /** Runs that the interpreter had to take over, by reason. */
  readonly fallbacks: Counts
}

export const NO_NATIVE_WORK: NativeWork = {
  ...{ runs: 0, nativeSteps: 0, interpretedSteps: 0, captures: 0, resumes: 0 },
  ...{ traps: {}, fallbacks: {} },
}

const counting = (key: string | null | undefined): Counts => (key ? { [key]: 1 } : {})

/** What a machine did that stands at the end of its run. */
export function workOf(native: NativeMachine): Partial<NativeWork> {
  const { fallback, nativeSteps, interpretedSteps } = native.report
  const traps = counting(TRAP_NAMES[native.outcome().trap ?? 0])
  return { runs: 1, nativeSteps, interpretedSteps, traps, fallbacks: counting(fallback) }
}

const sumOf = (one: Counts, other: Counts = {}): Counts => {
  const sum: Record<string, number> = { ...one }
  for (const [key, count] of Object.entries(other)) sum[key] = (sum[key] ?? 0) + count
  return sum
}

export const addNativeWork = (work: NativeWork, more: Partial<NativeWork>): NativeWork => ({
  runs: work.runs + (more.runs ?? 0),
  nativeSteps: work.nativeSteps + (more.nativeSteps ?? 0),
  interpretedSteps: work.interpretedSteps + (more.interpretedSteps ?? 0),
  captures: work.captures + (more.captures ?? 0),
  resumes: work.resumes + (more.resumes ?? 0),
  traps: sumOf(work.traps, more.traps),
  fallbacks: sumOf(work.fallbacks, more.fallbacks),
})

const number = (count: number): string => count.toLocaleString('en')

const listed = (counts: Counts): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${number(count)}`)
    .join(', ') || 'none'

/** What is printed of it. */
export const nativeLines = (work: NativeWork): string[] => [
  `${number(work.runs)} native runs: ${number(work.nativeSteps)} steps native, ${number(work.interpretedSteps)} interpreted`,
  `in pieces: ${number(work.captures)} captures, ${number(work.resumes)} resumes`,
  `traps: ${listed(work.traps)}`,
  `left to the interpreter: ${listed(work.fallbacks)}`,
]
