import { PAGE_BITS, REGION } from '../../spec/index.ts'
import { bytesOf, equalBytes } from '../commit/bits.ts'
import { byteLeaves } from '../commit/byte-tree.ts'
import type { RegionTree } from '../commit/region-tree.ts'
import { StateTree } from '../commit/state-tree.ts'
import type { Program } from '../lower/program.ts'
import { BLOCK_BITS, type Bytes } from './bytes.ts'
import { CommittedStack } from './committed-stack.ts'
import { type Store, WINDOW_START } from './store.ts'
import { ENTRY_BLOCK_BITS, leafOf } from './tables.ts'

/** Number by number; zeros are there already. */
function fillNumbers(region: RegionTree, numbers: readonly bigint[]): void {
  for (const [i, value] of numbers.entries()) if (value !== 0n) region.setLeaf(i, bytesOf(value))
}

const LEAF_BYTES = 32
const ZEROS = new Uint8Array(2 ** BLOCK_BITS)

/** The tree of a program's start state, memory, stack and output left empty. */
export function startTree(program: Program, input: Uint8Array | undefined): StateTree {
  const tree = new StateTree()
  tree.region(REGION.CODE).setLeaves(0, program.code)
  tree.region(REGION.DATA).setLeaves(0, program.data)
  if (input !== undefined) tree.region(REGION.INPUT).setLeaves(0, byteLeaves(input))
  fillNumbers(tree.region(REGION.TABLES), program.tables)
  fillNumbers(tree.region(REGION.GLOBALS), program.globals)
  return tree
}

/** Keeps the tree of a running machine: takes in what changed since the last time, and no more. */
export class Commitment {
  readonly tree: StateTree
  /** As last committed. */
  readonly stack = new CommittedStack()
  /** Bytes of linear memory as last committed. */
  #memoryEnd = 0

  /** Without an input: the state of a program by itself. */
  constructor(program: Program, input?: Uint8Array) {
    this.tree = startTree(program, input)
  }

  /** Brings the tree up to the store's state. */
  update(store: Store): StateTree {
    this.#cutMemory(store.pages * 2 ** PAGE_BITS)
    this.#updateBytes(REGION.MEMORY, store.memory, { start: 0, size: store.pages * 2 ** PAGE_BITS })
    this.#updateBytes(REGION.MEMORY, store.window, { start: WINDOW_START, size: store.window.bytes.length })
    this.#updateBytes(REGION.OUTPUT, store.output, { start: 0, size: store.output.bytes.length })
    this.#updateStack(store)
    this.#updateGlobals(store)
    this.#updateTables(store)
    return this.tree
  }

  /** Memory only shrinks where a machine was brought back to an earlier state. */
  #cutMemory(end: number): void {
    const tree = this.tree.region(REGION.MEMORY)
    for (let at = end; at < this.#memoryEnd; at += ZEROS.length) tree.setLeaves(at / LEAF_BYTES, ZEROS)
    this.#memoryEnd = end
  }

  /** Every dirty block, for the tree to compare with what it has; the bytes begin at `start` in the region. */
  #updateBytes(region: number, { bytes, dirty }: Bytes, { start, size }: { start: number; size: number }): void {
    const tree = this.tree.region(region)
    for (let block = dirty.indexOf(1); block >= 0; block = dirty.indexOf(1, block + 1)) {
      dirty[block] = 0
      const [at, end] = [block * 2 ** BLOCK_BITS, Math.min(size, (block + 1) * 2 ** BLOCK_BITS)]
      if (at < end) tree.setLeaves((start + at) / 32, bytes.subarray(at, end))
    }
  }

  /** Live slots, and those that were live at the last commitment and must be zero now. */
  #updateStack({ slots, sp }: Store): void {
    const tree = this.tree.region(REGION.STACK)
    const leaf = new Uint8Array(LEAF_BYTES)
    const view = new DataView(leaf.buffer)
    for (let slot = 0; slot < Math.max(sp, this.stack.sp); slot++) {
      if (!this.stack.take(slot, slots, sp)) continue
      view.setInt32(LEAF_BYTES - 8, this.stack.high(slot))
      view.setInt32(LEAF_BYTES - 4, this.stack.low(slot))
      tree.setLeaf(slot, leaf)
    }
    this.stack.sp = sp
  }

  #updateGlobals({ globals }: Store): void {
    const tree = this.tree.region(REGION.GLOBALS)
    globals.forEach((value, i) => {
      const leaf = bytesOf(value)
      if (!equalBytes(leaf, tree.leaf(i))) tree.setLeaf(i, leaf)
    })
  }

  #updateTables({ tables }: Store): void {
    const { dirty, present } = tables
    const tree = this.tree.region(REGION.TABLES)
    for (let block = dirty.indexOf(1); block >= 0; block = dirty.indexOf(1, block + 1)) {
      dirty[block] = 0
      const end = Math.min(present.length, (block + 1) * 2 ** ENTRY_BLOCK_BITS)
      for (let entry = block * 2 ** ENTRY_BLOCK_BITS; entry < end; entry++) {
        const leaf = bytesOf(leafOf(tables, entry))
        if (!equalBytes(leaf, tree.leaf(entry))) tree.setLeaf(entry, leaf)
      }
    }
  }
}
