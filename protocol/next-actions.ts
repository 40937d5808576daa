import type { Address } from 'viem'
import { type Hash, unpackRegisters } from '../interpreter/index.ts'
import type { Action, Claim, Decision, Enter, EnterReason, Skip, SkipReason, Subject } from './actions.ts'
import { answer, lookAhead, ownSequence } from './answer.ts'
import { rootOf } from './bisection.ts'
import { entryId, gameId } from './game-ids.ts'
import type { PlayedTrace } from './played-trace.ts'
import type { Funds } from './reader.ts'
import type { ArenaRules, Phases } from './rules.ts'
import type { EntryView, GameView, TaskView } from './view.ts'

/** The account that plays, and what it can lock. */
export interface Me extends Funds {
  readonly address: Address
}

/** All that a decision is made from. `now` is the time of the block that the task was read at. */
export interface Situation {
  readonly rules: ArenaRules
  readonly task: TaskView
  readonly trace: PlayedTrace
  readonly me: Me
  readonly now: bigint
}

/** A way to play: a pure function of what is on chain and what was computed. */
export type Strategy = (situation: Situation) => Decision

/** What is known of a task before it is computed. */
export type Glance = Omit<Situation, 'trace'>

/** Why nothing is to be done in a task, whatever its truth may be; `undefined` if that depends on it. */
export type Idle = (glance: Glance) => Skip | undefined

const NOTHING: Decision = { actions: [], skips: [] }

const act = (...actions: Action[]): Decision => ({ actions, skips: [] })

function join(decisions: readonly Decision[]): Decision {
  return { actions: decisions.flatMap(({ actions }) => actions), skips: decisions.flatMap(({ skips }) => skips) }
}

function skip({ task }: Situation, subject: Subject, reason: SkipReason, id?: Hash): Decision {
  const skipped: Skip = { task: task.id, subject, reason, ...(id === undefined ? {} : { id }) }
  return { actions: [], skips: [skipped] }
}

const claimOf = ({ owner, value }: EntryView): Claim => ({ owner, value })

const isAlive = (entry: EntryView | undefined): entry is EntryView => entry?.status === 'alive'

/**
 * The honest strategy in a dispute: if a false answer is there, enter the truth where it is missing, and later in
 * its support; open against every living rival; answer every game; collect timeouts, bury, settle, withdraw.
 * Nobody is asked what it did before: the same situation gives the same decision.
 */
export const nextActions: Strategy = (situation) => {
  const { task, trace, me, rules } = situation
  if (task.phases === undefined) return skip(situation, 'enter', 'noFalseAnswer')
  const mine = task.entries.get(entryId(rules, task.id, me.address, trace.final.value))
  if (task.status !== 'live') return join([withdraw(situation, mine), divide(situation, mine)])
  const dispute = mine === undefined ? enterDispute(situation, task.phases) : playAll(situation, task.phases, mine)
  return join([dispute, settle(situation, task.phases, mine)])
}

/**
 * Why the honest strategy does nothing whatever the truth is. A run takes time and anybody can ask for one, so it is
 * made only where a bond of one's own is at stake or a rival's can be won.
 */
export const idle: Idle = ({ rules, task, me, now }) => {
  const { phases, entries, values } = task
  const because = (reason: SkipReason): Skip => ({ task: task.id, subject: 'enter', reason })
  if (phases === undefined) return because('noFalseAnswer')
  if ([...entries.values()].some(({ owner }) => owner === me.address)) return undefined
  if (now >= phases.support) return because('enteringClosed')
  if (now >= phases.challenge && values.size === 1) return because('onlyOneValueSeen')
  return me.balance < rules.bond ? because('balanceTooSmall') : undefined
}

/** Whether a task can still ask something of `owner`: it runs, or a bond of it is due. */
export function concerns({ status, entries }: TaskView, owner: Address): boolean {
  if (status === 'open' || status === 'live') return true
  const isMine = (id: Hash | undefined) => id !== undefined && entries.get(id)?.owner === owner
  return [...entries.values()].some((entry) =>
    entry.status === 'alive' ? isMine(entry.id) : entry.status === 'dead' && isMine(entry.buriedBy),
  )
}

/** Enters, with the allowance first if the arena may not take the bond yet. */
export function enter(situation: Situation, reason: EnterReason, target?: EntryView): Decision {
  const { rules, task, trace, me } = situation
  if (me.balance < rules.bond) return skip(situation, 'enter', 'balanceTooSmall')
  if (me.allowance < rules.bond) {
    return act({ kind: 'approve', reason: 'allowanceTooSmall', task: task.id, amount: rules.bond })
  }
  const { root, regs, value } = trace.final
  const entering: Enter = { kind: 'enter', reason, task: task.id, root, regs, value }
  if (target === undefined) return act(entering)
  return act({ ...entering, kind: 'enterAndOpen', ...firstSequence(situation, target) })
}

function enterDispute(situation: Situation, phases: Phases): Decision {
  const { task, trace, now } = situation
  const truth = trace.final.value
  const seen = [...task.values.keys()]
  if (now >= phases.support) return skip(situation, 'enter', 'enteringClosed')
  if (seen.every((value) => value === truth)) {
    return skip(situation, 'enter', now < phases.challenge ? 'noFalseAnswer' : 'onlyOneValueSeen')
  }
  if (now < phases.challenge) {
    if (task.values.has(truth)) return skip(situation, 'enter', 'truthStands')
    return enter(situation, 'truthMissing', livingRivals(situation)[0])
  }
  if (!task.values.has(truth)) return skip(situation, 'enter', 'truthNotSeenInTime')
  return enter(situation, 'supportTruth', livingRivals(situation)[0])
}

const livingRivals = ({ task, trace }: Situation): EntryView[] =>
  [...task.entries.values()].filter((entry) => isAlive(entry) && entry.value !== trace.final.value)

/** The hashes between the initial state and one's own final one, for the range that the contract takes. */
function firstSequence({ rules, trace }: Situation, target: EntryView): { target: Claim; inner: Hash[] } {
  const rival = unpackRegisters(target.regs).steps
  const len = trace.final.steps > rival ? trace.final.steps : rival
  const inner = ownSequence(trace, { lo: 0n, len }, rules.arity).slice(1, -1)
  return { target: claimOf(target), inner }
}

function playAll(situation: Situation, phases: Phases, mine: EntryView): Decision {
  if (mine.status !== 'alive') return skip(situation, 'answer', 'ownEntryDead', mine.id)
  const games = [...situation.task.games.values()]
    .filter((game) => game.seats.includes(mine.id))
    .sort((a, b) => Number(a.deadline - b.deadline))
  lookAhead(
    games.filter((game) => isToAnswer(situation, mine, game)),
    situation.trace,
    situation.rules.arity,
  )
  const plays = games.map((game) => play(situation, phases, mine, game))
  return join([...plays, ...livingRivals(situation).map((rival) => open(situation, phases, mine, rival))])
}

/** Whether a game waits for the player's move. */
const isToAnswer = ({ now }: Situation, mine: EntryView, { winner, seats, turn, deadline }: GameView): boolean =>
  winner === undefined && seats[turn.mover.seat] === mine.id && now <= deadline

function open(situation: Situation, phases: Phases, mine: EntryView, rival: EntryView): Decision {
  const { task, now } = situation
  if (task.games.has(gameId(mine.id, rival.id))) return NOTHING
  if (now >= phases.opening) return skip(situation, 'open', 'openingClosed', rival.id)
  const sequence = firstSequence(situation, rival)
  return act({ kind: 'open', reason: 'rivalAlive', task: task.id, value: mine.value, ...sequence })
}

/** One game of the player's living entry. */
function play(situation: Situation, phases: Phases, mine: EntryView, game: GameView): Decision {
  const { task, trace, rules, now } = situation
  const rival = task.entries.get(game.seats[0] === mine.id ? game.seats[1] : game.seats[0])
  if (!isAlive(rival)) return skip(situation, 'answer', 'rivalDead', game.id)
  if (game.winner !== undefined) return bury(situation, phases, mine, rival, game)
  const onMove = game.seats[game.turn.mover.seat] === mine.id
  // A game won by now could bury nobody any more.
  if (now >= phases.end) return skip(situation, onMove ? 'answer' : 'timeout', 'buryingClosed', game.id)
  if (now > game.deadline) {
    if (onMove) return skip(situation, 'answer', 'ownClockRanOut', game.id)
    const { id, turn } = game
    const root = rootOf(game.sequence)
    return act({ kind: 'timeout', reason: 'rivalClockRanOut', task: task.id, game: id, turn, root })
  }
  if (!onMove) return skip(situation, 'timeout', 'rivalOnMove', game.id)
  const move = answer(task.id, game, trace, rules.arity)
  return typeof move === 'string' ? skip(situation, 'answer', move, game.id) : act(move)
}

function bury(situation: Situation, phases: Phases, mine: EntryView, rival: EntryView, game: GameView): Decision {
  const { task, now } = situation
  if (game.winner !== mine.id) return skip(situation, 'bury', 'gameLost', game.id)
  if (now >= phases.end) return skip(situation, 'bury', 'buryingClosed', game.id)
  return act({ kind: 'bury', reason: 'gameWon', task: task.id, winner: claimOf(mine), loser: claimOf(rival) })
}

/** A living entry of one's own holds the truth; so if one value is left, it is that. */
function settle(situation: Situation, phases: Phases, mine: EntryView | undefined): Decision {
  const { task, now } = situation
  if (!isAlive(mine)) return skip(situation, 'settle', 'nothingAtStake')
  const alive = [...task.values.values()].filter((count) => count > 0).length
  if (alive > 1) {
    if (now < phases.end) return skip(situation, 'settle', 'valuesCompete')
    return act({ kind: 'voidTask', reason: 'endedWithoutUnanimity', task: task.id })
  }
  if (now < phases.challenge) return skip(situation, 'settle', 'challengeOpen')
  if (task.values.size > 1 && now < phases.opening) return skip(situation, 'settle', 'openingOpen')
  return act({ kind: 'settle', reason: 'unanimous', task: task.id, claim: claimOf(mine) })
}

function withdraw({ task }: Situation, mine: EntryView | undefined): Decision {
  if (!isAlive(mine)) return NOTHING
  return act({ kind: 'withdraw', reason: 'taskOver', task: task.id, claim: claimOf(mine) })
}

/** Shares out the bonds whose half is due to the player. */
function divide({ task }: Situation, mine: EntryView | undefined): Decision {
  if (mine === undefined || task.settled === undefined) return NOTHING
  if (mine.status !== 'alive' && mine.status !== 'withdrawn') return NOTHING
  const due = [...task.entries.values()].filter((entry) => entry.status === 'dead' && entry.buriedBy === mine.id)
  const winner = claimOf(mine)
  return act(
    ...due.map((dead): Action => ({ kind: 'divide', reason: 'rewardDue', task: task.id, dead: claimOf(dead), winner })),
  )
}
