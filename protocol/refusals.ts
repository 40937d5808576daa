import type { Action } from './actions.ts'

/** What a contract's refusal of an action says about the player that wanted it. */
export type Told =
  /** Anybody may do it, and somebody has. */
  | 'alreadyDone'
  /** An entry or a game of the player's own is further on than the player knows: it saw only a part of the chain. */
  | 'staleView'

const SAYS: Readonly<Record<Action['kind'], Readonly<Record<string, Told>>>> = {
  approve: {},
  enter: { EntryExists: 'staleView' },
  enterAndOpen: { EntryExists: 'staleView' },
  open: { GameExists: 'staleView' },
  bisect: { NotTheStandingAssertion: 'staleView' },
  prove: { NotTheStandingAssertion: 'staleView' },
  timeout: { NotTheStandingAssertion: 'staleView' },
  bury: { NotAlive: 'alreadyDone' },
  settle: { TaskOver: 'alreadyDone' },
  voidTask: { TaskOver: 'alreadyDone' },
  withdraw: { NotAlive: 'alreadyDone' },
  divide: { NotDead: 'alreadyDone' },
}

/** What `errorName` says of an action of this kind; nothing if it is a failure. */
export const toldBy = (kind: Action['kind'], errorName: string): Told | undefined => SAYS[kind][errorName]
