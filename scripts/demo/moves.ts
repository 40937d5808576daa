import type { Hash } from '../../interpreter/index.ts'
import { decodeTurn, type Turn } from '../../protocol/index.ts'
import { type Told, type Transaction, told } from './history.ts'
import { type Role, roleOf } from './parties.ts'

/** An assertion of a game, as the contract announced it. */
export interface Move {
  readonly by: Role
  readonly turn: Turn
  /** What the mover says: the states at the cuts of the range. */
  readonly sequence: readonly Hash[]
  readonly transaction: Transaction
}

/** The opening and all moves, in order. Who moved waits now. */
export const movesOf = (history: readonly Transaction[]): Move[] => told(history, 'Moved').map(moveOf)

export function moveOf({ args, transaction }: Told<'Moved'>): Move {
  const turn = decodeTurn(args.turn)
  return { by: roleOf(turn.waiter.player), turn, sequence: args.sequence, transaction }
}
