import { hexToBytes } from 'viem'
import { byteTreeRoot, type Hash, toHex, unpackRegisters } from '../interpreter/index.ts'
import { hashPair, marketAbi, priceAt } from '../protocol/index.ts'
import { STATUS as MACHINE } from '../spec/index.ts'
import { callsIn } from './calls.ts'
import type { ArgsOf } from './history.ts'
import { inputOf } from './moving.ts'
import { depositIn } from './requests.ts'
import {
  type Audit,
  aliveOf,
  ENTRY,
  type Entry,
  expect,
  explain,
  holds,
  lived,
  present,
  refuse,
  requestOf,
  STATUS,
  same,
  timeOf,
  verdictIn,
} from './state.ts'

/** What becomes of a settled value. Twin: contracts/market/Results.sol. */

/** As in OutcomeKind of contracts/interfaces/Task.sol. */
export const KIND = { NONE: 0, HALTED: 1, TRAPPED: 2, OUT_OF_STEPS: 3 } as const

export function finalised(audit: Audit, { value, outcome, output }: ArgsOf<'Finalised'>): void {
  const { order, requester, byReference } = requestOf(audit)
  same(audit, 'status', 'the status', audit.status, STATUS.POSTED)
  same(audit, 'status', 'the verdict', verdictIn(audit, timeOf(audit)), 'settled')
  const entries = audit.values.get(value) ?? []
  const [first] = entries
  if (first === undefined || aliveOf(entries).length === 0) refuse(audit, 'winner', 'no entry of this value lives')
  const omitted = openedBy(audit, first, outcome.outputRoot, output)
  if (!omitted) {
    same(audit, 'outcome', 'root of the output', toHex(byteTreeRoot(hexToBytes(output))), outcome.outputRoot)
  }
  same(audit, 'outcome', 'the ending', [outcome.kind, outcome.code], endingOf(first.regs))
  same(audit, 'outcome', 'the flags', [outcome.inputByReference, outcome.outputOmitted], [byReference, omitted])
  const event = present(audit, 'order', 'event', audit.event)
  audit.result = { event, value, outcome, output }
  audit.status = STATUS.FINAL
  audit.flags.priceDue = !lived(first)
  const price = priceIn(audit)
  if (lived(first)) payFirst(audit, first, price)
  if (price < order.maxPrice) expect(audit, 'Credited', credit(audit.task, requester, order.maxPrice - price))
}

/** Whether the output was left out; the call that opened the state must lead to its root. */
function openedBy(audit: Audit, { root, regs }: Entry, outputRoot: Hash, output: string): boolean {
  const request = requestOf(audit)
  const input = inputOf(audit)
  for (const name of ['finalise', 'finaliseLarge'] as const) {
    for (const args of callsIn(input, marketAbi, name, request.initial)) {
      const [, opened, path, told] = args as readonly [unknown, bigint, readonly Hash[], string]
      if (opened !== regs || told !== (name === 'finalise' ? output : outputRoot)) continue
      const reached = path.reduce((node, sibling) => hashPair(sibling, node), outputRoot)
      same(audit, 'outcome', 'the root of the state opened', reached, root)
      if (name === 'finaliseLarge') same(audit, 'outcome', 'an output that is left out', output, '0x')
      return name === 'finaliseLarge'
    }
  }
  return refuse(audit, 'call', 'no call in the transaction opens this state')
}

/** Kind and code of an ending. */
export function endingOf(regs: bigint): readonly [kind: number, code: number] {
  const { status, exit } = unpackRegisters(regs)
  if (status === MACHINE.HALTED) return [KIND.HALTED, exit]
  return status === MACHINE.TRAPPED ? [KIND.TRAPPED, exit] : [KIND.OUT_OF_STEPS, 0]
}

const priceIn = (audit: Audit): bigint => priceAt(requestOf(audit), audit.requestedAt, audit.takenAt)

const credit = (subject: Hash, owner: Entry['owner'], amount: bigint) => ({ subject, owner, amount })

/** The price goes to the value's first entry, and its stake with it if that is still locked. */
function payFirst(audit: Audit, { id, owner, status }: Entry, price: bigint): void {
  expect(audit, 'PricePaid', { task: audit.task, solver: owner, price })
  if (status !== ENTRY.ALIVE) {
    expect(audit, 'Credited', credit(audit.task, owner, price))
    return
  }
  expect(audit, 'EntryReleased', { task: audit.task, entry: id })
  const amount = price + depositIn(audit)
  expect(audit, 'Released', { subject: id, owner, tokens: audit.rules.bond, amount })
}

/** The price, paid with the result or, where the first entry is dead, by a call of its own. */
export function pricePaid(audit: Audit, { solver, price }: ArgsOf<'PricePaid'>, isExpected: boolean): void {
  if (isExpected) return
  const value = present(audit, 'payment', 'result before it', audit.result).value
  holds(audit, 'payment', audit.flags.priceDue, 'no price is due')
  same(audit, 'payment', 'who was paid', solver, aliveOf(audit.values.get(value))[0]?.owner)
  same(audit, 'payment', 'the price', price, priceIn(audit))
  audit.flags.priceDue = false
  expect(audit, 'Credited', credit(audit.task, solver, price))
}

export function delivered(audit: Audit, { by, success }: ArgsOf<'Delivered'>): void {
  const { callbackGas, tip } = requestOf(audit).order
  same(audit, 'status', 'the status', audit.status, STATUS.FINAL)
  holds(audit, 'status', callbackGas !== 0, 'no callback was asked for')
  holds(audit, 'status', !audit.flags.delivered, 'the requester was called back before')
  const isTipped = !audit.flags.tipPaid && tip !== 0n
  explain(audit, isTipped ? [{ name: 'Credited', args: credit(audit.task, by, tip) }] : [])
  Object.assign(audit.flags, { tipPaid: true, delivered: success })
}
