import { keccak_256 } from '@noble/hashes/sha3.js'
import { CAPACITY, KERNEL, SHORT_BYTES } from './kernel.ts'

/** A 32-byte keccak-256 digest, or a leaf, as raw bytes. */
export type Node = Uint8Array

/** A 32-byte value as a 0x string of 64 lower-case hex digits, as viem has it. */
export type Hash = `0x${string}`

const { memory, pairs, digests } = KERNEL

/** keccak-256, the one hash function of the machine. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  if (bytes.length > SHORT_BYTES) return keccak_256(bytes)
  memory.set(bytes, pairs)
  KERNEL.hashShort(pairs, bytes.length, digests)
  return memory.slice(digests, digests + 32)
}

/** Parent of two nodes: keccak256(left, right). */
export function hashPair(left: Node, right: Node): Node {
  memory.set(left, pairs)
  memory.set(right, pairs + 32)
  KERNEL.hashPairs(pairs, digests, 1)
  return memory.slice(digests, digests + 32)
}

/** Parents of the nodes of a level, which are an even number. */
export function hashLevel(nodes: Uint8Array): Uint8Array {
  const parents = new Uint8Array(nodes.length / 2)
  for (let at = 0; at < nodes.length; at += 64 * CAPACITY) {
    const part = nodes.subarray(at, at + 64 * CAPACITY)
    memory.set(part, pairs)
    KERNEL.hashPairs(pairs, digests, part.length / 64)
    parents.set(memory.subarray(digests, digests + part.length / 2), at / 2)
  }
  return parents
}
