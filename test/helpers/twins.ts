import { numberToHex, parseAbi } from 'viem'
import type { Hash } from '../../interpreter/index.ts'
import { type Contract, Evm } from './evm.ts'
import type { Random } from './random.ts'

const harnessAbi = parseAbi([
  'struct Turn { uint256 mover; uint256 waiter; uint256 position; }',
  'function gap(uint256 len, uint256 arity) pure returns (uint256)',
  'function segments(uint256 len, uint256 arity) pure returns (uint256)',
  'function cut(uint256 len, uint256 arity, uint256 segment) pure returns (uint256 from, uint256 steps)',
  'function pathLength(uint256 n) pure returns (uint256)',
  'function rootOf(bytes32[] sequence) pure returns (bytes32)',
  'function rootFrom(bytes32 leaf, uint256 index, bytes32[] path) pure returns (bytes32)',
  'function maxMoves(uint256 steps, uint256 arity) pure returns (uint256)',
  'function deadline(uint256 moved, uint256 left) pure returns (uint256)',
  'function spend(uint256 moved, uint256 left, uint256 time) pure returns (uint256)',
  'function handOver(uint256 left, uint256 minimum) pure returns (uint256)',
  'function side(address player, uint64 left, uint256 seat) pure returns (uint256)',
  'function position(uint64 lo, uint64 len, uint40 moved, uint40 least, uint48 ply) pure returns (uint256)',
  'function commitment(Turn turn, bytes32 root) pure returns (bytes32)',
  'struct Origin { bytes32 initial; uint64 maxSteps; bytes32 terms; }',
  'function taskId(Origin origin) view returns (bytes32)',
  'function withOrdinals(uint24 ordinal0, uint24 ordinal1) pure returns (bytes32)',
  'function standing(bytes32 slot, bytes32 commitment) pure returns (bytes32)',
  'function won(bytes32 slot, uint256 seat) pure returns (bytes32)',
  'function isWonBy(bytes32 slot, uint256 seat) pure returns (bool)',
  'function ordinalOf(bytes32 slot, uint256 seat) pure returns (uint256)',
  'function entryId(bytes32 task, address owner, bytes32 value) view returns (bytes32)',
  'function gameId(bytes32 entryA, bytes32 entryB) pure returns (bytes32)',
])

/** The Solidity twins of protocol/, each function callable alone. */
export interface Twins {
  readonly evm: Evm
  readonly contract: Contract<typeof harnessAbi>
}

export async function deployTwins(chain: { readonly chainId?: number } = {}): Promise<Twins> {
  const evm = await Evm.create(chain)
  return { evm, contract: await evm.deploy('GameHarness', harnessAbi) }
}

export const randomHash = (random: Random): Hash => `0x${Buffer.from(random.bytes(32)).toString('hex')}`

/** Below 2^64, as often small, near a power of two, or anything. */
export const randomUint64 = (random: Random): bigint => BigInt.asUintN(64, random.int64())

export const hashOf = (value: bigint): Hash => numberToHex(value, { size: 32 })
