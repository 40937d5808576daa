import { concatHex, keccak256, zeroHash } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { SUBSTEPS } from '../spec/index.ts'

/**
 * How a range is cut, and the Merkle tree over the pairs of neighbours in a sequence.
 * Twin: contracts/game/Bisection.sol.
 */

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

/** Parent of two nodes. */
export const hashPair = (left: Hash, right: Hash): Hash => keccak256(concatHex([left, right]))

/** Steps in a segment, except perhaps the last one. */
export const gap = (len: bigint, arity: number): bigint => ceilDiv(len, BigInt(arity))

/** Segments of a sequence: those of a range of steps, or the substeps of one step. */
export const segments = (len: bigint, arity: number): number =>
  len === 1n ? SUBSTEPS : Number(ceilDiv(len, gap(len, arity)))

/** Where segment `segment` begins, counted from the start of the range, and its steps. */
export function cut(len: bigint, arity: number, segment: number): { from: bigint; steps: bigint } {
  const from = BigInt(segment) * gap(len, arity)
  const rest = len - from
  return { from, steps: rest < gap(len, arity) ? rest : gap(len, arity) }
}

/** Siblings in a path to one of `n` pairs: ceil(log2 n). */
export function pathLength(n: number): number {
  let length = 0
  while (2 ** length < n) length++
  return length
}

/** Leaf of the tree: the hashes at both ends of a segment. */
export const pair = (start: Hash, end: Hash): Hash => hashPair(start, end)

/** The tree over the pairs of a sequence, leaves first, padded with zero words to a power of two. */
function levels(sequence: readonly Hash[]): Hash[][] {
  const n = sequence.length - 1
  const width = 2 ** pathLength(n)
  let level = Array.from({ length: width }, (_, i) =>
    i < n ? pair(sequence[i] as Hash, sequence[i + 1] as Hash) : zeroHash,
  )
  const all = [level]
  while (level.length > 1) {
    const below = level
    level = Array.from({ length: below.length / 2 }, (_, i) => hashPair(below[2 * i] as Hash, below[2 * i + 1] as Hash))
    all.push(level)
  }
  return all
}

/** Root over the pairs of a sequence. */
export const rootOf = (sequence: readonly Hash[]): Hash => levels(sequence).at(-1)?.[0] as Hash

/** Root to which `path` leads from the leaf at `index`. */
export const rootFrom = (leaf: Hash, index: number, path: readonly Hash[]): Hash =>
  path.reduce((node, sibling, i) => ((index >> i) & 1 ? hashPair(sibling, node) : hashPair(node, sibling)), leaf)

/** Siblings of the pair at `index`, lowest first: what a move sends along with it. */
export const pathTo = (sequence: readonly Hash[], index: number): Hash[] =>
  levels(sequence)
    .slice(0, -1)
    .map((level, i) => level[(index >> i) ^ 1] as Hash)

/** The most moves after the opening of a game over `steps` steps, proof included. */
export function maxMoves(steps: bigint, arity: number): number {
  let moves = 1
  for (let len = steps; len > 1n; len = gap(len, arity)) moves++
  return moves
}
