import type { Core } from '../commit/state-hash.ts'
import { packRegisters, type Registers } from './registers.ts'

/** The core of a state at an instruction boundary. */
export const boundaryCore = (registers: Registers): Core => ({
  regs: packRegisters(registers),
  misc: 0n,
  word: 0n,
  a: 0n,
  b: 0n,
  c: 0n,
  r: 0n,
})
