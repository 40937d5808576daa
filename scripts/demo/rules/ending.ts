import { encodeFunctionData, type Hex, toHex } from 'viem'
import { marketAbi, originOf, vaultAbi } from '../../../protocol/index.ts'
import { finaliseArgs } from '../calls.ts'
import type { DisputedEvidence } from '../evidence.ts'
import { lastOf } from '../history.ts'
import { ADDRESSES, STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = marketAbi

/** Verdicts and payments that must not be had out of a dispute. */
export function endingAttempts(evidence: DisputedEvidence): Attempt[] {
  return [...burying(evidence), ...deciding(evidence), ...sharing(evidence)]
}

type Try = (what: string, error: string, block: bigint, data: Hex, time?: bigint) => Attempt

const attemptOn =
  ({ market: { rules } }: DisputedEvidence): Try =>
  (what, error, block, data, time) => ({
    ...{ what, error, block, data, from: ADDRESSES.solver, to: rules.market },
    ...(time === undefined ? {} : { time }),
  })

const claimsOf = ({ dispute: { entries } }: DisputedEvidence) => ({
  solver: { owner: ADDRESSES.solver, value: entries.solver.args.value },
  verifier: { owner: ADDRESSES.verifier, value: entries.verifier.args.value },
  stranger: { owner: STRANGER, value: entries.verifier.args.value },
})

type Claim = ReturnType<typeof claimsOf>['solver']

/** What holds between the proof and the burial cannot be tried where one transaction did both. */
function burying(evidence: DisputedEvidence): Attempt[] {
  const { request, phases, dispute } = evidence
  const attempt = attemptOn(evidence)
  const { solver, verifier, stranger } = claimsOf(evidence)
  const bury = (winner: Claim, loser: Claim) =>
    encodeFunctionData({ abi, functionName: 'bury', args: [originOf(request), winner, loser] })
  const [proved, dead] = [dispute.judged.transaction.block, dispute.buried.transaction.block]
  const between = [
    attempt('bury in favour of a stranger', 'NotAlive', proved, bury(stranger, solver)),
    attempt('bury the winner', 'NotWonBySeat', proved, bury(solver, verifier)),
    attempt('bury too late', 'BuryingClosed', proved, bury(verifier, solver), phases.end),
  ]
  return [
    attempt('bury before the proof', 'NotWonBySeat', proved - 1n, bury(verifier, solver)),
    ...(proved < dead ? between : []),
    attempt('bury twice', 'NotAlive', dead, bury(verifier, solver)),
  ]
}

function deciding(evidence: DisputedEvidence): Attempt[] {
  const { request, phases, finalised, dispute } = evidence
  const attempt = attemptOn(evidence)
  const [named, regs, path, output] = finaliseArgs(finalised.transaction)
  const open = (told: Hex) => encodeFunctionData({ abi, functionName: 'finalise', args: [named, regs, path, told] })
  const [finalise, falsehood] = [open(output), open(toHex(dispute.sabotage.corrupted.output))]
  const voiding = encodeFunctionData({ abi, functionName: 'voidTask', args: [request] })
  const [opened, dead] = [dispute.opened.transaction.block, dispute.buried.transaction.block]
  return [
    attempt('decide while two answers live', 'WrongVerdict', opened, finalise, phases.opening),
    attempt('decide before the last game could be opened', 'WrongVerdict', dead, finalise),
    attempt('void before its time', 'WrongVerdict', opened, voiding, phases.end - 1n),
    attempt('void what is agreed', 'WrongVerdict', dead, voiding, phases.end),
    attempt('open the output of the liar', 'NotTheFinalValue', finalised.transaction.block - 1n, falsehood),
  ]
}

function sharing(evidence: DisputedEvidence): Attempt[] {
  const { request, history, finalised, dispute, market } = evidence
  const attempt = attemptOn(evidence)
  const { solver, verifier, stranger } = claimsOf(evidence)
  const origin = originOf(request)
  const release = (claim: Claim) => encodeFunctionData({ abi, functionName: 'release', args: [origin, claim] })
  const share = (opponent: Claim) =>
    encodeFunctionData({ abi, functionName: 'payDead', args: [request, solver, [opponent]] })
  const [dead, over, end] = [dispute.buried.transaction.block, finalised.transaction.block, lastOf(history).block]
  const burn = encodeFunctionData({ abi: vaultAbi, functionName: 'burn' })
  const ownUnbonding = encodeFunctionData({ abi: vaultAbi, functionName: 'unbond', args: [market.rules.bond + 1n] })
  return [
    attempt('take the stake back during the game', 'WrongVerdict', dispute.opened.transaction.block, release(solver)),
    attempt('share out before the verdict', 'WrongVerdict', dead, share(verifier)),
    attempt('take back the stake of the dead', 'NotAlive', over, release(solver)),
    attempt('share out to a stranger', 'WrongOpponent', over - 1n, share(stranger)),
    attempt('share out twice', 'NotDead', end, share(verifier)),
    { ...attempt('burn twice', 'NothingToDo', end, burn), to: market.rules.vault },
    { ...attempt('unbond what was slashed', 'NotEnoughStake', end, ownUnbonding), to: market.rules.vault },
  ]
}
