import type { Address, Hex } from 'viem'

/** Something that the contracts must refuse, tried as a call on the state after a block; it changes nothing. */
export interface Attempt {
  readonly what: string
  /** The error by which it must be refused. */
  readonly error: string
  readonly block: bigint
  /** If later than that block: the time of the next one, in a fork of the chain. */
  readonly time?: bigint
  readonly from: Address
  /** The contract that is called; null: one is to be created. */
  readonly to: Address | null
  readonly data: Hex
  /** Wei sent along. */
  readonly value?: bigint
  /** Gas sent along; by default plenty. */
  readonly gas?: bigint
}
