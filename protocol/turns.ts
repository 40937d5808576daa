import { type Address, concatHex, getAddress, type Hex, keccak256, numberToHex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { cut } from './bisection.ts'
import { deadline, handOver, spend } from './clock.ts'

/**
 * A turn, its three packed words as drawn in contracts/interfaces/IGames.sol, and the commitment to a game.
 * Twin: contracts/game/Turns.sol.
 */

/** Lower entry id: seat 0; higher: seat 1. */
export type Seat = 0 | 1

/** One player of a game, with the seconds left on its clock at the time of the last move. */
export interface Side {
  readonly player: Address
  readonly left: bigint
  readonly seat: Seat
}

/** What the player on move answers. */
export interface Turn {
  readonly mover: Side
  readonly waiter: Side
  /** Step at which the disputed range begins, and its steps; 1 = the substeps of one step. */
  readonly lo: bigint
  readonly len: bigint
  /** Time of the last move. */
  readonly moved: bigint
  /** Least seconds that a player has when it comes on move. */
  readonly least: bigint
  /** Moves made since the opening. */
  readonly ply: bigint
}

/** The three words of a turn, as contract calls and events carry them. */
export interface PackedTurn {
  readonly mover: bigint
  readonly waiter: bigint
  readonly position: bigint
}

const side = ({ player, left, seat }: Side): bigint => (BigInt(seat) << 224n) | (left << 160n) | BigInt(player)

function sideOf(word: bigint): Side {
  return {
    player: getAddress(numberToHex(BigInt.asUintN(160, word), { size: 20 })),
    left: BigInt.asUintN(64, word >> 160n),
    seat: Number(word >> 224n) as Seat,
  }
}

/** Packs a turn into its three words. */
export const encodeTurn = (turn: Turn): PackedTurn => ({
  mover: side(turn.mover),
  waiter: side(turn.waiter),
  position: (turn.ply << 208n) | (turn.least << 168n) | (turn.moved << 128n) | (turn.len << 64n) | turn.lo,
})

/** Reads the three words of a turn. */
export const decodeTurn = ({ mover, waiter, position }: PackedTurn): Turn => ({
  mover: sideOf(mover),
  waiter: sideOf(waiter),
  lo: BigInt.asUintN(64, position),
  len: BigInt.asUintN(64, position >> 64n),
  moved: BigInt.asUintN(40, position >> 128n),
  least: BigInt.asUintN(40, position >> 168n),
  ply: position >> 208n,
})

const word = (value: bigint): Hex => numberToHex(value, { size: 32 })

/** Of this hash the slot of a running game holds the first 208 bits. */
export function commitment(turn: Turn, root: Hash): Hash {
  const { mover, waiter, position } = encodeTurn(turn)
  return keccak256(concatHex([word(mover), word(waiter), word(position), root]))
}

/** The last second in which the mover of `turn` may move. */
export const deadlineOf = (turn: Turn): bigint => deadline(turn.moved, turn.mover.left)

/** The turn after its mover answered `segment` at `time`. */
export function answered(turn: Turn, segment: number, time: bigint, arity: number): Turn {
  const { from, steps } = cut(turn.len, arity, segment)
  return {
    mover: { ...turn.waiter, left: handOver(turn.waiter.left, turn.least) },
    waiter: { ...turn.mover, left: spend(turn.moved, turn.mover.left, time) },
    lo: turn.lo + from,
    len: steps,
    moved: time,
    least: turn.least,
    ply: turn.ply + 1n,
  }
}
