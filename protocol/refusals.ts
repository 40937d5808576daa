import type { Action } from './actions.ts'

/** What a contract's refusal of an action says about the player that wanted it. */
export type Told =
  /** Anybody may do it, and somebody has. */
  | 'alreadyDone'
  /** An entry or a game of the player's own is further on than the player knows: it saw only a part of the chain. */
  | 'staleView'

type Says = Readonly<Record<string, Told>>

/** Everything that ends a task is done once. */
const CLOSING: Says = { WrongStatus: 'alreadyDone' }

const SAYS: Readonly<Record<Action['kind'], Says>> = {
  take: { WrongStatus: 'alreadyDone' },
  post: { WrongStatus: 'staleView' },
  noShow: { WrongStatus: 'alreadyDone', SolverHasTime: 'alreadyDone' },
  enter: { EntryExists: 'staleView' },
  enterAndOpen: { EntryExists: 'staleView' },
  open: { GameExists: 'staleView', NotAlive: 'alreadyDone' },
  bisect: { NotTheStandingAssertion: 'staleView' },
  prove: { NotTheStandingAssertion: 'staleView' },
  timeout: { NotTheStandingAssertion: 'staleView' },
  bury: { NotAlive: 'alreadyDone' },
  finalise: CLOSING,
  finaliseLarge: CLOSING,
  voidTask: CLOSING,
  deliver: { AlreadyDelivered: 'alreadyDone' },
  payPrice: { NoPriceDue: 'alreadyDone' },
  release: { NotAlive: 'alreadyDone' },
  payDead: { NotDead: 'alreadyDone', WrongOpponent: 'alreadyDone' },
}

/** What `errorName` says of an action of this kind; nothing if it is a failure. */
export const toldBy = (kind: Action['kind'], errorName: string): Told | undefined => SAYS[kind][errorName]
