import { type Trace, unpackWord } from '../../interpreter/index.ts'
import { ACCESS, SUBSTEP } from '../../spec/index.ts'

/** A number that an instruction stores in linear memory. */
export interface StoreAccess {
  readonly address: number
  /** Bytes. */
  readonly width: number
  readonly value: bigint
}

/** What the store that is step `step` stores, and where. */
export function storeAt(trace: Trace, step: number): StoreAccess {
  const { core } = trace.witnessAt(step, SUBSTEP.STORE_LOW)
  const word = unpackWord(core.word)
  const width = 2 ** (word.access & ACCESS.WIDTH_MASK)
  return { address: Number(core.a) + word.immLo, width, value: BigInt.asUintN(8 * width, core.r) }
}
