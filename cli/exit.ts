/** Exit codes. From 64 on they are those of BSD's sysexits.h; from 128 on, 128 plus the signal, as a shell counts. */
export const EXIT = {
  OK: 0,
  TASK_FAILED: 1,
  OUT_OF_STEPS: 2,
  NO_RESULT: 3,
  OUTPUT_OMITTED: 4,
  USAGE: 64,
  REFUSED: 65,
  UNREADABLE: 66,
  UNAVAILABLE: 69,
  INTERNAL: 70,
  NO_MEMORY: 71,
  UNWRITABLE: 74,
  NOT_NOW: 76,
  NOT_SET_UP: 78,
  INTERRUPTED: 130,
  PIPE_CLOSED: 141,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  OK: 'done; a task that was run or waited for halted with exit code 0',
  TASK_FAILED: 'the task trapped, or halted with another exit code',
  OUT_OF_STEPS: 'the task was still running after --max-steps',
  NO_RESULT: 'the task on the chain ended without a result',
  OUTPUT_OMITTED: 'the task on the chain has a result, but its output is not on the chain: --output wrote nothing',
  USAGE: 'wrong usage: unknown command or option, bad number',
  REFUSED: 'a module, input or other file is refused: malformed, unsupported, invalid, too large or forged',
  UNREADABLE: 'a file cannot be read',
  UNAVAILABLE: 'the node does not answer, or not as it should',
  INTERNAL: 'internal error: a bug in substep',
  NO_MEMORY: 'not enough memory on this computer',
  UNWRITABLE: 'the output cannot be written',
  NOT_NOW: 'the chain refuses: too early, too late, too little stake or ether, unknown task or program',
  NOT_SET_UP: 'no key, no deployment, another chain, or contracts that are not what the deployment says',
  INTERRUPTED: 'interrupted with Ctrl-C',
  PIPE_CLOSED: 'the reader of the output went away',
}

/** The table of exit codes, as --help shows it. */
export function exitCodesHelp(): string {
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[]
  const rows = names.map((name) => `  ${String(EXIT[name]).padStart(3)}  ${MEANINGS[name]}`)
  return ['', 'Exit codes:', ...rows].join('\n')
}
