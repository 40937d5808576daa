import type { Bury, Decision } from './actions.ts'
import { rootOf } from './bisection.ts'
import { collect, isLeft } from './collect.ts'
import { act, claimOf, type Glance, isAlive, join, NOTHING, skip } from './situation.ts'
import { type EntryView, type GameView, type TaskView, verdictOf } from './view.ts'

/**
 * What a player that cannot compute a task still does in it: collects timeouts and buries for its living entries, and
 * after the verdict collects what is due. As that goes with the opening of the result where it can be computed, it
 * waits the least time of a move for that.
 */
export function withoutTrace(glance: Glance): Decision {
  const { task, me, now } = glance
  if (task.status !== 'posted') return collect(glance)
  if (verdictOf(task, now) !== 'pending') {
    return isLeft(glance, 1n) ? collect(glance) : skip(glance, 'finalise', 'notComputed')
  }
  const mine = [...task.entries.values()].filter((entry) => entry.owner === me.owner && isAlive(entry))
  return join(mine.flatMap((entry) => [...task.games.values()].map((game) => close(glance, entry, game))))
}

/** A game of an entry, if that entry won it or can by the clock. */
function close(glance: Glance, mine: EntryView, game: GameView): Decision {
  const rival = rivalIn(glance.task, mine, game)
  if (!isAlive(rival)) return NOTHING
  if (game.winner === mine.id) return bury(glance, mine, rival, game)
  return game.winner === undefined && isRivalLate(glance, mine, game) ? timeout(glance, mine, rival, game) : NOTHING
}

/** Whom an entry plays in a game; nobody if the game is another's. */
export function rivalIn({ entries }: TaskView, { id }: EntryView, { seats }: GameView): EntryView | undefined {
  if (!seats.includes(id)) return undefined
  return entries.get(seats[0] === id ? seats[1] : seats[0])
}

const isRivalLate = ({ now }: Glance, mine: EntryView, { seats, turn, deadline }: GameView): boolean =>
  now > deadline && seats[turn.mover.seat] !== mine.id

/** Wins a game whose other player let its clock run out, and buries with it. */
export function timeout({ task }: Glance, mine: EntryView, rival: EntryView, game: GameView): Decision {
  const { id, turn } = game
  const followedBy = [burying(task, mine, rival)]
  const root = rootOf(game.sequence)
  return act({ kind: 'timeout', reason: 'rivalClockRanOut', task: task.id, game: id, turn, root, followedBy })
}

/** Buries the loser of a game that is won. */
export function bury(glance: Glance, mine: EntryView, rival: EntryView, game: GameView): Decision {
  if (game.winner !== mine.id) return skip(glance, 'bury', 'gameLost', game.id)
  return act(burying(glance.task, mine, rival))
}

export const burying = ({ id, origin }: TaskView, mine: EntryView, rival: EntryView): Bury => ({
  ...{ kind: 'bury', reason: 'gameWon', task: id, origin },
  ...{ winner: claimOf(mine), loser: claimOf(rival) },
})
