import { type Address, BaseError, type Hex } from 'viem'

/** The command needs a private key and was given none. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing'
  readonly source: string
  constructor(source: string) {
    super(`no private key in ${source}`)
    this.source = source
  }
}

/** What was given as a private key is none. */
export class KeyIllFormed extends Error {
  override readonly name = 'KeyIllFormed'
  readonly source: string
  constructor(source: string) {
    super(`${source} does not hold a private key: 0x and 64 hex digits`)
    this.source = source
  }
}

/** The node does not answer. */
export class NodeUnreachable extends Error {
  override readonly name = 'NodeUnreachable'
  readonly origin: string
  /** @param url of which only the origin is told: the rest may hold a key */
  constructor(url: string, cause: unknown) {
    const { origin } = new URL(url)
    super(`no JSON-RPC node answers at ${origin}: ${shortReason(cause).replaceAll(url, origin)}`, { cause })
    this.origin = origin
  }
}

/** The file that a deployment would be written to is there already. */
export class DeploymentExists extends Error {
  override readonly name = 'DeploymentExists'
  readonly path: string
  constructor(path: string) {
    super(`${path} is there already: it may be all that knows of another deployment`)
    this.path = path
  }
}

/** More is asked for than there is; `next` says where more comes from. */
export class NotEnough extends Error {
  override readonly name = 'NotEnough'
  readonly next: string
  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

/** It is too early, or there is nothing to do; `next` says when or what else. */
export class NothingToDo extends Error {
  override readonly name = 'NothingToDo'
  readonly next: string
  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

/** Sent, and mined as a failure: somebody changed the state in between. */
export class Reverted extends Error {
  override readonly name = 'Reverted'
  readonly hash: Hex
  constructor(what: string, hash: Hex) {
    super(`${what}: transaction ${hash} was mined and reverted`)
    this.hash = hash
  }
}

/** A transaction, for people. */
export interface Sending {
  /** What it does. */
  readonly what: string
  /** Undefined if the node failed when it was given the transaction. */
  readonly hash: Hex | undefined
  /** How to see what became of it. */
  readonly next: string
}

/** Sent, perhaps, and not seen on the chain: nobody should send it again before looking. */
export class Unconfirmed extends Error {
  override readonly name = 'Unconfirmed'
  readonly sending: Sending
  constructor(sending: Sending, cause: unknown) {
    const { what, hash } = sending
    const sent = hash === undefined ? 'the transaction may have been sent' : `transaction ${hash} was sent`
    super(`${what}: ${sent}, and may still be mined: ${shortReason(cause)}`, { cause })
    this.sending = sending
  }
}

/** The task has a result, but its output is too large for the chain. */
export class OutputOmitted extends Error {
  override readonly name = 'OutputOmitted'
  readonly path: string
  constructor(path: string) {
    super(`the output is too large for the chain: there is no ${path}`)
    this.path = path
  }
}

/** The wait for a result ended early; the task goes on. */
export class WaitFailed extends Error {
  override readonly name = 'WaitFailed'
  readonly task: Hex
  constructor(task: Hex, cause: unknown) {
    super(`task ${task} goes on, but the wait for it failed: ${shortReason(cause)}`, { cause })
    this.task = task
  }
}

/** What viem says in full has the URL of the node in it, and that may hold a key. */
export function shortReason(error: unknown): string {
  if (error instanceof BaseError) return error.details || error.shortMessage
  return error instanceof Error ? error.message : String(error)
}

/** No such program was published. */
export class UnknownProgram extends Error {
  override readonly name = 'UnknownProgram'
  readonly program: Hex
  readonly registry: Address
  constructor(program: Hex, registry: Address) {
    super(`no program ${program} was published in the registry ${registry}`)
    this.program = program
    this.registry = registry
  }
}
