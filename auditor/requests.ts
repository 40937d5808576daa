import { hexToBytes } from 'viem'
import { byteTreeRoot, toHex } from '../interpreter/index.ts'
import { depositOf, finalisingEnd, gasPriceAt, originOf, postingEnd, priceAt, taskId } from '../protocol/index.ts'
import type { ArgsOf } from './history.ts'
import { type Audit, expect, explain, holds, present, requestOf, STATUS, same, timeOf, verdictIn } from './state.ts'

/** What requesters and solvers do. Twins: contracts/market/Requests.sol, Solving.sol. */

const GWEI = 10n ** 9n
const GAS_PRICE_UNIT = 10n ** 7n
const MAX_NO_SHOWS = 3

/** Ether behind an entry of the task. */
export const depositIn = (audit: Audit): bigint =>
  depositOf(audit.rules, audit.gasPrice, requestOf(audit).order.maxSteps)

export function requested(audit: Audit, args: ArgsOf<'TaskRequested'>): void {
  const { rules, task } = audit
  const { request, gasPrice, input } = args
  const { order } = request
  same(audit, 'status', 'the status', audit.status, STATUS.NONE)
  same(audit, 'task', 'the task of the request', taskId(rules, originOf(request)), task)
  same(audit, 'task', 'program and requester', [args.program, args.requester], [order.program, request.requester])
  const inputRoot = request.byReference ? request.inputRoot : toHex(byteTreeRoot(hexToBytes(input)))
  same(audit, 'task', 'root of the input', inputRoot, request.inputRoot)
  if (request.byReference) same(audit, 'task', 'an input that is named by its root', input, '0x')
  holds(audit, 'status', order.maxSteps > 0n && order.maxSteps <= rules.maxSteps, 'so many steps are refused')
  holds(audit, 'status', order.minPrice <= order.maxPrice, 'the least price is above the highest')
  for (const wei of [order.minPrice, order.maxPrice, order.tip]) same(audit, 'status', 'gwei', wei % GWEI, 0n)
  holds(audit, 'status', BigInt(order.callbackGas) <= rules.maxCallbackGas, 'so much callback gas is refused')
  holds(audit, 'status', order.callbackGas !== 0 || order.tip === 0n, 'a tip without a callback is refused')
  holds(audit, 'time', timeOf(audit) <= BigInt(order.expires), 'the order had expired')
  holds(audit, 'payment', gasPrice % GAS_PRICE_UNIT === 0n && gasPrice >= gasPriceAt(rules, 0n), 'a gas price too low')
  Object.assign(audit, { request, gasPrice, requestedAt: timeOf(audit), status: STATUS.OPEN })
  if (!request.byReference) audit.input = input
  expect(audit, 'Escrowed', { subject: task, owner: request.requester, amount: order.maxPrice + order.tip })
}

export function taken(audit: Audit, { solver, price }: ArgsOf<'Taken'>): void {
  const request = requestOf(audit)
  const time = timeOf(audit)
  same(audit, 'status', 'the status', audit.status, STATUS.OPEN)
  holds(audit, 'time', time <= BigInt(request.order.expires), 'the order had expired')
  same(audit, 'payment', 'the price', price, priceAt(request, audit.requestedAt, time))
  Object.assign(audit, { solver, takenAt: time, status: STATUS.TAKEN })
  expect(audit, 'Locked', { subject: audit.task, owner: solver, tokens: audit.rules.bond, amount: depositIn(audit) })
}

/** The last second in which the solver may post. */
export const postingEndIn = (audit: Audit): bigint =>
  postingEnd(audit.rules, audit.takenAt, requestOf(audit).order.maxSteps)

export function noShow(audit: Audit, { solver, noShows }: ArgsOf<'NoShow'>): void {
  const { task, rules } = audit
  const { requester, order } = requestOf(audit)
  same(audit, 'status', 'the status', audit.status, STATUS.TAKEN)
  holds(audit, 'time', timeOf(audit) > postingEndIn(audit), 'the solver still had time')
  same(audit, 'status', 'the solver', solver, audit.solver)
  same(audit, 'status', 'the number of solvers', noShows, audit.noShows + 1)
  Object.assign(audit, { solver: undefined, noShows: audit.noShows + 1, status: STATUS.OPEN })
  const half = rules.bond / 2n
  expect(audit, 'Slashed', { subject: task, owner: solver, winner: requester, tokens: rules.bond, reward: half })
  expect(audit, 'Released', { subject: task, owner: solver, tokens: 0n, amount: depositIn(audit) })
  if (audit.noShows < MAX_NO_SHOWS && timeOf(audit) <= BigInt(order.expires)) return
  const refund = order.maxPrice + order.tip
  expect(audit, 'Credited', { subject: task, owner: requester, amount: refund })
  expect(audit, 'TaskClosed', { task, status: STATUS.EXPIRED, refund })
}

/** Ends a task, as a no-show does or a call of its own. */
export function closed(audit: Audit, { status, refund }: ArgsOf<'TaskClosed'>, isExpected: boolean): void {
  if (!isExpected) {
    const { requester, order } = requestOf(audit)
    requireClosable(audit, status)
    same(audit, 'payment', 'the refund', refund, order.maxPrice + order.tip)
    explain(audit, [{ name: 'Credited', args: { subject: audit.task, owner: requester, amount: refund } }])
  }
  audit.status = status as Audit['status']
}

function requireClosable(audit: Audit, status: number): void {
  const time = timeOf(audit)
  const verdict = verdictIn(audit, time)
  const { expires } = requestOf(audit).order
  if (status === STATUS.CANCELLED || status === STATUS.EXPIRED) {
    same(audit, 'status', 'the status', audit.status, STATUS.OPEN)
    holds(audit, 'time', status === STATUS.CANCELLED || time > BigInt(expires), 'the order had not expired')
    return
  }
  same(audit, 'status', 'the status', audit.status, STATUS.POSTED)
  same(audit, 'status', 'the verdict', verdict, status === STATUS.VOID ? 'void' : 'settled')
  if (status === STATUS.VOID) return
  same(audit, 'status', 'what the task became', status, STATUS.ABANDONED)
  const phases = present(audit, 'status', 'phase', audit.phases)
  const end = finalisingEnd(audit.rules, phases, audit.values.size)
  holds(audit, 'time', time > end, `the result could be opened until ${end}`)
}
