import { type Address, concatHex, encodeAbiParameters, keccak256, parseAbiParameters } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import type { Seat } from './turns.ts'

/** Ids bind chain and arena, so nothing can be replayed elsewhere. Twin: contracts/game/GameIds.sol. */

/** Where an arena lives. */
export interface Place {
  readonly chainId: bigint
  readonly arena: Address
}

/** What a task is made of. */
export interface TaskParts {
  readonly creator: Address
  readonly program: Hash
  readonly inputRoot: Hash
  readonly maxSteps: bigint
  readonly salt: Hash
}

const TASK = parseAbiParameters('uint256, address, address, bytes32, bytes32, uint64, bytes32')
const ENTRY = parseAbiParameters('uint256, address, bytes32, address, bytes32')

/** Id of a task: known before it is sent, the same after a re-organisation. */
export const taskId = ({ chainId, arena }: Place, { creator, program, inputRoot, maxSteps, salt }: TaskParts): Hash =>
  keccak256(encodeAbiParameters(TASK, [chainId, arena, creator, program, inputRoot, maxSteps, salt]))

/** Id of the entry of `owner` for `value`. */
export const entryId = ({ chainId, arena }: Place, task: Hash, owner: Address, value: Hash): Hash =>
  keccak256(encodeAbiParameters(ENTRY, [chainId, arena, task, owner, value]))

const isLower = (entry: Hash, rival: Hash): boolean => BigInt(entry) < BigInt(rival)

/** Id of the game between two entries, the same in either order. */
export const gameId = (entryA: Hash, entryB: Hash): Hash =>
  keccak256(concatHex(isLower(entryA, entryB) ? [entryA, entryB] : [entryB, entryA]))

/** Seat of `entry` in its game against `rival`. */
export const seatOf = (entry: Hash, rival: Hash): Seat => (isLower(entry, rival) ? 0 : 1)
