import { type ExactMachine, type Hash, Machine, type Trace, touch, unpackWord } from '../../interpreter/index.ts'
import { ACCESS, SUBSTEP } from '../../spec/index.ts'
import type { Computation, Flip } from './computation.ts'
import { present } from './failure.ts'

/** A number that an instruction stores in linear memory. */
export interface StoreAccess {
  readonly address: number
  /** Bytes. */
  readonly width: number
  readonly value: bigint
}

const LEAF_BYTES = 32

/** What the store that is step `step` stores, and where. */
export function storeAt(trace: Trace, step: number): StoreAccess {
  const { core } = trace.witness(step, SUBSTEP.STORE_LOW)
  const word = unpackWord(core.word)
  const width = 2 ** (word.access & ACCESS.WIDTH_MASK)
  return { address: Number(core.a) + word.immLo, width, value: BigInt.asUintN(8 * width, core.r) }
}

/** The number that `store` would have left in memory with one bit turned over. */
export function withFlip({ address, width, value }: StoreAccess, flip: Pick<Flip, 'address' | 'bit'>): bigint {
  const bit = 8 * (flip.address - address) + flip.bit
  return bit >= 0 && bit < 8 * width ? value ^ (1n << BigInt(bit)) : value
}

/**
 * The one bit of the stored-to leaf by which the state `claimed` after the storing substep differs from the true one;
 * undefined if no single bit explains it. A state is only known by its hash, so every bit is tried.
 */
export function explainClaim({ program, input }: Computation, step: number, claimed: Hash): Flip | undefined {
  const machine = new Machine(program, input)
  machine.runTo(step)
  const exact = machine.exact()
  for (let n = 0; n < SUBSTEP.STORE_LOW; n++) exact.substep()
  const { core } = exact
  const { g } = present('judged', 'leaf that the substep writes', touch(core))
  const leafStart = Math.floor((Number(core.a) + unpackWord(core.word).immLo) / LEAF_BYTES) * LEAF_BYTES
  exact.substep()
  const bit = bitOf(exact, g, claimed)
  return bit === undefined ? undefined : { step, address: leafStart + (bit >> 3), bit: bit & 7 }
}

function bitOf(exact: ExactMachine, g: number, claimed: Hash): number | undefined {
  const truth = exact.tree.node(g)
  for (let bit = 0; bit < 8 * LEAF_BYTES; bit++) {
    const leaf = truth.slice()
    leaf[bit >> 3] = (leaf[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    exact.tree.set(g, leaf)
    if (exact.stateHash() === claimed) return bit
  }
  return undefined
}
