import { type Address, concatHex, encodeAbiParameters, keccak256, parseAbiParameters } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Seat } from './turns.ts'

/** Ids bind chain and market, so nothing can be replayed elsewhere. Twin: contracts/game/GameIds.sol. */

/** Where a market lives. */
export interface Place {
  readonly chainId: bigint
  readonly market: Address
}

/** A task as the arena knows it: the state to start from, the input in place, and a hash of all that was agreed on. */
export interface Origin {
  readonly initial: Hash
  readonly maxSteps: bigint
  readonly terms: Hash
}

/** What a requester asks for; fields as in contracts/interfaces/Task.sol. */
export interface Order {
  readonly program: Hash
  readonly maxSteps: bigint
  /** Prices and the tip are wei in whole gwei. */
  readonly minPrice: bigint
  readonly maxPrice: bigint
  /** Seconds in which the price rises from the least to the highest. */
  readonly ramp: number
  /** The last second in which the task may be taken. */
  readonly expires: number
  readonly tip: bigint
  /** 0 = no callback. */
  readonly callbackGas: number
  readonly salt: Hash
}

/** A request, as every call names it. */
export interface Request {
  readonly initial: Hash
  readonly requester: Address
  readonly inputRoot: Hash
  readonly byReference: boolean
  readonly order: Order
}

/** A final state, opened: its hash is keccak256(root, regs, 0). */
export interface Final {
  readonly root: Hash
  readonly regs: bigint
}

/** An entry by its content, as contract calls name it. */
export interface Claim {
  readonly owner: Address
  readonly value: Hash
}

const ORDER =
  '(bytes32 program, uint64 maxSteps, uint96 minPrice, uint96 maxPrice, uint32 ramp, uint40 expires, uint96 tip, uint32 callbackGas, bytes32 salt)'
const REQUEST = parseAbiParameters(
  `(bytes32 initial, address requester, bytes32 inputRoot, bool byReference, ${ORDER} order)`,
)
const TASK = parseAbiParameters('uint256, address, bytes32, uint64, bytes32')
const ENTRY = parseAbiParameters('uint256, address, bytes32, address, bytes32')

/** Hash of all that the market agreed on. */
export const termsOf = (request: Request): Hash => keccak256(encodeAbiParameters(REQUEST, [request]))

/** The request as the arena knows it. */
export const originOf = (request: Request): Origin => ({
  initial: request.initial,
  maxSteps: request.order.maxSteps,
  terms: termsOf(request),
})

/** Id of a task: known before it is sent, the same after a re-organisation. */
export const taskId = ({ chainId, market }: Place, { initial, maxSteps, terms }: Origin): Hash =>
  keccak256(encodeAbiParameters(TASK, [chainId, market, initial, maxSteps, terms]))

/** Id of the entry of `owner` for `value`. */
export const entryId = ({ chainId, market }: Place, task: Hash, owner: Address, value: Hash): Hash =>
  keccak256(encodeAbiParameters(ENTRY, [chainId, market, task, owner, value]))

const isLower = (entry: Hash, rival: Hash): boolean => BigInt(entry) < BigInt(rival)

/** Id of the game between two entries, the same in either order. */
export const gameId = (entryA: Hash, entryB: Hash): Hash =>
  keccak256(concatHex(isLower(entryA, entryB) ? [entryA, entryB] : [entryB, entryA]))

/** Seat of `entry` in its game against `rival`. */
export const seatOf = (entry: Hash, rival: Hash): Seat => (isLower(entry, rival) ? 0 : 1)
