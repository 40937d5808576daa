import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from '../protocol/index.ts'

/** What of a history is not as the contracts make it. */
export type Breach =
  /** An event is not in the form in which its contract emits it, or comes from none of the market's contracts. */
  | 'encoding'
  /** Events are not in the order of a chain. */
  | 'order'
  /** The task or the request has not the id that it is told under. */
  | 'task'
  /** The task was in a status, or at a time, in which the contract refuses the call. */
  | 'status'
  | 'time'
  /** An entry or its value is not what it is said to be. */
  | 'entry'
  /** The turn of a game is not the one that the rules make of the move: another player, range or clock. */
  | 'turn'
  /** A sequence is not the one that the move claims, or its length or ends are wrong. */
  | 'sequence'
  /** The call of a move is missing, or opens another sequence than the one that stood. */
  | 'call'
  /** The judge makes another state of the witness than the event tells. */
  | 'judgement'
  /** Another player has won than the event tells. */
  | 'winner'
  /** The outcome or the output is not that of the final state. */
  | 'outcome'
  /** A payment is missing, is another one, or is due to nobody. */
  | 'payment'
  /** The contracts keep something else than the events add up to. */
  | 'storage'

/** The event at which a history was found out; undefined if it is the history as a whole. */
export interface Where {
  readonly name: string
  readonly block: bigint
  readonly index: number
}

/** A history that no chain with these contracts can have. */
export class ForgedHistory extends ProtocolError {
  override readonly name = 'ForgedHistory'
  readonly breach: Breach
  readonly where: Where | undefined
  readonly what: string
  constructor(breach: Breach, where: Where | undefined, what: string) {
    const place = where === undefined ? 'the history' : `${where.name} in block ${where.block}, log ${where.index}`
    super(`${place} is forged (${breach}): ${what}`)
    this.breach = breach
    this.where = where
    this.what = what
  }
}

/** The node knows no task or game of this id. */
export class NothingToReplay extends ProtocolError {
  override readonly name = 'NothingToReplay'
  readonly id: Hash
  constructor(id: Hash) {
    super(`there is no task or game ${id} in this market`)
    this.id = id
  }
}

/** What the computation is made of is neither on chain nor given. */
export class ContentMissing extends ProtocolError {
  override readonly name = 'ContentMissing'
  readonly what: 'module' | 'input'
  readonly root: Hash
  constructor(what: 'module' | 'input', root: Hash) {
    super(`the ${what} of ${root} is not on chain; give it`)
    this.what = what
    this.root = root
  }
}

/** What was given is not what the task is about. */
export class ContentDiffers extends ProtocolError {
  override readonly name = 'ContentDiffers'
  readonly what: 'module' | 'input' | 'start state'
  readonly expected: Hash
  readonly actual: Hash
  constructor(what: 'module' | 'input' | 'start state', expected: Hash, actual: Hash) {
    super(`the ${what} is that of ${actual}, not of ${expected}`)
    this.what = what
    this.expected = expected
    this.actual = actual
  }
}

/** A bundle is not in the form of one. */
export class BundleIllFormed extends ProtocolError {
  override readonly name = 'BundleIllFormed'
  readonly field: string
  constructor(field: string, what: string) {
    super(`the bundle is ill-formed: ${field} ${what}`)
    this.field = field
  }
}
