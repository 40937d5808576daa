import type { Hash, Node } from '../commit/hash.ts'
import { programIdOf } from '../commit/state-hash.ts'
import type { Program } from '../lower/program.ts'
import { Commitment } from './commitment.ts'
import { packRegisters } from './registers.ts'
import { createStore } from './store.ts'

/** What the chain knows of a program: its eight region roots and its start registers. */
export interface ProgramHeader {
  /** In region order; INPUT and OUTPUT are empty. */
  readonly regionRoots: readonly Node[]
  readonly regs: bigint
  readonly programId: Hash
}

/** Header of a lowered program, as it is published. */
export function programHeader(program: Program): ProgramHeader {
  const store = createStore(program, new Uint8Array(0))
  const roots = new Commitment(program).update(store).regionRoots()
  const regs = packRegisters({ steps: 0n, pc: 0, sp: 0, pages: program.pages, status: 0, exit: 0 })
  return { regionRoots: roots, regs, programId: programIdOf(roots, regs) }
}
