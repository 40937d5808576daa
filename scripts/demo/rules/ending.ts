import { encodeFunctionData, type Hex, toHex } from 'viem'
import { arenaAbi } from '../../../protocol/index.ts'
import { ADDRESSES, accountOf } from '../cast.ts'
import type { Evidence } from '../evidence.ts'
import { present } from '../failure.ts'
import type { Attempt } from './attempt.ts'

const abi = arenaAbi
const STRANGE = toHex(1n, { size: 32 })

/** Verdicts and payments that must not be had. */
export function endingAttempts({ task, entries, judged, buried, settled, history, phases }: Evidence): Attempt[] {
  const id = task.args.task
  const solver = { owner: ADDRESSES.solver, value: entries.solver.args.value }
  const verifier = { owner: ADDRESSES.verifier, value: entries.verifier.args.value }
  const stranger = { owner: accountOf('requester').address, value: verifier.value }
  const end = present('events', 'transaction', history.at(-1)).block
  const attempt = (what: string, error: string, block: bigint, data: Hex, time?: bigint): Attempt => ({
    ...{ what, error, block, data, from: ADDRESSES.solver },
    ...(time === undefined ? {} : { time }),
  })
  const bury = (winner: typeof solver, loser: typeof solver) =>
    encodeFunctionData({ abi, functionName: 'bury', args: [id, winner, loser] })
  const settleFor = (claim: typeof solver) => encodeFunctionData({ abi, functionName: 'settle', args: [id, claim] })
  const settle = settleFor(verifier)
  const withdraw = (claim: typeof solver, taskId = id) =>
    encodeFunctionData({ abi, functionName: 'withdraw', args: [taskId, claim] })
  const divide = (winner: typeof solver) =>
    encodeFunctionData({ abi, functionName: 'divide', args: [id, solver, winner] })
  const voidTask = encodeFunctionData({ abi, functionName: 'voidTask', args: [id] })
  const [proved, dead, over] = [judged.transaction.block, buried.transaction.block, settled.transaction.block]
  return [
    attempt('bury before the verdict', 'NotWonBySeat', proved - 1n, bury(verifier, solver)),
    attempt('bury in favour of a stranger', 'NotAlive', proved, bury(stranger, solver)),
    attempt('bury the winner', 'NotWonBySeat', proved, bury(solver, verifier)),
    attempt('bury too late', 'BuryingClosed', proved, bury(verifier, solver), phases.end),
    attempt('bury twice', 'NotAlive', dead, bury(verifier, solver)),
    attempt('settle without an answer', 'NoEntries', task.transaction.block, settle),
    attempt('settle before its time', 'TooEarlyToSettle', dead, settle),
    attempt('settle while two answers live', 'NotUnanimous', proved, settle, phases.opening),
    attempt('settle on a dead answer', 'NotAlive', over - 1n, settleFor(solver)),
    attempt('void before its time', 'TooEarlyToVoid', proved, voidTask),
    attempt('void what is agreed', 'Unanimous', dead, voidTask, phases.end),
    attempt('take a bond of no question', 'UnknownTask', over, withdraw(verifier, STRANGE)),
    attempt('take the bond during the game', 'TaskStillLive', proved - 1n, withdraw(solver)),
    attempt('share out during the game', 'TaskStillLive', dead, divide(verifier)),
    attempt('settle twice', 'TaskOver', over, settle),
    attempt('void what is settled', 'TaskOver', over, voidTask),
    attempt('take the bond of a dead entry', 'NotAlive', over, withdraw(solver)),
    attempt('share out in favour of the loser', 'NotBuriedBy', over, divide(solver)),
    attempt('take a bond twice', 'NotAlive', end, withdraw(verifier)),
    attempt('share out a bond twice', 'NotDead', end, divide(verifier)),
  ]
}
