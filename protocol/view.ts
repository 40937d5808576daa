import { type Address, hexToBytes } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from './errors.ts'
import { seatOf } from './game-ids.ts'
import type { ArenaEvent } from './logs.ts'
import type { Head, Snapshot } from './reader.ts'
import { type ArenaRules, type Phases, phasesOf } from './rules.ts'
import { deadlineOf, decodeTurn, type Seat, type Turn } from './turns.ts'

/** An arena as its events tell it. */
export interface ArenaView {
  readonly rules: ArenaRules
  readonly head: Head
  readonly tasks: ReadonlyMap<Hash, TaskView>
  /** What is not among the tasks as its events have holes, by task; where that is not known, by what is missing. */
  readonly incomplete: ReadonlyMap<Hash, IncompleteHistory>
}

/** How a task stands. OPEN: nothing was entered yet, so no phase has begun. */
export type TaskStatus = 'open' | 'live' | 'settled' | 'void'

export interface TaskView {
  readonly id: Hash
  readonly program: Hash
  readonly creator: Address
  readonly salt: Hash
  readonly maxSteps: bigint
  readonly initial: Hash
  readonly input: Uint8Array
  readonly status: TaskStatus
  readonly phases: Phases | undefined
  readonly entries: ReadonlyMap<Hash, EntryView>
  /** Number of living entries of every value ever entered. */
  readonly values: ReadonlyMap<Hash, number>
  readonly games: ReadonlyMap<Hash, GameView>
  /** The value that settled. */
  readonly settled: Hash | undefined
}

/** ALIVE and DEAD until the task is over; then the bond is WITHDRAWN or DIVIDED. */
export type EntryStatus = 'alive' | 'dead' | 'withdrawn' | 'divided'

export interface EntryView {
  readonly id: Hash
  readonly owner: Address
  readonly value: Hash
  readonly root: Hash
  readonly regs: bigint
  readonly status: EntryStatus
  /** The entry that won the game by which it died. */
  readonly buriedBy: Hash | undefined
}

export interface GameView {
  readonly id: Hash
  readonly opener: Hash
  readonly target: Hash
  /** Entries by seat. */
  readonly seats: readonly [Hash, Hash]
  /** The turn to be answered, and the assertion that stands: n+1 hashes. */
  readonly turn: Turn
  readonly sequence: readonly Hash[]
  /** The last second in which the player on move may move. */
  readonly deadline: bigint
  /** The entry that won, once the game is over. */
  readonly winner: Hash | undefined
}

/** An event speaks of something that no earlier event made: the node's answer has holes, or begins too late. */
export class IncompleteHistory extends ProtocolError {
  override readonly name = 'IncompleteHistory'
  readonly event: string
  readonly missing: Hash
  constructor(event: string, missing: Hash) {
    super(`${event} speaks of ${missing}, which no earlier event made`)
    this.event = event
    this.missing = missing
  }
}

type Draft<T> = { -readonly [Key in keyof T]: T[Key] }
interface TaskDraft extends Omit<Draft<TaskView>, 'entries' | 'values' | 'games'> {
  entries: Map<Hash, Draft<EntryView>>
  values: Map<Hash, number>
  games: Map<Hash, Draft<GameView>>
}

/** What was built so far, and whose entry or game an id is. */
interface Drafts {
  readonly snapshot: Snapshot
  readonly tasks: Map<Hash, TaskDraft>
  readonly taskOfEntry: Map<Hash, TaskDraft>
  readonly opened: Map<Hash, Opened>
}

interface Opened {
  readonly task: TaskDraft
  readonly opener: Hash
  readonly target: Hash
}

/** The view that a snapshot tells; nothing else goes into it. A hole costs the task that it is in, and no other. */
export function viewOf(snapshot: Snapshot): ArenaView {
  const drafts: Drafts = { snapshot, tasks: new Map(), taskOfEntry: new Map(), opened: new Map() }
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
  return { rules, head, tasks: drafts.tasks, incomplete }
}

type Args<Name extends ArenaEvent['eventName']> = Extract<ArenaEvent, { eventName: Name }>['args']

function apply(drafts: Drafts, event: ArenaEvent): void {
  const name = event.eventName
  if (name === 'TaskCreated') createTask(drafts, event.args)
  if (name === 'Entered') enter(drafts, event.args)
  if (name === 'Opened') open(drafts, event.args)
  if (name === 'Moved') move(drafts, event.args)
  if (name === 'Proved' || name === 'TimedOut') win(drafts, name, event.args)
  if (name === 'Buried') bury(drafts, event.args)
  if (name === 'Settled') Object.assign(found(drafts.tasks, name, event.args.task), settled(event.args))
  if (name === 'Voided') found(drafts.tasks, name, event.args.task).status = 'void'
  if (name === 'BondPaid') entryOf(drafts, name, event.args.entry).status = 'withdrawn'
  if (name === 'BondSlashed') entryOf(drafts, name, event.args.entry).status = 'divided'
}

function found<T>(map: ReadonlyMap<Hash, T>, event: string, id: Hash): T {
  const value = map.get(id)
  if (value === undefined) throw new IncompleteHistory(event, id)
  return value
}

const entryOf = ({ taskOfEntry }: Drafts, event: string, entry: Hash): Draft<EntryView> =>
  found(found(taskOfEntry, event, entry).entries, event, entry)

const gameOf = ({ opened }: Drafts, event: string, game: Hash): Draft<GameView> =>
  found(found(opened, event, game).task.games, event, game)

function createTask(drafts: Drafts, args: Args<'TaskCreated'>): void {
  const { task: id, program, creator, salt, maxSteps, initial, input } = args
  drafts.tasks.set(id, {
    ...{ id, program, creator, salt, maxSteps, initial },
    input: hexToBytes(input),
    status: 'open',
    phases: undefined,
    entries: new Map(),
    values: new Map(),
    games: new Map(),
    settled: undefined,
  })
}

function enter(drafts: Drafts, { task: taskId, entry: id, owner, value, root, regs }: Args<'Entered'>): void {
  const task = found(drafts.tasks, 'Entered', taskId)
  const { rules, postedAt } = drafts.snapshot
  if (task.status === 'open') {
    task.status = 'live'
    task.phases = phasesOf(rules, found(postedAt, 'Entered', taskId), task.maxSteps)
  }
  task.entries.set(id, { id, owner, value, root, regs, status: 'alive', buriedBy: undefined })
  task.values.set(value, (task.values.get(value) ?? 0) + 1)
  drafts.taskOfEntry.set(id, task)
}

function open(drafts: Drafts, { task: taskId, opener, target, game }: Args<'Opened'>): void {
  drafts.opened.set(game, { task: found(drafts.tasks, 'Opened', taskId), opener, target })
}

/** The first move of a game comes with its opening. */
function move(drafts: Drafts, { game: id, turn: packed, sequence }: Args<'Moved'>): void {
  const { task, opener, target } = found(drafts.opened, 'Moved', id)
  const turn = decodeTurn(packed)
  const seats: [Hash, Hash] = seatOf(opener, target) === 0 ? [opener, target] : [target, opener]
  const winner = undefined
  task.games.set(id, { id, opener, target, seats, turn, sequence, deadline: deadlineOf(turn), winner })
}

function win(drafts: Drafts, event: string, { game: id, seat }: Args<'Proved' | 'TimedOut'>): void {
  const game = gameOf(drafts, event, id)
  game.winner = game.seats[Number(seat) as Seat]
}

function bury(drafts: Drafts, { winner, loser }: Args<'Buried'>): void {
  const task = found(drafts.taskOfEntry, 'Buried', loser)
  const dead = entryOf(drafts, 'Buried', loser)
  dead.status = 'dead'
  dead.buriedBy = winner
  task.values.set(dead.value, (task.values.get(dead.value) ?? 0) - 1)
}

const settled = ({ value }: Args<'Settled'>) => ({ status: 'settled', settled: value }) as const
