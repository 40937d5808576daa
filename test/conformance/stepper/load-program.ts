import { bytesOf } from '../../../interpreter/commit/bits.ts'
import type { Program } from '../../../interpreter/lower/program.ts'
import { REGION } from '../../../spec/index.ts'
import type { LiveTree } from './live-tree.ts'

const LEAF = 32

/** Bytes leaf by leaf, the last one padded with zeros. */
export function* leavesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += LEAF) {
    const leaf = new Uint8Array(LEAF)
    leaf.set(bytes.subarray(at, at + LEAF))
    yield leaf
  }
}

/** Fills a tree with the start state of a program, without an input. */
export function loadProgram(tree: LiveTree, program: Program): void {
  tree.clear()
  tree.fill(REGION.CODE, leavesOf(program.code))
  tree.fill(REGION.DATA, leavesOf(program.data))
  tree.fill(REGION.TABLES, program.tables.map(bytesOf))
  tree.fill(REGION.GLOBALS, program.globals.map(bytesOf))
  // Pieces are blocks of whole leaves.
  for (const { address, bytes } of program.memory) tree.fill(REGION.MEMORY, leavesOf(bytes), address / LEAF)
}
