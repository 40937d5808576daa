/** Controls: byte 1 of the instruction word. Source: docs/machine.md, "Instruction word". */

export const CONTROL = {
  TRAP: 0,
  NEXT: 1,
  JUMP: 2,
  JUMPZ: 3,
  JUMPNZ: 4,
  TABLE: 5,
  CALL: 6,
  CALLREF: 7,
  RETURN: 8,
  HALT: 9,
} as const

export interface ControlRow {
  readonly code: number
  readonly name: keyof typeof CONTROL
  /** How pc moves. */
  readonly effect: string
}

/** Every control of the machine; any other code traps as illegal. */
export const CONTROL_ROWS: readonly ControlRow[] = [
  { code: 0, name: 'TRAP', effect: 'trap immLo; 0 counts as illegal' },
  { code: 1, name: 'NEXT', effect: 'pc + 1' },
  { code: 2, name: 'JUMP', effect: 'immLo' },
  { code: 3, name: 'JUMPZ', effect: 'immLo if a mod 2^32 = 0, else pc + 1' },
  { code: 4, name: 'JUMPNZ', effect: 'immLo if a mod 2^32 != 0, else pc + 1' },
  { code: 5, name: 'TABLE', effect: 'pc + 1 + min(a, immLo)' },
  { code: 6, name: 'CALL', effect: 'immLo, result = pc + 1' },
  { code: 7, name: 'CALLREF', effect: 'low half of the loaded reference, result = pc + 1' },
  { code: 8, name: 'RETURN', effect: 'b mod 2^32' },
  { code: 9, name: 'HALT', effect: 'stops with exit code a mod 2^32' },
]
