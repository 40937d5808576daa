import type { Action } from './actions.ts'

/**
 * The errors by which a contract says of each action that it has been done: by this player before it was
 * restarted, by another copy of it, or by anybody where anybody may. For a move: the game has gone on or is over.
 */
const SAYS_DONE: Readonly<Record<Action['kind'], readonly string[]>> = {
  approve: [],
  enter: ['EntryExists'],
  open: ['GameExists'],
  enterAndOpen: ['EntryExists'],
  bisect: ['NotTheStandingAssertion'],
  prove: ['NotTheStandingAssertion'],
  timeout: ['NotTheStandingAssertion'],
  bury: ['NotAlive'],
  settle: ['TaskOver'],
  voidTask: ['TaskOver'],
  withdraw: ['NotAlive'],
  divide: ['NotDead'],
}

/** Whether `errorName` says that an action of this kind needs doing no more. */
export const isAlreadyDone = (kind: Action['kind'], errorName: string): boolean => SAYS_DONE[kind].includes(errorName)
