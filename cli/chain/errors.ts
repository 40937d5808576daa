import type { Address, Hex } from 'viem'

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
  readonly url: string
  constructor(url: string, reason: string, cause: unknown) {
    super(`no JSON-RPC node answers at ${url}: ${reason}`, { cause })
    this.url = url
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
