import type { Program } from './lower/program.ts'

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
