import { REGS } from '../../spec/index.ts'
import { field, withField } from '../commit/bits.ts'

/** The registers of a machine as plain values. */
export interface Registers {
  /** Steps done, mod 2^64. */
  readonly steps: bigint
  readonly pc: number
  readonly sp: number
  readonly pages: number
  readonly status: number
  /** Exit code when halted, trap code when trapped. */
  readonly exit: number
}

export const packRegisters = (registers: Registers): bigint =>
  (Object.keys(REGS) as (keyof Registers)[]).reduce(
    (regs, name) => withField(regs, REGS[name], BigInt(registers[name])),
    0n,
  )

export const unpackRegisters = (regs: bigint): Registers => ({
  steps: field(regs, REGS.steps),
  pc: Number(field(regs, REGS.pc)),
  sp: Number(field(regs, REGS.sp)),
  pages: Number(field(regs, REGS.pages)),
  status: Number(field(regs, REGS.status)),
  exit: Number(field(regs, REGS.exit)),
})
