import { type ExactMachine, type Hash, Machine, type Program, touch, unpackWord } from '../../interpreter/index.ts'
import { SUBSTEP } from '../../spec/index.ts'
import { present } from './failure.ts'
import type { StoreAccess } from './store.ts'

/** One bit of memory that turns over during a step. */
export interface Flip {
  readonly step: number
  readonly address: number
  readonly bit: number
}

const LEAF_BYTES = 32

/** The number that `store` would have left in memory with one bit turned over. */
export function withFlip({ address, width, value }: StoreAccess, flip: Pick<Flip, 'address' | 'bit'>): bigint {
  const bit = 8 * (flip.address - address) + flip.bit
  return bit >= 0 && bit < 8 * width ? value ^ (1n << BigInt(bit)) : value
}

/**
 * The one bit of the stored-to leaf by which the state `claimed` after the storing substep differs from the true one;
 * undefined if no single bit explains it. A state is only known by its hash, so every bit is tried.
 */
export function explainClaim(program: Program, input: Uint8Array, step: number, claimed: Hash): Flip | undefined {
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
