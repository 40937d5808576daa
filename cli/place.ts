import type { Program } from '../interpreter/index.ts'
import { visibleLine } from './text.ts'

/** Where a machine stands in terms of WebAssembly. */
export interface Place {
  readonly pc: number
  /** `task`, or the runtime module that was linked to it; null in the start stub. */
  readonly module: string | null
  readonly function: string | null
  /** Byte offset in that module; null for what the lowering added. */
  readonly offset: number | null
  readonly instruction: string
}

/** The place of the word at `pc`, or null behind the program. */
export function placeOf(program: Program, pc: number): Place | null {
  const origin = program.origins[pc]
  if (origin === undefined) return null
  const lowered = program.functions[origin.func]
  return {
    pc,
    module: lowered?.module ?? null,
    function: lowered?.name ?? null,
    offset: origin.offset < 0 ? null : origin.offset,
    instruction: origin.instruction,
  }
}

/** `i32.div_u in function average of task, offset 0x4a, pc 17`. */
export function placeText({ pc, module, function: name, offset, instruction }: Place): string {
  const where = name === null ? 'the start stub' : `function ${visibleLine(name)} of ${module}`
  const at = offset === null ? [] : [`offset 0x${offset.toString(16)}`]
  return [`${instruction} in ${where}`, ...at, `pc ${pc}`].join(', ')
}
