import type { Signature } from '../../spec/index.ts'
import type { LoweredCode } from '../lower/program.ts'
import type { Budget } from './budget.ts'
import type { Operand } from './label.ts'
import type { Layout } from './layout.ts'
import type { Listing } from './listing.ts'

/** Where a run may be stopped and gone on from: by its pc the state of the machine is known. */
export interface Site {
  readonly func: number
  readonly kind: 'entry' | 'loop' | 'call'
  /** Index of the loop or call among the instructions. */
  readonly at: number
  readonly operands: readonly Operand[]
}

/** What recompiled functions share. */
export interface Environment {
  readonly listing: Listing
  readonly layout: Layout
  /** Of all functions of the module that is written. */
  readonly budget: Budget
  readonly sources: readonly LoweredCode[]
  /** Index of a function in the module that is written. */
  readonly functionIndex: (func: number) => number
  /** Notes how many operands lie below a block. */
  readonly opened: (func: number, at: number, below: number) => void
  readonly below: (func: number, at: number) => number
  /** Index of the function at whose entry a pc stands. */
  readonly entries: ReadonlyMap<number, number>
  /** Types that differ in the program do so in the engine: its calls trap where the machine finds another type. */
  readonly engineKnowsTypes: boolean
  /** Index of a function's type in the module that is written. */
  readonly typeIndex: (signature: Signature) => number
  /** Notes a safe point by its pc. */
  readonly site: (pc: number, site: Site) => void
  /**
   * By what the next constant of the counter is off, for each of them steps and then slots: 0 but for tests that plant
   * mistakes.
   */
  readonly mistake: () => number
}
