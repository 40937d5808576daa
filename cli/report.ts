import { createHash } from 'node:crypto'
import {
  byteTreeRoot,
  type NativeMachine,
  type Outcome,
  programHeader,
  type Tier,
  toHex,
} from '../interpreter/index.ts'
import { TRAP_NAMES } from '../spec/index.ts'
import { type Abort, abortOf } from './abort.ts'
import { callerOf } from './caller.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { Loaded } from './load.ts'
import { type Place, placeOf } from './place.ts'

/** What `run --json` prints. */
export interface RunReport {
  readonly outcome: Outcome['outcome']
  /** Of a halted task, else null. */
  readonly exitCode: number | null
  /** Of a trapped task, else null. */
  readonly trap: string | null
  readonly trapCode: number | null
  /** Where a task stands that did not halt, else null. */
  readonly at: Place | null
  /** Where the task called a function of the task ABI that trapped, else null. */
  readonly caller: Place | null
  /** What the task library kept of a failed assertion, else null. */
  readonly abort: Abort | null
  readonly steps: number
  readonly seconds: number
  /** `native` if the engine ran any of it. */
  readonly tier: Tier
  /** Why the interpreter ran what the engine should have, else null. */
  readonly fallback: string | null
  readonly memoryPages: number
  readonly stateHash: string
  readonly programId: string
  readonly inputRoot: string
  readonly outputBytes: number
  readonly outputSha256: string
}

/** Everything known of a run that ended or was stopped by its limit. */
export function reportOf(
  { program, input }: Loaded,
  machine: NativeMachine,
  output: Uint8Array,
  seconds: number,
): RunReport {
  const { outcome, exitCode, trap } = machine.outcome()
  const { pc, pages } = machine.registers
  const { fallback, nativeSteps } = machine.report
  return {
    outcome,
    exitCode,
    trap: trap === null ? null : trapName(trap),
    trapCode: trap,
    at: outcome === 'halted' ? null : placeOf(program, pc),
    caller: callerOf(program, machine),
    abort: abortOf(machine),
    steps: machine.steps,
    seconds: Number(seconds.toFixed(6)),
    tier: nativeSteps > 0 ? 'native' : 'interpreter',
    fallback,
    memoryPages: pages,
    stateHash: machine.stateHash(),
    programId: programHeader(program).programId,
    inputRoot: toHex(byteTreeRoot(input)),
    outputBytes: output.length,
    outputSha256: createHash('sha256').update(output).digest('hex'),
  }
}

export const trapName = (code: number): string => TRAP_NAMES[code] ?? `trap ${code}`

/** The exit code of the command for how its task ended. */
export function exitCodeOf({ outcome, exitCode }: Pick<Outcome, 'outcome' | 'exitCode'>): ExitCode {
  if (outcome === 'outOfSteps') return EXIT.OUT_OF_STEPS
  return exitCode === 0 ? EXIT.OK : EXIT.TASK_FAILED
}
