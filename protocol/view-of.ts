import { hexToBytes } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { originOf, seatOf } from './game-ids.ts'
import type { MarketEvent } from './logs.ts'
import type { Snapshot } from './reader.ts'
import { phasesOf } from './rules.ts'
import { deadlineOf, decodeTurn, type Seat } from './turns.ts'
import {
  type EntryView,
  type GameView,
  IncompleteHistory,
  type MarketView,
  type TaskOutcome,
  type TaskStatus,
  type TaskView,
  verdictOf,
} from './view.ts'

type Draft<T> = { -readonly [Key in keyof T]: T[Key] }
interface EntryDraft extends Omit<Draft<EntryView>, 'opponents'> {
  opponents: Hash[]
}
interface TaskDraft extends Omit<Draft<TaskView>, 'entries' | 'values' | 'games'> {
  entries: Map<Hash, EntryDraft>
  values: Map<Hash, number>
  games: Map<Hash, Draft<GameView>>
}

/** What was built so far, and whose entry or game an id is. */
interface Drafts {
  readonly snapshot: Snapshot
  readonly tasks: Map<Hash, TaskDraft>
  readonly opened: Map<Hash, Opened>
}

interface Opened {
  readonly task: TaskDraft
  readonly opener: Hash
  readonly target: Hash
  readonly seats: readonly [Hash, Hash]
  readonly ordinals: readonly [number, number]
}

/** The view that a snapshot tells; nothing else goes into it. A hole costs the task that it is in, and no other. */
export function viewOf(snapshot: Snapshot): MarketView {
  const drafts: Drafts = { snapshot, tasks: new Map(), opened: new Map() }
  const incomplete = new Map<Hash, IncompleteHistory>()
  for (const event of snapshot.events) {
    try {
      apply(drafts, event)
    } catch (error) {
      if (!(error instanceof IncompleteHistory)) throw error
      const id = 'task' in event.args ? event.args.task : error.missing
      if (!incomplete.has(id)) incomplete.set(id, error)
    }
  }
  for (const task of incomplete.keys()) drafts.tasks.delete(task)
  const { rules, head } = snapshot
  for (const task of drafts.tasks.values()) task.verdict = verdictOf(task, head.timestamp)
  return { rules, head, tasks: drafts.tasks, incomplete }
}

type EventOf<Name extends MarketEvent['eventName']> = Extract<MarketEvent, { eventName: Name }>
type Args<Name extends MarketEvent['eventName']> = EventOf<Name>['args']

/** As TaskStatus of contracts/interfaces/Task.sol. */
const CLOSED: Readonly<Record<number, TaskStatus>> = { 5: 'void', 6: 'cancelled', 7: 'expired', 8: 'abandoned' }
/** As OutcomeKind. */
const KINDS: Readonly<Record<number, TaskOutcome['kind']>> = { 1: 'halted', 2: 'trapped', 3: 'outOfSteps' }

function apply(drafts: Drafts, event: MarketEvent): void {
  const name = event.eventName
  if (name === 'TaskRequested') request(drafts, event.args, timeOf(drafts, event, event.args.task))
  if (name === 'Taken') take(drafts, event.args, timeOf(drafts, event, event.args.task))
  if (name === 'Entered') enter(drafts, event)
  if (name === 'Opened') open(drafts, event.args)
  if (name === 'Moved') move(drafts, event.args)
  if (name === 'Proved' || name === 'TimedOut') win(drafts, name, event.args)
  if (name === 'Buried') bury(drafts, event.args)
  if (name === 'EntryReleased') entryOf(drafts, name, event.args).status = 'released'
  if (name === 'EntryDivided') divide(drafts, event.args)
  if (isChange(event)) Object.assign(...changed(drafts, event))
}

type Change = EventOf<(typeof CHANGES)[number]>

/** Events that change nothing but a task's own fields. */
const CHANGES = ['NoShow', 'TaskClosed', 'Finalised', 'PricePaid', 'Delivered'] as const

const isChange = (event: MarketEvent): event is Change => CHANGES.some((name) => name === event.eventName)

/** The task, and its fields as they are now. */
function changed({ tasks }: Drafts, event: Change): [TaskDraft, Partial<TaskDraft>] {
  const task = found(tasks, event.eventName, event.args.task)
  switch (event.eventName) {
    case 'NoShow':
      return [task, { noShows: Number(event.args.noShows), ...UNTAKEN }]
    case 'TaskClosed':
      return [task, { status: CLOSED[event.args.status] ?? task.status }]
    case 'Finalised':
      return [task, finalised(event.args)]
    case 'PricePaid':
      return [task, { priceDue: false }]
    case 'Delivered':
      return [task, { tipPaid: true, delivered: task.delivered || event.args.success }]
  }
}

const UNTAKEN = { status: 'open', solver: undefined, takenAt: undefined, price: undefined } as const

function found<T>(map: ReadonlyMap<Hash, T>, event: string, id: Hash): T {
  const value = map.get(id)
  if (value === undefined) throw new IncompleteHistory(event, id)
  return value
}

/** The time of an event's block, which the reader looked up. */
const timeOf = ({ snapshot }: Drafts, { eventName, blockHash }: MarketEvent, task: Hash): bigint => {
  const time = snapshot.times.get(blockHash)
  if (time === undefined) throw new IncompleteHistory(eventName, task)
  return time
}

const entryOf = ({ tasks }: Drafts, event: string, { task, entry }: { task: Hash; entry: Hash }): EntryDraft =>
  found(found(tasks, event, task).entries, event, entry)

function request(drafts: Drafts, args: Args<'TaskRequested'>, requestedAt: bigint): void {
  const { task: id, request, gasPrice, input } = args
  drafts.tasks.set(id, {
    ...{ id, request, gasPrice, requestedAt, ...UNTAKEN },
    origin: originOf(request),
    input: request.byReference ? undefined : hexToBytes(input),
    noShows: 0,
    ...{ postedAt: undefined, phases: undefined, verdict: 'pending', result: undefined },
    ...{ entries: new Map(), values: new Map(), games: new Map() },
    ...{ priceDue: false, tipPaid: false, delivered: false },
  })
}

function take({ tasks }: Drafts, { task: id, solver, price }: Args<'Taken'>, takenAt: bigint): void {
  Object.assign(found(tasks, 'Taken', id), { status: 'taken', solver, price, takenAt })
}

function enter(drafts: Drafts, event: EventOf<'Entered'>): void {
  const { task: taskId, entry: id, owner, value, root, regs } = event.args
  const task = found(drafts.tasks, 'Entered', taskId)
  if (task.postedAt === undefined) post(drafts, task, event)
  const ordinal = [...task.entries.values()].filter((entry) => entry.value === value).length
  const payout = { cursor: 0, refunds: 0, rewarded: false }
  const fresh = { status: 'alive', buriedBy: undefined, opponents: [] } as const
  task.entries.set(id, { id, owner, value, root, regs, ordinal, payout, ...fresh, opponents: [] })
  task.values.set(value, (task.values.get(value) ?? 0) + 1)
}

/** The first entry is the solver's. */
function post(drafts: Drafts, task: TaskDraft, event: EventOf<'Entered'>): void {
  if (task.solver !== event.args.owner) throw new IncompleteHistory('Entered', task.id)
  task.status = 'posted'
  task.postedAt = timeOf(drafts, event, task.id)
  task.phases = phasesOf(drafts.snapshot.rules, task.postedAt, task.origin.maxSteps)
}

function open(drafts: Drafts, { task: taskId, opener, target, game }: Args<'Opened'>): void {
  const task = found(drafts.tasks, 'Opened', taskId)
  const seats: [Hash, Hash] = seatOf(opener, target) === 0 ? [opener, target] : [target, opener]
  const [entry0, entry1] = [found(task.entries, 'Opened', seats[0]), found(task.entries, 'Opened', seats[1])]
  entry0.opponents.push(entry1.id)
  entry1.opponents.push(entry0.id)
  const ordinals: [number, number] = [entry0.opponents.length, entry1.opponents.length]
  drafts.opened.set(game, { task, opener, target, seats, ordinals })
}

/** The first move of a game comes with its opening. */
function move(drafts: Drafts, { game: id, turn: packed, sequence }: Args<'Moved'>): void {
  const { task, ...opened } = found(drafts.opened, 'Moved', id)
  const turn = decodeTurn(packed)
  task.games.set(id, { id, ...opened, turn, sequence, deadline: deadlineOf(turn), winner: undefined })
}

function win({ opened }: Drafts, event: string, { game: id, seat }: Args<'Proved' | 'TimedOut'>): void {
  const game = found(found(opened, event, id).task.games, event, id)
  game.winner = game.seats[Number(seat) as Seat]
}

function bury(drafts: Drafts, { task: id, winner, loser }: Args<'Buried'>): void {
  const task = found(drafts.tasks, 'Buried', id)
  const dead = found(task.entries, 'Buried', loser)
  dead.status = 'dead'
  dead.buriedBy = winner
  task.values.set(dead.value, (task.values.get(dead.value) ?? 0) - 1)
}

function divide(drafts: Drafts, args: Args<'EntryDivided'>): void {
  const entry = entryOf(drafts, 'EntryDivided', args)
  const rewarded = entry.payout.rewarded || BigInt(args.rewarded) !== 0n
  entry.payout = { cursor: Number(args.cursor), refunds: Number(args.refunds), rewarded }
  if (args.divided) entry.status = 'divided'
}

/** The price is due until PricePaid, which follows at once where the first entry lives. */
function finalised({ value, outcome, output }: Args<'Finalised'>): Partial<TaskDraft> {
  const kind = KINDS[outcome.kind]
  if (kind === undefined) throw new IncompleteHistory('Finalised', value)
  const result = { value, outcome: { ...outcome, kind }, output: hexToBytes(output) }
  return { status: 'final', priceDue: true, result }
}
