import { REGS_BITS } from '../../spec/index.ts'
import { bytesOf, equalBytes, numberOf, toHex } from './bits.ts'
import type { Node } from './hash.ts'
import { zeroNode } from './merkle.ts'
import type { Core } from './state-hash.ts'

/**
 * All that one substep needs: the state outside the tree, and the one leaf it touches with its path.
 * Source: docs/machine.md, "Witness and substeps". Twin: contracts/commit/Witness.sol.
 */
export interface Witness {
  readonly core: Core
  /** The touched leaf; the root where no leaf is touched. */
  readonly leaf: Node
  /** From the leaf up, one for each level; empty where no leaf is touched. */
  readonly siblings: readonly Node[]
}

/** A witness has not the words that the state it describes needs. */
export class WitnessLength extends Error {
  override readonly name = 'WitnessLength'
  readonly words: number
  readonly expected: number
  constructor(words: number, expected: number) {
    super(`witness has ${words} words, its state needs ${expected}`)
    this.words = words
    this.expected = expected
  }
}

/** The sibling bitmap has a bit where the path has ended. */
export class BitmapBeyondDepth extends Error {
  override readonly name = 'BitmapBeyondDepth'
  readonly bitmap: bigint
  readonly depth: number
  constructor(bitmap: bigint, depth: number) {
    super(`sibling bitmap 0x${bitmap.toString(16)} reaches beyond the ${depth} levels of its path`)
    this.bitmap = bitmap
    this.depth = depth
  }
}

/** The register word has a bit above the highest register. */
export class RegistersTooWide extends Error {
  override readonly name = 'RegistersTooWide'
  readonly regs: bigint
  constructor(regs: bigint) {
    super(`register word 0x${regs.toString(16)} is wider than ${REGS_BITS} bits`)
    this.regs = regs
  }
}

const LOW_128 = (1n << 128n) - 1n

/** The witness as the 32-byte words that the stepper reads. */
export function encodeWitness({ core, leaf, siblings }: Witness): Node[] {
  const { regs, misc, word, a, b, c, r } = core
  const scratch = misc === 0n ? [] : [word, (a << 128n) | b, (c << 128n) | r]
  const sent = siblings.filter((sibling, i) => !equalBytes(sibling, zeroNode(i)))
  const bitmap = siblings.reduce(
    (bits, sibling, i) => (equalBytes(sibling, zeroNode(i)) ? bits : bits | (1n << BigInt(i))),
    0n,
  )
  return [...[regs, misc, ...scratch].map(bytesOf), leaf, bytesOf(bitmap), ...sent]
}

/** The witness as 0x strings, as viem sends it. */
export const encodeWitnessHex = (witness: Witness): `0x${string}`[] => encodeWitness(witness).map(toHex)

/** The head of an encoded witness: the state outside the tree, and the words after it. */
export function decodeCore(words: readonly Node[]): { core: Core; rest: readonly Node[] } {
  if (words.length < 2) throw new WitnessLength(words.length, 4)
  const regs = numberOf(words[0] as Node)
  const misc = numberOf(words[1] as Node)
  if (regs >> BigInt(REGS_BITS) !== 0n) throw new RegistersTooWide(regs)
  const head = misc === 0n ? 2 : 5
  if (words.length < head + 2) throw new WitnessLength(words.length, head + 2)
  const [word, ab, cr] = misc === 0n ? [0n, 0n, 0n] : (words.slice(2, 5).map(numberOf) as [bigint, bigint, bigint])
  const core = { regs, misc, word, a: ab >> 128n, b: ab & LOW_128, c: cr >> 128n, r: cr & LOW_128 }
  return { core, rest: words.slice(head) }
}

/**
 * The tail of an encoded witness, for a path of `depth` levels: leaf and siblings.
 * @throws BitmapBeyondDepth, WitnessLength
 */
export function decodePath(words: readonly Node[], depth: number, wordsBefore: number): Omit<Witness, 'core'> {
  const bitmap = numberOf(words[1] as Node)
  if (bitmap >> BigInt(depth) !== 0n) throw new BitmapBeyondDepth(bitmap, depth)
  const siblings: Node[] = []
  let at = 2
  for (let i = 0; i < depth; i++) {
    const sent = (bitmap >> BigInt(i)) & 1n
    siblings.push(sent ? (words[at] ?? zeroNode(0)) : zeroNode(i))
    if (sent) at++
  }
  if (words.length !== at) throw new WitnessLength(wordsBefore + words.length, wordsBefore + at)
  return { leaf: words[0] as Node, siblings }
}
