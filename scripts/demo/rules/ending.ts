import { encodeFunctionData, type Hex } from 'viem'
import { arenaAbi } from '../../../protocol/index.ts'
import { ADDRESSES } from '../cast.ts'
import type { Evidence } from '../evidence.ts'
import { present } from '../failure.ts'
import type { Attempt } from './attempt.ts'

const abi = arenaAbi

/** Verdicts and payments that must not be had. */
export function endingAttempts({ task, entries, judged, buried, settled, history }: Evidence): Attempt[] {
  const id = task.args.task
  const solver = { owner: ADDRESSES.solver, value: entries.solver.args.value }
  const verifier = { owner: ADDRESSES.verifier, value: entries.verifier.args.value }
  const end = present('events', 'transaction', history.at(-1)).block
  const attempt = (what: string, error: string, block: bigint, data: Hex): Attempt => ({
    ...{ what, error, block, data, from: ADDRESSES.solver },
  })
  const bury = (winner: typeof solver, loser: typeof solver) =>
    encodeFunctionData({ abi, functionName: 'bury', args: [id, winner, loser] })
  const settle = encodeFunctionData({ abi, functionName: 'settle', args: [id, verifier] })
  const withdraw = (claim: typeof solver) => encodeFunctionData({ abi, functionName: 'withdraw', args: [id, claim] })
  const divide = (winner: typeof solver) =>
    encodeFunctionData({ abi, functionName: 'divide', args: [id, solver, winner] })
  const [proved, over] = [judged.transaction.block, settled.transaction.block]
  return [
    attempt('bury before the verdict', 'NotWonBySeat', proved - 1n, bury(verifier, solver)),
    attempt('bury the winner', 'NotWonBySeat', proved, bury(solver, verifier)),
    attempt('bury twice', 'NotAlive', buried.transaction.block, bury(verifier, solver)),
    attempt('settle before its time', 'TooEarlyToSettle', buried.transaction.block, settle),
    attempt(
      'void before its time',
      'TooEarlyToVoid',
      over - 1n,
      encodeFunctionData({ abi, functionName: 'voidTask', args: [id] }),
    ),
    attempt('take the bond during the game', 'TaskStillLive', proved - 1n, withdraw(solver)),
    attempt('settle twice', 'TaskOver', over, settle),
    attempt('take the bond of a dead entry', 'NotAlive', over, withdraw(solver)),
    attempt('share out in favour of the loser', 'NotBuriedBy', over, divide(solver)),
    attempt('take a bond twice', 'NotAlive', end, withdraw(verifier)),
    attempt('share out a bond twice', 'NotDead', end, divide(verifier)),
  ]
}
