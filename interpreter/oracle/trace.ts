import type { Hash, Node } from '../commit/hash.ts'
import type { Core } from '../commit/state-hash.ts'
import { stateHash } from '../commit/state-hash.ts'
import type { StateTree } from '../commit/state-tree.ts'
import type { Witness } from '../commit/witness.ts'

/** A final state as it is entered on chain: the two words whose hash it is; and what opens its result. */
export interface FinalState {
  readonly root: Node
  readonly regs: bigint
  readonly steps: number
  readonly stateHash: Hash
  /** In region order. */
  readonly regionRoots: readonly Node[]
  readonly output: Uint8Array
}

/** What of a machine is committed to. */
export interface Committed {
  readonly steps: number
  core(): Core
  tree(): StateTree
  output(): Uint8Array
}

/** The state in which a machine stands, as one to be entered. */
export function finalStateOf(machine: Committed): FinalState {
  const [core, tree] = [machine.core(), machine.tree()]
  const root = tree.root()
  return {
    root,
    regs: core.regs,
    steps: machine.steps,
    stateHash: stateHash(root, core),
    regionRoots: tree.regionRoots(),
    output: machine.output(),
  }
}

/**
 * What a player of a dispute asks of a computation. Steps may be asked for in any order; at and
 * after the last one the state is the final state.
 */
export interface Trace {
  readonly final: FinalState
  /** State hash after `step` steps. */
  hashAt(step: number): Hash
  /** The same of many steps, in the order in which they are asked for: one pass over the run. */
  hashesAt(steps: readonly number[]): Hash[]
  /** The thirteen hashes around the twelve substeps of the step that begins at `step`. */
  substepHashes(step: number): Hash[]
  /** What the judge needs for substep `substep` (0 to 11) of that step. */
  witnessAt(step: number, substep: number): Witness
}
