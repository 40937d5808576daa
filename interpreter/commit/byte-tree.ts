import { BYTES_DATA_OFFSET, MAX_BYTES, REGION } from '../../spec/index.ts'
import { hashPair, type Node } from './hash.ts'
import { regionDepth, zeroNode } from './merkle.ts'

/** A byte string is longer than the INPUT and OUTPUT regions can hold. */
export class BytesTooLong extends Error {
  override readonly name = 'BytesTooLong'
  readonly length: number
  constructor(length: number) {
    super(`${length} bytes are too many; an input or output holds at most ${MAX_BYTES}`)
    this.length = length
  }
}

/**
 * A byte string as the bytes of the INPUT and OUTPUT regions: its length as a little-endian u64 in
 * the first leaf, then the bytes, padded with zeros to whole leaves.
 */
export function byteLeaves(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BYTES) throw new BytesTooLong(bytes.length)
  const leaves = new Uint8Array(BYTES_DATA_OFFSET + Math.ceil(bytes.length / 32) * 32)
  new DataView(leaves.buffer).setBigUint64(0, BigInt(bytes.length), true)
  leaves.set(bytes, BYTES_DATA_OFFSET)
  return leaves
}

/** Root of a region of `depth` levels whose first leaves are given and whose others are empty. */
export function regionRoot(leaves: Uint8Array, depth: number): Node {
  let level: Node[] = Array.from({ length: Math.ceil(leaves.length / 32) }, (_, i) => {
    const leaf = new Uint8Array(32)
    leaf.set(leaves.subarray(32 * i, 32 * i + 32))
    return leaf
  })
  if (level.length === 0) return zeroNode(depth)
  for (let i = 0; i < depth; i++) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, j) =>
      hashPair(level[2 * j] as Node, level[2 * j + 1] ?? zeroNode(i)),
    )
  }
  return level[0] as Node
}

/** Root of the INPUT or OUTPUT region that holds a byte string. Twin: contracts/commit/ByteTree.sol. */
export const byteTreeRoot = (bytes: Uint8Array): Node => regionRoot(byteLeaves(bytes), regionDepth(REGION.INPUT))

/** Siblings of the leaf that holds the length of a byte string, lowest first. */
export function lengthPath(bytes: Uint8Array): Node[] {
  const leaves = byteLeaves(bytes)
  return Array.from({ length: regionDepth(REGION.OUTPUT) }, (_, height) => {
    const width = 32 * 2 ** height
    return regionRoot(leaves.subarray(width, 2 * width), height)
  })
}
