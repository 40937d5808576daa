import { MACHINE_VERSION } from '../../spec/index.ts'
import { bytesOf, concatWords, toHex, toHexes } from './bits.ts'
import { type Hash, hashPair, keccak256, type Node } from './hash.ts'
import { KERNEL } from './kernel.ts'
import type { Versions } from './versions.ts'

/** The parts of a state that are not in the tree. Twin: contracts/commit/StateHash.sol. */
export interface Core {
  /** Packed registers, see spec/layout.ts. */
  readonly regs: bigint
  /** What a step in flight carries; 0 at an instruction boundary. */
  readonly misc: bigint
  /** The instruction in flight; irrelevant when misc is 0, as are a, b, c, r. */
  readonly word: bigint
  readonly a: bigint
  readonly b: bigint
  readonly c: bigint
  readonly r: bigint
}

/** Hash of the step in flight: 0 at an instruction boundary, else keccak256 of 128 bytes. */
export function scratchHash({ misc, word, a, b, c, r }: Core): Node {
  if (misc === 0n) return new Uint8Array(32)
  return keccak256(concatWords([misc, word, (a << 128n) | b, (c << 128n) | r]))
}

/** Commitment to a whole state: keccak256(root, regs, scratchHash). */
export function stateHash(root: Node, core: Core): Hash {
  const preimage = new Uint8Array(96)
  preimage.set(root, 0)
  preimage.set(bytesOf(core.regs), 32)
  preimage.set(scratchHash(core), 64)
  return toHex(keccak256(preimage))
}

/**
 * Commitments to states at instruction boundaries: `roots` are versions of the root, which before the first of them is
 * `root`, and `regs` the 32 bytes of the registers of each time.
 */
export function boundaryHashes(root: Node, roots: Versions, regs: Uint8Array): Hash[] {
  const { memory, pairs, digests } = KERNEL
  const hashes = new Uint8Array(regs.length)
  let current = root
  for (let [at, next] = [0, 0]; at < regs.length; at += 32) {
    if (next < roots.count && roots.times[next] === at / 32) current = roots.node(next++)
    memory.set(current, pairs)
    memory.set(regs.subarray(at, at + 32), pairs + 32)
    memory.fill(0, pairs + 64, pairs + 96)
    KERNEL.hashShort(pairs, 96, digests)
    hashes.set(memory.subarray(digests, digests + 32), at)
  }
  return toHexes(hashes)
}

/** Root over the eight region roots, in region order. */
export function rootOf(regionRoots: readonly Node[]): Node {
  let level = [...regionRoots]
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => hashPair(level[2 * i] as Node, level[2 * i + 1] as Node))
  }
  return level[0] as Node
}

/** Name of a program: keccak256 of its eight region roots, start registers and the machine version. */
export function programIdOf(regionRoots: readonly Node[], regs: bigint): Hash {
  const preimage = new Uint8Array(32 * 10)
  for (const [i, root] of regionRoots.entries()) preimage.set(root, 32 * i)
  preimage.set(bytesOf(regs), 256)
  preimage.set(bytesOf(BigInt(MACHINE_VERSION)), 288)
  return toHex(keccak256(preimage))
}
