import { BaseError, decodeErrorResult, type Hex, isHex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { ProtocolError } from './errors.ts'
import { gamesAbi, marketAbi, registryAbi, stepperAbi, tokenAbi, vaultAbi } from './generated/abi.ts'

/** A contract refuses the action now; nothing was sent. */
export class SimulationRefused extends ProtocolError {
  override readonly name = 'SimulationRefused'
  readonly errorName: string
  readonly args: readonly unknown[]
  constructor(errorName: string, args: readonly unknown[]) {
    super(`refused with ${errorName}(${args.map(String).join(', ')})`)
    this.errorName = errorName
    this.args = args
  }
}

/** A contract refuses the action now in words that its ABI does not have; nothing was sent. */
export class UnknownRevert extends ProtocolError {
  override readonly name = 'UnknownRevert'
  readonly data: Hex
  constructor(data: Hex) {
    super(`reverted with unknown data ${data}`)
    this.data = data
  }
}

/** The account cannot pay for the transaction's gas. */
export class NotEnoughEther extends ProtocolError {
  override readonly name = 'NotEnoughEther'
  readonly has: bigint
  readonly needs: bigint
  constructor(has: bigint, needs: bigint) {
    super(`${has} wei are there, ${needs} are needed`)
    this.has = has
    this.needs = needs
  }
}

/** The node did not answer, or not with what was asked. Whether something was sent is not known. */
export class NodeFailed extends ProtocolError {
  override readonly name = 'NodeFailed'
}

/** Sent, but not mined within the time that the player waits. */
export class TransactionNotMined extends ProtocolError {
  override readonly name = 'TransactionNotMined'
  readonly hash: Hash
  constructor(hash: Hash) {
    super(`transaction ${hash} is not mined yet`)
    this.hash = hash
  }
}

/** Sent, and not mined: it offers all that the account may offer for a unit of gas, and that is too little now. */
export class WaitsAtFeeLimit extends ProtocolError {
  override readonly name = 'WaitsAtFeeLimit'
  readonly hash: Hash
  readonly limit: bigint
  constructor(hash: Hash, limit: bigint) {
    super(`transaction ${hash} waits; it offers ${limit} wei for a unit of gas, the most that is allowed`)
    this.hash = hash
    this.limit = limit
  }
}

/** Mined, but reverted; the same call would succeed now. */
export class TransactionReverted extends ProtocolError {
  override readonly name = 'TransactionReverted'
  readonly hash: Hash
  constructor(hash: Hash) {
    super(`transaction ${hash} was mined and reverted`)
    this.hash = hash
  }
}

export type WriterError =
  | SimulationRefused
  | UnknownRevert
  | NotEnoughEther
  | NodeFailed
  | TransactionNotMined
  | WaitsAtFeeLimit
  | TransactionReverted

const ABIS = [...marketAbi, ...gamesAbi, ...vaultAbi, ...registryAbi, ...tokenAbi, ...stepperAbi]
const ERRORS = ABIS.filter(({ type }) => type === 'error')

/** What a failed call or transaction means. */
export function failureOf(error: unknown): WriterError {
  if (error instanceof NotEnoughEther) return error
  const data = revertData(error)
  if (data !== undefined) return refusalOf(data)
  const message = error instanceof BaseError ? `${error.shortMessage} ${error.details}` : String(error)
  return new NodeFailed(message, { cause: error })
}

/** What a contract of the market reverted with. */
export function refusalOf(data: Hex): SimulationRefused | UnknownRevert {
  try {
    const { errorName, args } = decodeErrorResult({ abi: ERRORS, data })
    return new SimulationRefused(errorName, args ?? [])
  } catch {
    return new UnknownRevert(data)
  }
}

/** The bytes that a contract reverted with, wherever the node and the transport put them. */
function revertData(error: unknown): Hex | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const data = 'data' in cause ? cause.data : undefined
    if (isHex(data)) return data
    if (typeof data === 'object' && data !== null && 'data' in data && isHex(data.data)) return data.data
  }
  return undefined
}
