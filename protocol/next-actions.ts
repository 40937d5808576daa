import type { Address } from 'viem'
import { type Hash, unpackRegisters } from '../interpreter/index.ts'
import type { Decision, Enter, EnterReason, Target } from './actions.ts'
import { answer, ownSequence } from './answer.ts'
import { collect, finalise, isDue } from './collect.ts'
import { entryId, gameId } from './game-ids.ts'
import { both } from './questions.ts'
import type { Phases } from './rules.ts'
import {
  act,
  cannotStake,
  type Idle,
  isAlive,
  isDoubtful,
  join,
  NOTHING,
  reserveWith,
  type Situation,
  type Strategy,
  skip,
  skipped,
  whenKnown,
} from './situation.ts'
import { type EntryView, type GameView, type TaskView, verdictOf } from './view.ts'
import { bury, burying, rivalIn, timeout } from './without-trace.ts'

/**
 * The honest strategy once a task is posted: if a false answer is there, enter the truth where it is missing, and later
 * in its support; open against every living rival; answer every game; collect timeouts, bury; after the verdict open the
 * result and collect what is due. Nobody is asked what it did before: the same situation gives the same decision.
 */
export const nextActions: Strategy = (situation) => {
  const { task, trace, me, rules, now } = situation
  if (task.phases === undefined) return skip(situation, 'enter', 'noFalseAnswer')
  if (task.status !== 'posted') return collect(situation)
  const mine = task.entries.get(entryId(rules, task.id, me.owner, trace.final.value))
  if (verdictOf(task, now) === 'pending') {
    const dispute = mine === undefined ? enterDispute(situation, task.phases) : playAll(situation, task.phases, mine)
    return join([dispute, wait(situation, task.phases, mine)])
  }
  return finalise(situation)
}

/**
 * Why the honest strategy does nothing whatever the truth is. A run takes time and anybody can ask for one, so it is
 * made only where a stake of one's own is locked or a rival's can be won.
 */
export const idle: Idle = (glance) => {
  const { task, me, now } = glance
  const { phases, entries, values } = task
  if (phases === undefined) return skipped(glance, 'enter', 'noFalseAnswer')
  if ([...entries.values()].some(({ owner }) => owner === me.owner)) return undefined
  if (now >= phases.support) return skipped(glance, 'enter', 'enteringClosed')
  if (now >= phases.challenge && values.size === 1) return skipped(glance, 'enter', 'onlyOneValueSeen')
  const reason = cannotStake(glance)
  return reason === undefined ? undefined : skipped(glance, 'enter', reason)
}

/** Whether a task can still ask something of `owner` at `now`: it is not over, or something is due to it. */
export function concerns(task: TaskView, owner: Address, now: bigint): boolean {
  const { status } = task
  if (status === 'open' || status === 'taken') return true
  if (status === 'posted' && verdictOf(task, now) === 'pending') return true
  return isDue(task, owner)
}

/** Enters with the truth; with a target, opens against it as well. */
function enter(situation: Situation, reason: EnterReason, target?: EntryView): Decision {
  const { task, trace, me } = situation
  const why = cannotStake(situation)
  if (why !== undefined) return skip(situation, 'enter', why)
  const first = () => (target === undefined ? undefined : firstSequence(situation, target))
  const [doubt, sequence] = both(() => isDoubtful(situation), first)
  if (doubt !== undefined) return skip(situation, 'enter', doubt)
  const { root, regs, value } = trace.final
  const entering: Enter = {
    ...{ kind: 'enter', reason, task: task.id, origin: task.origin },
    ...{ owner: me.owner, reserve: reserveWith(situation), root, regs, value },
  }
  return act(sequence === undefined ? entering : { ...entering, kind: 'enterAndOpen', ...sequence })
}

function enterDispute(situation: Situation, phases: Phases): Decision {
  const { task, trace, now } = situation
  const truth = trace.final.value
  const seen = [...task.values.keys()]
  if (now >= phases.support) return skip(situation, 'enter', 'enteringClosed')
  if (seen.every((value) => value === truth)) return skip(situation, 'enter', 'noFalseAnswer')
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
function firstSequence({ rules, trace }: Situation, rival: EntryView): { target: Target; inner: Hash[] } {
  const { owner, value, root, regs } = rival
  const { steps } = unpackRegisters(regs)
  const len = trace.final.steps > steps ? trace.final.steps : steps
  const inner = ownSequence(trace, { lo: 0n, len }, rules.arity).slice(1, -1)
  return { target: { owner, value, root, regs }, inner }
}

function playAll(situation: Situation, phases: Phases, mine: EntryView): Decision {
  if (mine.status !== 'alive') return skip(situation, 'answer', 'ownEntryDead', mine.id)
  const games = [...situation.task.games.values()]
    .filter((game) => game.seats.includes(mine.id))
    .sort((a, b) => Number(a.deadline - b.deadline))
  const plays = games.map((game) => whenKnown(situation, 'answer', game.id, () => play(situation, mine, game)))
  const opens = livingRivals(situation).map((rival) =>
    whenKnown(situation, 'open', rival.id, () => open(situation, phases, mine, rival)),
  )
  return join([...plays, ...opens])
}

function open(situation: Situation, phases: Phases, mine: EntryView, rival: EntryView): Decision {
  const { task, now } = situation
  if (task.games.has(gameId(mine.id, rival.id))) return NOTHING
  if (now >= phases.opening) return skip(situation, 'open', 'openingClosed', rival.id)
  const { owner, root, regs, value } = mine
  return act({
    ...{ kind: 'open', reason: 'rivalAlive', task: task.id, origin: task.origin },
    ...{ owner, root, regs, value, ...firstSequence(situation, rival) },
  })
}

/** One game of the player's living entry. */
function play(situation: Situation, mine: EntryView, game: GameView): Decision {
  const { task, trace, rules, now } = situation
  const rival = rivalIn(task, mine, game)
  if (!isAlive(rival)) return skip(situation, 'answer', 'rivalDead', game.id)
  if (game.winner !== undefined) return bury(situation, mine, rival, game)
  const onMove = game.seats[game.turn.mover.seat] === mine.id
  if (now > game.deadline) {
    if (onMove) return skip(situation, 'answer', 'ownClockRanOut', game.id)
    return timeout(situation, mine, rival, game)
  }
  if (!onMove) return skip(situation, 'timeout', 'rivalOnMove', game.id)
  const move = answer(task.id, game, trace, rules.arity)
  if (typeof move === 'string') return skip(situation, 'answer', move, game.id)
  return act(move.kind === 'prove' ? { ...move, followedBy: [burying(task, mine, rival)] } : move)
}

/** Why there is no verdict yet. */
function wait(situation: Situation, phases: Phases, mine: EntryView | undefined): Decision {
  const { task, now } = situation
  if (!isAlive(mine)) return skip(situation, 'finalise', 'nothingAtStake')
  if (now < phases.challenge) return skip(situation, 'finalise', 'challengeOpen')
  const alive = [...task.values.values()].filter((count) => count > 0).length
  return skip(situation, 'finalise', alive > 1 ? 'valuesCompete' : 'openingOpen')
}
