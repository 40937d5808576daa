import { decodeWord, type NativeMachine, type Program } from '../interpreter/index.ts'
import { CONTROL } from '../spec/index.ts'
import { type Place, placeOf } from './place.ts'

const WORD_BYTES = 32
const TASK = 'task'

/** Where the task called the runtime function that trapped; null if it trapped in its own code. */
export function callerOf(
  program: Program,
  machine: Pick<NativeMachine, 'outcome' | 'registers' | 'store'>,
): Place | null {
  if (machine.outcome().outcome !== 'trapped') return null
  const { pc, sp } = machine.registers
  const trapped = program.functions[program.origins[pc]?.func ?? -1]
  if (trapped === undefined || trapped.module === TASK) return null
  // Runtime functions trap with no operands left, so the frame ends with [return pc][locals].
  const locals = wordAt(program, trapped.entryPc).delta
  const call = Number(machine.store.slots64[sp - locals - 1] ?? 0n) - 1
  return isCallOf(program, call, trapped.entryPc) ? placeOf(program, call) : null
}

function isCallOf(program: Program, pc: number, entryPc: number): boolean {
  if (pc < 0 || pc >= program.origins.length) return false
  const { control, immLo } = wordAt(program, pc)
  return control === CONTROL.CALL && immLo === entryPc
}

const wordAt = ({ code }: Program, pc: number) => decodeWord(code.subarray(pc * WORD_BYTES, (pc + 1) * WORD_BYTES))
