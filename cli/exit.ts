/** Exit codes. From 64 on they are those of BSD's sysexits.h; from 128 on, 128 plus the signal, as a shell counts. */
export const EXIT = {
  OK: 0,
  TASK_FAILED: 1,
  OUT_OF_STEPS: 2,
  USAGE: 64,
  REFUSED: 65,
  UNREADABLE: 66,
  INTERNAL: 70,
  NO_MEMORY: 71,
  UNWRITABLE: 74,
  INTERRUPTED: 130,
  PIPE_CLOSED: 141,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  OK: 'done; a task that was run halted with exit code 0',
  TASK_FAILED: 'the task trapped, or halted with another exit code',
  OUT_OF_STEPS: 'the task was still running after --max-steps',
  USAGE: 'wrong usage: unknown command or option, bad number',
  REFUSED: 'the module or the input is refused: malformed, unsupported, invalid or too large',
  UNREADABLE: 'a file cannot be read',
  INTERNAL: 'internal error: a bug in substep',
  NO_MEMORY: 'not enough memory on this computer',
  UNWRITABLE: 'the output cannot be written',
  INTERRUPTED: 'interrupted with Ctrl-C',
  PIPE_CLOSED: 'the reader of the output went away',
}

/** The table of exit codes, as --help shows it. */
export function exitCodesHelp(): string {
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[]
  const rows = names.map((name) => `  ${String(EXIT[name]).padStart(3)}  ${MEANINGS[name]}`)
  return ['', 'Exit codes:', ...rows].join('\n')
}
