import { BYTES_DATA_OFFSET, MAX_BYTES, REGION } from '../../spec/index.ts'
import { hashLevel, type Node } from './hash.ts'
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
  if (leaves.length === 0) return zeroNode(depth)
  let level = paddedTo(Math.ceil(leaves.length / 32), leaves, 0)
  for (let height = 0; height < depth; height++) {
    const nodes = level.length / 32
    level = hashLevel(nodes % 2 === 0 ? level : paddedTo(nodes + 1, level, height))
  }
  return level
}

/** So many nodes of a height, those beyond what is given empty. */
function paddedTo(nodes: number, given: Uint8Array, height: number): Uint8Array {
  if (given.length === 32 * nodes) return given
  const padded = new Uint8Array(32 * nodes)
  if (height > 0) padded.set(zeroNode(height), 32 * (nodes - 1))
  padded.set(given)
  return padded
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
