import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from '../protocol/index.ts'

/** No task of this id was ever requested in the market. */
export class UnknownTask extends ProtocolError {
  override readonly name = 'UnknownTask'
  readonly task: Hash
  constructor(task: Hash) {
    super(`no task ${task} was ever requested`)
    this.task = task
  }
}

/** A task that is over and has no result. */
export class TaskWithoutResult extends ProtocolError {
  override readonly name: string = 'TaskWithoutResult'
  readonly task: Hash
  /** Wei that went back to the requester's account in the vault. */
  readonly refund: bigint
  constructor(task: Hash, refund: bigint, why: string) {
    super(`task ${task} ended without a result: ${why}; ${refund} wei were refunded`)
    this.task = task
    this.refund = refund
  }
}

/** The answers to the task disputed each other to the end: none is a result. */
export class TaskVoid extends TaskWithoutResult {
  override readonly name = 'TaskVoid'
  constructor(task: Hash, refund: bigint) {
    super(task, refund, 'its answers never became one')
  }
}

/** Nobody took the task in time, or those who took it did not answer. */
export class TaskExpired extends TaskWithoutResult {
  override readonly name = 'TaskExpired'
  /** Solvers that took it and did not answer. */
  readonly noShows: number
  constructor(task: Hash, refund: bigint, noShows: number) {
    super(task, refund, noShows === 0 ? 'nobody took it in time' : `${noShows} solvers took it and did not answer`)
    this.noShows = noShows
  }
}

/** The requester took the task back. */
export class TaskCancelled extends TaskWithoutResult {
  override readonly name = 'TaskCancelled'
  constructor(task: Hash, refund: bigint) {
    super(task, refund, 'its requester took it back')
  }
}

/** An answer settled, but nobody opened it in time. */
export class TaskAbandoned extends TaskWithoutResult {
  override readonly name = 'TaskAbandoned'
  constructor(task: Hash, refund: bigint) {
    super(task, refund, 'nobody opened its settled state in time')
  }
}

/** The caller's signal ended the wait. The task is what it was. */
export class Aborted extends ProtocolError {
  override readonly name = 'Aborted'
  readonly task: Hash
  constructor(task: Hash, cause: unknown) {
    super(`the wait for task ${task} was aborted`, { cause })
    this.task = task
  }
}

/** A call that sends a transaction needs a wallet client with an account. */
export class NoWallet extends ProtocolError {
  override readonly name = 'NoWallet'
  constructor() {
    super('give a walletClient with an account: this call sends a transaction')
  }
}

/** The market would give the request another id than the one computed here: program, input or node are not what they seem. */
export class TaskIdDiffers extends ProtocolError {
  override readonly name = 'TaskIdDiffers'
  readonly computed: Hash
  readonly told: Hash
  constructor(computed: Hash, told: Hash) {
    super(`computed task id ${computed}, the node tells ${told}`)
    this.computed = computed
    this.told = told
  }
}

/** The transaction of a request was mined and reverted, and the task is not on chain. */
export class RequestReverted extends ProtocolError {
  override readonly name = 'RequestReverted'
  readonly task: Hash
  readonly hash: Hash
  constructor(task: Hash, hash: Hash) {
    super(`transaction ${hash} was mined and reverted; task ${task} was not requested`)
    this.task = task
    this.hash = hash
  }
}

/** The node's storage speaks of an event that its logs do not have: they lag behind, or begin after `fromBlock`. */
export class EventMissing extends ProtocolError {
  override readonly name = 'EventMissing'
  readonly task: Hash
  readonly event: string
  constructor(task: Hash, event: string) {
    super(`the node has no event ${event} of task ${task}`)
    this.task = task
    this.event = event
  }
}

/** The chain changed deeper than the confirmations that were waited for: events told before may be undone. */
export class Reorganised extends ProtocolError {
  override readonly name = 'Reorganised'
  readonly task: Hash
  /** The highest block that was told of and is no longer in the chain. */
  readonly block: bigint
  constructor(task: Hash, block: bigint) {
    super(`block ${block}, up to which task ${task} was told, is no longer in the chain`)
    this.task = task
    this.block = block
  }
}

/** What the node says about a task contradicts itself: its logs are not those of its state. */
export class NodeContradictsItself extends ProtocolError {
  override readonly name = 'NodeContradictsItself'
  readonly task: Hash
  readonly what: string
  readonly expected: Hash
  readonly actual: Hash
  constructor(task: Hash, what: string, expected: Hash, actual: Hash) {
    super(`${what} of task ${task} is ${actual}, and must be ${expected}`)
    this.task = task
    this.what = what
    this.expected = expected
    this.actual = actual
  }
}

/** There is nothing to refund: the task has a result, was refunded already, or still has time. */
export class NothingToRefund extends ProtocolError {
  override readonly name = 'NothingToRefund'
  readonly task: Hash
  readonly status: string
  /** The last second of what is waited for, if anything. */
  readonly until: bigint | undefined
  constructor(task: Hash, status: string, until?: bigint) {
    const why = until === undefined ? '' : `, and may stay so until ${until}`
    super(`nothing of task ${task} is to be refunded: it is ${status}${why}`)
    this.task = task
    this.status = status
    this.until = until
  }
}
