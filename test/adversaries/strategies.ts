import type { Action, Decision, Situation, Strategy } from '../../protocol/index.ts'

const NOTHING: Decision = { actions: [], skips: [] }
const act = (...actions: Action[]): Decision => ({ actions, skips: [] })

/** Takes an open task and posts its value, at any price. */
export const grabbing: Strategy = ({ task, trace, me }) => {
  const { root, regs, value } = trace.final
  if (task.status === 'open') {
    const { request } = task
    return act({ kind: 'take', reason: 'pricePays', task: task.id, request, owner: me.owner, reserve: 0n })
  }
  if (task.status !== 'taken' || task.solver !== me.owner) return NOTHING
  return act({ kind: 'post', reason: 'taskTaken', task: task.id, origin: task.origin, root, regs, value })
}

/** Takes an open task and never posts. */
export const absent: Strategy = (situation) => (situation.task.status === 'open' ? grabbing(situation) : NOTHING)

/** Claims its value, whatever others did, and never moves. */
export const silent: Strategy = (situation) => {
  const { task, trace, me } = situation
  if (task.status !== 'posted') return grabbing(situation)
  const entered = [...task.entries.values()].some(({ owner }) => owner === me.owner)
  if (entered || task.verdict !== 'pending') return NOTHING
  const { root, regs, value } = trace.final
  const claim = { owner: me.owner, reserve: 0n, root, regs, value }
  return act({ kind: 'enter', reason: 'truthMissing', task: task.id, origin: task.origin, ...claim })
}

/** Claims its value, whatever others did, then plays as `strategy` does. */
export const entering =
  (strategy: Strategy): Strategy =>
  (situation) => {
    const { actions } = silent(situation)
    return actions.length > 0 ? act(...actions) : strategy(situation)
  }

/** Plays as `strategy` does, but never acts in one of these ways. */
export const without =
  (strategy: Strategy, ...kinds: readonly Action['kind'][]): Strategy =>
  (situation) =>
    filtered(strategy(situation), ({ kind }) => !kinds.includes(kind))

/** Plays as `strategy` does, while `isWanted` says so. */
export const whenever =
  (strategy: Strategy, isWanted: (situation: Situation) => boolean): Strategy =>
  (situation) =>
    isWanted(situation) ? strategy(situation) : NOTHING

/** Leaves out what is not wanted, also where it would follow another action. */
const filtered = ({ actions, ...rest }: Decision, isWanted: (action: Action) => boolean): Decision => ({
  actions: actions.filter(isWanted).map((action) => ledBy(action, isWanted)),
  ...rest,
})

const ledBy = (action: Action, isWanted: (follower: Action) => boolean): Action =>
  'followedBy' in action ? ({ ...action, followedBy: action.followedBy.filter(isWanted) } as Action) : action
