import { type Action, enter, type Strategy } from '../../protocol/index.ts'

const NOTHING = { actions: [], skips: [] } as const

/** Enters its value, whatever others did, and never moves. */
export const silent: Strategy = (situation) => {
  const { task, me } = situation
  const entered = [...task.entries.values()].some(({ owner }) => owner === me.address)
  return entered ? NOTHING : enter(situation, 'noAnswer')
}

/** Enters its value, whatever others did, then plays as `strategy` does. */
export const entering =
  (strategy: Strategy): Strategy =>
  (situation) => {
    const { actions } = silent(situation)
    return actions.length > 0 ? { actions, skips: [] } : strategy(situation)
  }

/** Plays as `strategy` does, but never acts in one of these ways. */
export const without =
  (strategy: Strategy, ...kinds: readonly Action['kind'][]): Strategy =>
  (situation) => {
    const { actions, skips } = strategy(situation)
    return { actions: actions.filter(({ kind }) => !kinds.includes(kind)), skips }
  }
