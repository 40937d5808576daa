import { type Address, encodeFunctionData, type Hex, toHex } from 'viem'
import { packRegisters, unpackRegisters } from '../../../interpreter/index.ts'
import { marketAbi, originOf, postingEnd } from '../../../protocol/index.ts'
import { REGS_BITS, STATUS } from '../../../spec/index.ts'
import { MAX_STEPS } from '../computation.ts'
import type { Evidence } from '../evidence.ts'
import { ADDRESSES, STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = marketAbi
const STRANGE = toHex(1n, { size: 32 })

/** Tasks that must not be taken, and answers that must not be posted. */
export function takingAttempts(evidence: Evidence): Attempt[] {
  return [...taking(evidence), ...posting(evidence)]
}

function taking({ market: { rules }, request, task, taken }: Evidence): Attempt[] {
  const [asked, late] = [task.transaction.block, BigInt(request.order.expires) + 1n]
  const attempt = (what: string, error: string, from: Address, data: Hex, block = asked): Attempt => ({
    ...{ what, error, from, to: rules.market, block, data },
  })
  const take = (solver: Address, named = request) =>
    encodeFunctionData({ abi, functionName: 'take', args: [named, solver] })
  const other = { ...request, order: { ...request.order, salt: STRANGE } }
  const { solver } = ADDRESSES
  const noShow = encodeFunctionData({ abi, functionName: 'noShow', args: [request] })
  return [
    attempt('take a task without a stake', 'NotEnoughStake', STRANGER, take(STRANGER)),
    attempt('take a task with the stake of another', 'NotAnOperator', STRANGER, take(solver)),
    attempt('take a task that nobody asked for', 'UnknownTask', solver, take(solver, other)),
    { ...attempt('take a task too late', 'OrderExpired', solver, take(solver)), time: late },
    attempt('take a task twice', 'WrongStatus', solver, take(solver), taken.transaction.block),
    attempt('report a solver that has time', 'SolverHasTime', STRANGER, noShow, taken.transaction.block),
  ]
}

function posting({ market: { rules }, request, taken, posted }: Evidence): Attempt[] {
  const { root, regs } = posted.args
  const registers = unpackRegisters(regs)
  const origin = originOf(request)
  const attempt = (what: string, error: string, data: Hex, from = ADDRESSES.solver): Attempt => ({
    ...{ what, error, from, to: rules.market, block: taken.transaction.block, data },
  })
  const post = (finalRegs = regs) => encodeFunctionData({ abi, functionName: 'post', args: [origin, root, finalRegs] })
  const enter = encodeFunctionData({
    abi,
    functionName: 'enter',
    args: [origin, ADDRESSES.verifier, { root, regs }],
  })
  const tooMany = packRegisters({ ...registers, steps: MAX_STEPS + 1n })
  const unfinished = packRegisters({ ...registers, status: STATUS.RUNNING })
  const late = postingEnd(rules, taken.transaction.time, MAX_STEPS) + 1n
  return [
    attempt('post for another solver', 'NotAuthorised', post(), ADDRESSES.verifier),
    { ...attempt('post too late', 'PostingClosed', post()), time: late },
    attempt('claim more steps than allowed', 'StepsOutOfRange', post(tooMany)),
    attempt('claim an unfinished run', 'NotFinal', post(unfinished)),
    attempt('claim registers too wide', 'RegistersTooWide', post(regs | (1n << BigInt(REGS_BITS)))),
    { ...attempt('post twice', 'WrongStatus', post()), block: posted.transaction.block },
    attempt('answer before the solver', 'NotPosted', enter, ADDRESSES.verifier),
  ]
}
