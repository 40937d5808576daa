import { numberToHex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Seat } from './turns.ts'

/** The one storage slot of a game, drawn in IGames. Twin: contracts/game/Slots.sol. */

const ORDINAL_BITS = 24n
const BODY_BITS = 256n - 2n * ORDINAL_BITS

const slot = (ordinals: bigint, body: bigint): Hash => numberToHex((ordinals << BODY_BITS) | body, { size: 32 })
const ordinalsOf = (word: Hash): bigint => BigInt(word) >> BODY_BITS
const bodyOf = (word: Hash): bigint => BigInt.asUintN(Number(BODY_BITS), BigInt(word))
const winner = (seat: Seat): bigint => BigInt(seat) + 1n

/** A slot without a body: the game is the `ordinal0`-th of the entry at seat 0, the `ordinal1`-th of the other. */
export const withOrdinals = (ordinal0: number, ordinal1: number): Hash =>
  slot((BigInt(ordinal0) << ORDINAL_BITS) | BigInt(ordinal1), 0n)

/** The slot once `commitment` stands. */
export const standing = (word: Hash, commitment: Hash): Hash =>
  slot(ordinalsOf(word), BigInt(commitment) >> (256n - BODY_BITS))

/** The slot once the player at `seat` has won. */
export const won = (word: Hash, seat: Seat): Hash => slot(ordinalsOf(word), winner(seat))

/** Whether the player at `seat` has won. */
export const isWonBy = (word: Hash, seat: Seat): boolean => bodyOf(word) === winner(seat)

/** Ordinal of the game among those of the entry at `seat`. */
export const ordinalOf = (word: Hash, seat: Seat): number =>
  Number(BigInt.asUintN(Number(ORDINAL_BITS), ordinalsOf(word) >> (BigInt(1 - seat) * ORDINAL_BITS)))
