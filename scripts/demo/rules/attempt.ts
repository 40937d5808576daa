import type { Address, Hex } from 'viem'

/** Something that the contracts must refuse, tried as a call on the state after a block; it changes nothing. */
export interface Attempt {
  readonly what: string
  /** The error by which it must be refused. */
  readonly error: string
  readonly block: bigint
  readonly from: Address
  readonly data: Hex
}
