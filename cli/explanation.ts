import type { ExitCode } from './exit.ts'

/** How a failure is told: the exit code, what went wrong, what to do. Empty texts are not printed. */
export interface Explanation {
  readonly code: ExitCode
  readonly what: string
  readonly next: string
}
