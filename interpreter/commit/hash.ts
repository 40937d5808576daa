import { keccak_256 } from '@noble/hashes/sha3.js'

/** A 32-byte keccak-256 digest, or a leaf, as raw bytes. */
export type Node = Uint8Array

/** A 32-byte value as a 0x string of 64 lower-case hex digits, as viem has it. */
export type Hash = `0x${string}`

/** keccak-256, the one hash function of the machine. The only place that names its implementation. */
export const keccak256 = (bytes: Uint8Array): Uint8Array => keccak_256(bytes)

const pair = new Uint8Array(64)

/** Parent of two nodes: keccak256(left, right). */
export function hashPair(left: Node, right: Node): Node {
  pair.set(left, 0)
  pair.set(right, 32)
  return keccak256(pair)
}
