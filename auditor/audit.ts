import { buried, entered, opened } from './entering.ts'
import { type ArgsOf, type EventName, eventsOf, type History, type HistoryEvent } from './history.ts'
import { moved, proved, timedOut } from './moving.ts'
import { divided, released } from './payouts.ts'
import { closed, noShow, requested, taken } from './requests.ts'
import { delivered, finalised, pricePaid } from './results.ts'
import { type Audit, holds, newAudit, refuse, same } from './state.ts'
import { requireStored } from './storage.ts'

/**
 * Goes through a history as the contracts went through it: each event must be what they emit then, and in the end they
 * must keep what the events add up to.
 * @throws ForgedHistory
 */
export function audit(history: History): Audit {
  const state = newAudit(history)
  for (const event of eventsOf(history)) {
    requireSettled(state, event)
    state.event = event
    take(state, event)
  }
  requireSettled(state, undefined)
  state.event = undefined
  requireStored(state)
  return state
}

/** When a transaction is over, nothing of it may be missing, and each payment must have had its reason. */
function requireSettled(state: Audit, next: HistoryEvent | undefined): void {
  const { event, expected, loose, opening } = state
  if (event === undefined || event.transaction === next?.transaction) return
  const [missing] = expected
  if (missing !== undefined) refuse(state, 'payment', `${missing.name} is missing after it`)
  if (loose.length > 0) refuse(state, 'payment', 'nothing explains it')
  if (opening !== undefined) refuse(state, 'turn', 'the first move of the game is missing')
}

function take(state: Audit, event: HistoryEvent): void {
  const next = state.expected.shift()
  if (next !== undefined) same(state, 'payment', 'the event', { name: event.name, args: event.args }, told(next))
  holds(state, 'turn', state.opening === undefined || event.name === 'Moved', 'the first move of the game is missing')
  if ('task' in event.args) same(state, 'task', 'the task', event.args.task, state.task)
  apply(state, event, next !== undefined)
}

const told = ({ name, args }: Audit['expected'][number]) => ({ name, args })

type Rule<Name extends EventName> = (state: Audit, args: ArgsOf<Name>, isExpected: boolean) => void

/** Explained by an event of the market that comes next, unless one before it made it. */
function paid(state: Audit, _: unknown, isExpected: boolean): void {
  if (!isExpected && state.event !== undefined) state.loose.push(state.event)
}

/** What each event about a task must be, and does; hints about where an input can be had prove and change nothing. */
const RULES: { readonly [Name in EventName]?: Rule<Name> } = {
  TaskRequested: requested,
  InputLocated: () => {},
  Taken: taken,
  NoShow: noShow,
  TaskClosed: closed,
  Entered: entered,
  Opened: opened,
  Moved: moved,
  Proved: proved,
  TimedOut: timedOut,
  Buried: buried,
  Finalised: finalised,
  PricePaid: pricePaid,
  Delivered: delivered,
  EntryReleased: released,
  EntryDivided: divided,
  Locked: paid,
  Released: paid,
  Slashed: paid,
  Escrowed: paid,
  Credited: paid,
}

function apply(state: Audit, { name, args }: HistoryEvent, isExpected: boolean): void {
  const rule = RULES[name] as Rule<typeof name> | undefined
  if (rule === undefined) refuse(state, 'encoding', 'it is about no task')
  rule(state, args as never, isExpected)
}
