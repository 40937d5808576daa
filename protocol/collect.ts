import type { Address } from 'viem'
import type {
  Action,
  Decision,
  Deliver,
  Finalise,
  FinaliseLarge,
  FinaliseReason,
  PayDead,
  Release,
  SkipReason,
} from './actions.ts'
import { DELIVERY_GAS } from './costs.ts'
import { clocksOf, REFUNDS, verdictFrom } from './rules.ts'
import { act, claimOf, type Glance, isAlive, join, lived, NOTHING, type Situation, skip } from './situation.ts'
import { type EntryView, type TaskView, verdictOf } from './view.ts'

/** What is done after the verdict: opening the result, and collecting what is due. */

/** Opponents of a dead entry that one payment names at most: each takes a few storage reads. */
const OPPONENTS_PER_CALL = 64

/** Payments that go with the opening at most, to stay far below what a transaction may carry; more come later. */
const MAX_FOLLOWERS = 4

/** What is told of an output above the market's cap. */
const OMITTED = new Uint8Array(0)

/**
 * Opens the settled state and collects what is due with it. That is up to the earliest living entry, which it pays; the
 * others leave it the least time of a move before they do it themselves.
 */
export function finalise(situation: Situation): Decision {
  const { task, now } = situation
  if (task.status !== 'posted' || verdictOf(task, now) !== 'settled') return collect(situation)
  const turn = turnOf(situation)
  if (turn !== 'priceDue' && turn !== 'nobodyFinalised') {
    return join([skip(situation, 'finalise', turn), collect(situation)])
  }
  const opening = finalising(situation, turn)
  const delivery = delivering(situation, opening.kind === 'finalise' ? opening.output : OMITTED)
  const delivers = typeof delivery === 'object' ? [delivery] : []
  return act({ ...opening, followedBy: [...stakes(situation, true).slice(0, MAX_FOLLOWERS), ...delivers] })
}

/** Why the result is opened, or why not. */
function turnOf(situation: Situation): FinaliseReason | SkipReason {
  const { task, trace, me } = situation
  const living = [...task.entries.values()].filter(lived)
  if (!living.some(({ owner }) => owner === me.owner)) return 'nothingAtStake'
  if (living[0]?.value !== trace.final.value) return 'falsehoodSettled'
  if (living[0].owner === me.owner) return 'priceDue'
  return isLeft(situation, 1n) ? 'nobodyFinalised' : 'othersTurn'
}

/** Whether those whom it pays had so many times the least time of a move since a verdict could stand. */
export const isLeft = ({ rules, task: { origin, phases, values }, now }: Glance, times: bigint): boolean =>
  phases !== undefined && now >= verdictFrom(phases, values.size) + times * clocksOf(rules, origin.maxSteps).least

function finalising({ rules, task, trace }: Situation, reason: FinaliseReason): Finalise | FinaliseLarge {
  const { length: bytes, output, path, root: outputRoot, lengthPath } = trace.result()
  const common = { reason, task: task.id, request: task.request, regs: trace.final.regs, path, followedBy: [] }
  const length = BigInt(bytes)
  if (length <= rules.maxOutput) return { kind: 'finalise', ...common, output }
  return { kind: 'finaliseLarge', ...common, outputRoot, length, lengthPath }
}

/**
 * Collects what is due to the owner and takes no computation: stakes of living entries, rewards and refunds out of the
 * dead, the price, the tip.
 */
export function collect(glance: Glance): Decision {
  const { task, me, now } = glance
  const verdict = verdictOf(task, now)
  if (verdict === 'pending') return NOTHING
  if (![...task.entries.values()].some(({ owner }) => owner === me.owner)) return NOTHING
  return join([
    verdict === 'void' && task.status === 'posted' ? act(voiding(task)) : NOTHING,
    act(...stakes(glance, false)),
    isPriceDueTo(task, me.owner) ? act(payPrice(task)) : NOTHING,
    deliver(glance),
  ])
}

/** Stakes to be released and shared out; with the opening, the first entry of the final value gets its own. */
function stakes({ task, me }: Glance, opensNow: boolean): (Release | PayDead)[] {
  const mine = [...task.entries.values()].filter(({ owner }) => owner === me.owner)
  const releases = mine.filter((entry) => isReleasable(entry, opensNow)).map((entry) => releasing(task, entry))
  return [...releases, ...deadDue(task, me.owner)]
}

/** Whether something after the verdict is left to `owner` in a task. */
export function isDue(task: TaskView, owner: Address): boolean {
  const mine = [...task.entries.values()].filter((entry) => entry.owner === owner)
  if (mine.length === 0) return false
  if (task.status === 'posted' || mine.some(isAlive) || deadDue(task, owner).length > 0) return true
  return isPriceDueTo(task, owner) || isTipDue(task)
}

/** The first entry of the final value gets its stake with the price. */
const isReleasable = (entry: EntryView, opensNow: boolean): boolean =>
  isAlive(entry) && !(opensNow && entry.ordinal === 0)

const voiding = ({ id, request }: TaskView): Action => ({
  ...{ kind: 'voidTask', reason: 'endedWithoutUnanimity' },
  ...{ task: id, request },
})

const releasing = ({ id, origin }: TaskView, entry: EntryView): Release => ({
  ...{ kind: 'release', reason: 'stakeDue', task: id, origin },
  claim: claimOf(entry),
})

/** Payments out of dead entries that give something to `owner`. */
const deadDue = (task: TaskView, owner: Address): PayDead[] =>
  [...task.values.values()].filter((alive) => alive > 0).length === 1
    ? [...task.entries.values()].flatMap((entry) => payDead(task, entry, owner))
    : []

/** Up to four opponents that lived get something, in the order of opening. */
function payDead(task: TaskView, dead: EntryView, owner: Address): PayDead[] {
  if (dead.status !== 'dead') return []
  const { cursor, refunds, rewarded } = dead.payout
  const unpaid = dead.opponents.slice(cursor).map((id) => task.entries.get(id) as EntryView)
  const paid = unpaid.filter(lived).slice(0, REFUNDS - refunds)
  const place = paid.findIndex((entry) => entry.owner === owner)
  if (place < 0) return []
  const reason = place === 0 && !rewarded ? 'rewardDue' : 'refundDue'
  const opponents = unpaid.slice(0, OPPONENTS_PER_CALL).map(claimOf)
  return [{ kind: 'payDead', reason, task: task.id, request: task.request, dead: claimOf(dead), opponents }]
}

/** Entries of the final value, in order, up to the earliest that lived. */
function upToPaid({ entries, result }: TaskView): EntryView[] {
  const all = [...entries.values()].filter(({ value }) => value === result?.value)
  return all.slice(0, all.findIndex(lived) + 1)
}

const isPriceDueTo = (task: TaskView, owner: Address): boolean =>
  task.priceDue && upToPaid(task).at(-1)?.owner === owner

const payPrice = (task: TaskView): Action => ({
  ...{ kind: 'payPrice', reason: 'priceDue', task: task.id, request: task.request },
  value: upToPaid(task).at(-1)?.value as Action['task'],
  owners: upToPaid(task)
    .slice(1)
    .map(({ owner }) => owner),
})

/** Whether nobody has called back yet, and it pays. Whoever wants it again after a failure does it itself. */
const isTipDue = ({ status, request, tipPaid }: TaskView): boolean =>
  status === 'final' && request.order.callbackGas > 0 && request.order.tip > 0n && !tipPaid

function deliver(glance: Glance): Decision {
  const { task, me } = glance
  if (task.status !== 'final' || task.tipPaid || task.result === undefined) return NOTHING
  const delivery = delivering(glance, task.result.output)
  if (delivery === undefined) return NOTHING
  if (typeof delivery === 'string') return skip(glance, 'deliver', delivery)
  const isMyTurn = upToPaid(task).at(-1)?.owner === me.owner || isLeft(glance, 2n)
  return isMyTurn ? act(delivery) : skip(glance, 'deliver', 'othersTurn')
}

/** The first delivery, if one is asked for, or why it does not pay. */
function delivering({ task, baseFee }: Glance, output: Uint8Array): Deliver | SkipReason | undefined {
  const { callbackGas, tip } = task.request.order
  if (callbackGas === 0) return undefined
  if (tip === 0n) return 'noTip'
  if (tip < (BigInt(callbackGas) + DELIVERY_GAS) * baseFee) return 'tipTooSmall'
  return { kind: 'deliver', reason: 'tipPays', task: task.id, request: task.request, output }
}
