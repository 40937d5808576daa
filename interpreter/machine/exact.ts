import { SUBSTEPS } from '../../spec/index.ts'
import type { Hash, Node } from '../commit/hash.ts'
import { EMPTY_TREE, type NodeSource, SparseTree, siblingsOf } from '../commit/sparse-tree.ts'
import { type Core, stateHash } from '../commit/state-hash.ts'
import type { Witness } from '../commit/witness.ts'
import { advance, touch } from './step.ts'

/**
 * A machine that goes substep by substep, exact for every state, hand-made ones included.
 * Slow: a substep that changes a leaf hashes a whole path. It never changes its base tree.
 */
export class ExactMachine {
  readonly tree: SparseTree
  #core: Core

  constructor(core: Core, base: NodeSource = EMPTY_TREE) {
    this.#core = core
    this.tree = new SparseTree(base)
  }

  get core(): Core {
    return this.#core
  }

  stateHash(): Hash {
    return stateHash(this.tree.root(), this.#core)
  }

  /** What the judge needs to execute the next substep. */
  witness(): Witness {
    const touched = touch(this.#core)
    if (touched === undefined) return { core: this.#core, leaf: this.tree.root(), siblings: [] }
    return { core: this.#core, leaf: this.tree.node(touched.g), siblings: siblingsOf(this.tree, touched.g) }
  }

  substep(): void {
    const touched = touch(this.#core)
    const leaf: Node = touched === undefined ? this.tree.root() : this.tree.node(touched.g)
    const after = advance(this.#core, leaf)
    this.#core = after.core
    if (touched?.how === 'write') this.tree.set(touched.g, after.leaf)
    if (touched?.how === 'cut') this.tree.cut(touched.g)
  }

  /** Twelve substeps from an instruction boundary. */
  step(): void {
    for (let n = 0; n < SUBSTEPS; n++) this.substep()
  }
}
