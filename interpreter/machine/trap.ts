import { MISC } from '../../spec/index.ts'
import { field, withField } from '../commit/bits.ts'

/** Trap of the step in flight, 0 if none. Twin: contracts/machine/Trap.sol. */
export const trapOf = (misc: bigint): bigint => field(misc, MISC.trap)

/** Sets a trap; the first one set in a step stays, because later substeps only advance. */
export const withTrap = (misc: bigint, trap: number | bigint): bigint => withField(misc, MISC.trap, BigInt(trap))
