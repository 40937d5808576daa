import { decodeTurn, segments } from '../../../protocol/index.ts'
import { bisectArgs } from '../calls.ts'
import type { Move } from '../moves.ts'
import { count } from '../text.ts'

/** What happens in a game, and why its arity is not the default one. */
export const gameIntroduction = (arity: number): string[] => [
  `  Who moves cuts the range in ${arity}, or in fewer where it is short, and says the state at every cut.`,
  '  The other finds the first part whose start is true and whose end is false, and does the same',
  '  with that part. A range of one step is cut into its twelve substeps. The contract only keeps a',
  '  hash of what was said last.',
  `  Why ${arity}: with 16, the default, the proof would here fall to the liar, who has none and would lose`,
  '  by the clock; no substep would be judged. Cuts by ten are also easier to read.',
  '',
]

export const MOVE_HEAD = '  move  player           from step     to step  steps left  disputed part        gas'

export function moveRow(move: Move, arity: number): string {
  const { by, turn, transaction } = move
  const { ply, lo, len } = turn
  return [
    `  ${String(ply).padStart(4)}  ${by.padEnd(8)}`,
    count(lo).padStart(16),
    count(lo + len).padStart(11),
    count(len).padStart(11),
    partOf(move, arity).padStart(14),
    count(transaction.gas).padStart(10),
  ].join(' ')
}

/** Which part of the range before is disputed, counted from 1. */
function partOf({ turn: { ply }, transaction }: Move, arity: number): string {
  if (ply === 0n) return ''
  const [, before, segment] = bisectArgs(transaction)
  return `${segment + 1n} of ${segments(decodeTurn(before).len, arity)}`
}
