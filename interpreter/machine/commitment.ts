import { PAGE_BITS, REGION } from '../../spec/index.ts'
import { bytesOf, equalBytes } from '../commit/bits.ts'
import { byteLeaves } from '../commit/byte-tree.ts'
import type { RegionTree } from '../commit/region-tree.ts'
import { StateTree } from '../commit/state-tree.ts'
import type { Program } from '../lower/program.ts'
import { BLOCK_BITS, type Bytes } from './bytes.ts'
import { CommittedNumbers, halvesOf } from './committed-numbers.ts'
import { type Store, WINDOW_START } from './store.ts'
import { ENTRY_BLOCK_BITS, leafOf } from './tables.ts'

/** Number by number; zeros are there already. */
function fillNumbers(region: RegionTree, numbers: readonly bigint[]): void {
  for (const [i, value] of numbers.entries()) if (value !== 0n) region.setLeaf(i, bytesOf(value))
}

const LEAF_BYTES = 32
const ZEROS = new Uint8Array(2 ** BLOCK_BITS)

/** The tree of a program's start state, memory, stack, globals and output left empty. */
function startTree(program: Program, input: Uint8Array | undefined): StateTree {
  const tree = new StateTree()
  tree.region(REGION.CODE).setLeaves(0, program.code)
  tree.region(REGION.DATA).setLeaves(0, program.data)
  if (input !== undefined) tree.region(REGION.INPUT).setLeaves(0, byteLeaves(input))
  fillNumbers(tree.region(REGION.TABLES), program.tables)
  return tree
}

/** Keeps the tree of a running machine: takes in what changed since the last time, and no more. */
export class Commitment {
  readonly tree: StateTree
  /** As last committed. */
  readonly stack = new CommittedNumbers()
  readonly globals = new CommittedNumbers()
  /** Bytes of linear memory as last committed. */
  #memoryEnd = 0

  /** Without an input: the state of a program by itself. */
  constructor(program: Program, input?: Uint8Array) {
    this.tree = startTree(program, input)
    this.#updateNumbers(REGION.GLOBALS, this.globals, BigUint64Array.from(program.globals))
  }

  /** Brings the tree up to the store's state. */
  update(store: Store): StateTree {
    this.#cutMemory(store.pages * 2 ** PAGE_BITS)
    this.#updateBytes(REGION.MEMORY, store.memory, { start: 0, size: store.pages * 2 ** PAGE_BITS })
    this.#updateBytes(REGION.MEMORY, store.window, { start: WINDOW_START, size: store.window.bytes.length })
    this.#updateBytes(REGION.OUTPUT, store.output, { start: 0, size: store.output.bytes.length })
    this.#updateNumbers(REGION.STACK, this.stack, store.slots64.subarray(0, store.sp))
    this.#updateNumbers(REGION.GLOBALS, this.globals, store.globals)
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

  /** Live numbers, and those that were live at the last commitment and must be zero now. */
  #updateNumbers(region: number, committed: CommittedNumbers, numbers: BigInt64Array | BigUint64Array): void {
    const tree = this.tree.region(region)
    committed.takeAll(halvesOf(numbers), numbers.length, (first, block) => tree.setNumbers(first, block))
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
