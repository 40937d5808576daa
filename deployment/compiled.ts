import type { Hex } from 'viem'

/** The contracts of a deployment. */
export type ContractName = 'Stepper' | 'ProgramRegistry' | 'SubstepToken' | 'TaskMarket' | 'StakeVault' | 'Games'

/** A contract as it was compiled. */
export interface Compiled {
  /** What is sent to deploy it, before the arguments of the constructor. */
  readonly creation: Hex
  /** What lies on the chain then, zeros in place of the immutables. */
  readonly runtime: Hex
  /** Name of each immutable to the bytes at which its value, a word, stands in `runtime`. */
  readonly immutables: Readonly<Record<string, readonly number[]>>
}
