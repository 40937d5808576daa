import { type ContractFunctionArgs, decodeFunctionData } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { arenaAbi, decodeTurn, type Turn } from '../../protocol/index.ts'
import { type Role, roleOf } from './cast.ts'
import { DemoFailed } from './failure.ts'
import { type Told, type Transaction, told } from './history.ts'

type Write = 'nonpayable'
export type BisectArgs = ContractFunctionArgs<typeof arenaAbi, Write, 'bisect'>
export type ProveArgs = ContractFunctionArgs<typeof arenaAbi, Write, 'prove'>

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

/** The arguments of a move's transaction. */
export function bisectArgs({ data }: Transaction): BisectArgs {
  const { functionName, args } = decodeFunctionData({ abi: arenaAbi, data })
  if (functionName !== 'bisect') throw new DemoFailed('moves', `a move was made by ${functionName}`)
  return args
}

/** The arguments of a proof's transaction. */
export function proveArgs({ data }: Transaction): ProveArgs {
  const { functionName, args } = decodeFunctionData({ abi: arenaAbi, data })
  if (functionName !== 'prove') throw new DemoFailed('judged', `a substep was judged in ${functionName}`)
  return args
}
