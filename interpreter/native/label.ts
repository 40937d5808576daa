import type { NativeType } from './encoding.ts'
import type { Place, Segment } from './flow.ts'
import type { Marked } from './marking.ts'

/** An operand as the emitter knows it. */
export interface Operand {
  readonly type: NativeType
  /** It may be a NaN that is not canonical. */
  readonly raw: boolean
  /** The local whose value it is as long as that is not set again, or -1. */
  readonly local: number
  /** How often that was set before. */
  readonly version: number
}

/** The operand lies in its temporary, and nothing more is known of it. */
export const plain = (type: NativeType): Operand => ({ type, raw: false, local: -1, version: 0 })

/** A block that is open. Values that branches carry and operands below lie in temporaries. */
export interface Label {
  readonly kind: 'function' | 'block' | 'loop'
  /** No block of the source: no branch names it. */
  readonly hidden: boolean
  /** Operands below what a branch carries. */
  readonly below: readonly Operand[]
  readonly carried: readonly NativeType[]
  readonly results: readonly NativeType[]
  /** The innermost loop of the engine around it. */
  readonly outerLoop: Label | null
  /** Blocks of the engine that are open inside it, itself included. */
  readonly depth: number
  /** Where branches to it lead. */
  readonly target: Segment
  /** Control gets there. */
  reached: boolean
  /** Guess of how often. */
  inflow: number
  /** Loops of the engine that are open outside it. */
  readonly loops: number
  /** Set for an `if` whose second arm is to come or missing. */
  arm: 'none' | 'first' | 'only' | 'resumed'
  /** From where control gets past the first arm, and how often. */
  readonly skip: (Place & { readonly frequency: number }) | null
  /** The loop of which this is what is left of an iteration, or -1. */
  readonly loop: number
  /** Index of the instruction that opens it. */
  readonly at: number
  /** What of the memory was marked where it was opened. */
  readonly marked: readonly Marked[]
  /** What is marked before the loop that it is, because it is stored to in it. */
  readonly before: Pick<Marked, 'local' | 'displacement'>[]
}

/** What is captured at a safe point, by the types of operands; safe points of one shape share their code. */
export interface Shape {
  /** Operands of the frame if it has called. */
  readonly below: readonly NativeType[]
  /** Operands that lie above them if it has not. */
  readonly above: readonly NativeType[]
}
