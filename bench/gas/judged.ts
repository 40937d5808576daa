import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex } from 'viem'
import { toHex } from '../../interpreter/commit/bits.ts'
import { zeroNode } from '../../interpreter/commit/merkle.ts'
import type { Hash } from '../../interpreter/index.ts'
import { judge } from '../../interpreter/machine/step.ts'
import { pathTo, rootOf } from '../../protocol/bisection.ts'
import { gamesAbi } from '../../protocol/generated/abi.ts'
import { standing, withOrdinals } from '../../protocol/slots.ts'
import { commitment, encodeTurn, type Seat, type Turn } from '../../protocol/turns.ts'
import { SUBSTEP, SUBSTEPS } from '../../spec/index.ts'
import type { Contract, Evm } from '../../test/helpers/evm.ts'
import { createRandom } from '../../test/helpers/random.ts'
import { median } from '../measure.ts'
import { OPERATIONS } from './operations.ts'
import { casesOf, type Density, type JudgedCase } from './witnesses.ts'

/**
 * Gas of whole `prove` transactions: what a judged substep costs, game, calldata and cold storage included.
 * Medians are over the substeps that touch a leaf; the others are cheaper by the whole path.
 */
export interface JudgedGas {
  readonly dense: { readonly max: number; readonly median: number }
  readonly sparse: { readonly max: number; readonly median: number }
  /** The substep of each operation that is its own, dense: execute, or the dearest of its loads and stores. */
  readonly byOpcode: Readonly<Record<string, number>>
  /** The dearest of all operations, for each substep, dense. */
  readonly bySubstep: readonly number[]
}

interface Proven extends JudgedCase {
  readonly gas: number
}

type Games = Contract<typeof gamesAbi>

/** The game is the first of both entries. */
const ORDINALS = withOrdinals(1, 1)

/** Position of the mapping of games in the storage of its contract. */
export async function gamesSlot(evm: Evm, games: Games): Promise<bigint> {
  const game = numberToHex(1, { size: 32 })
  for (let slot = 0n; slot < 64n; slot++) {
    const marked = numberToHex(7, { size: 32 })
    await evm.setStorage(games.address, slotOf(game, slot), marked)
    if ((await evm.read(games, 'standing', [game])) === marked) return slot
  }
  throw new Error('the games were not found among the first 64 storage slots')
}

const slotOf = (game: Hex, mapping: bigint): Hex =>
  keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [game, mapping]))

/** A turn with full numbers, as late in a long dispute. */
const turnOf = (player: Address, now: bigint, seat: Seat): Turn => ({
  mover: { player, left: 86_399n, seat },
  waiter: { player: `0x${'7b'.repeat(20)}`, left: 86_388n, seat: seat === 0 ? 1 : 0 },
  lo: 0x1a2b3c4d5e6fn,
  len: 1n,
  moved: now,
  least: 2660n,
  ply: 9n,
})

/** Whose turn it is to prove, and in which game. */
export interface Prover {
  readonly game: Hex
  readonly player: Address
  readonly seat: Seat
}

/** Puts a game into storage in which a case stands to be proven, with a lie about its end; returns the arguments. */
export async function stage(evm: Evm, games: Games, mapping: bigint, prover: Prover, { words, substep }: JudgedCase) {
  const random = createRandom(2 + substep)
  const { pre } = judge(words)
  const hashes = Array.from({ length: SUBSTEPS + 1 }, () => toHex(random.bytes(32).map((byte) => byte || 1)) as Hash)
  hashes[substep] = pre
  const turn = turnOf(prover.player, await evm.now(), prover.seat)
  const slot = standing(ORDINALS, commitment(turn, rootOf(hashes)))
  await evm.setStorage(games.address, slotOf(prover.game, mapping), slot)
  const path = pathTo(hashes, substep)
  const end = hashes[substep + 1] as Hash
  return [prover.game, encodeTurn(turn), BigInt(substep), end, path, words.map(toHex)] as const
}

/** Proves one case, and returns the gas of the transaction. */
async function prove(evm: Evm, games: Games, mapping: bigint, judged: JudgedCase): Promise<number> {
  const player = evm.accounts[0] as Address
  const game = toHex(
    createRandom(40 + judged.substep)
      .bytes(32)
      .map((byte) => byte || 1),
  )
  const args = await stage(evm, games, mapping, { game, player, seat: 1 }, judged)
  return Number((await evm.send(player, games, 'prove', args)).gasUsed)
}

async function proveAll(evm: Evm, games: Games, density: Density): Promise<Proven[]> {
  const mapping = await gamesSlot(evm, games)
  const proven: Proven[] = []
  for (const operation of OPERATIONS) {
    for (const judged of casesOf(operation, density, zeroNode)) {
      proven.push({ ...judged, gas: await prove(evm, games, mapping, judged) })
    }
  }
  return proven
}

const dearest = (proven: readonly Proven[]): number => Math.max(...proven.map(({ gas }) => gas))

const summary = (proven: readonly Proven[]) => ({
  max: dearest(proven),
  median: median(proven.filter(({ touches }) => touches).map(({ gas }) => gas)),
})

const dearestBy = <Key extends PropertyKey>(proven: readonly Proven[], key: (judged: Proven) => Key) =>
  [...Map.groupBy(proven, key)].map(([group, members]) => [group, dearest(members)] as const)

const EXECUTE: readonly number[] = [SUBSTEP.EXECUTE]
const ACCESS: readonly number[] = [SUBSTEP.LOAD_LOW, SUBSTEP.LOAD_HIGH, SUBSTEP.STORE_LOW, SUBSTEP.STORE_HIGH]

/** Whether an operation differs from others in this substep. */
const isOwn = ({ operation, substep }: Proven): boolean =>
  (/^(load|store) /.test(operation) ? ACCESS : EXECUTE).includes(substep)

export interface Judgements {
  readonly judged: JudgedGas
  readonly dearest: JudgedCase
  readonly witnessBytes: number
}

/** Judges every substep of every operation on a dense and on a sparse tree. */
export async function judgedGas(evm: Evm, stepper: Address, arity: number): Promise<Judgements> {
  const arena = evm.accounts[0] as Address
  const games = await evm.deploy('Games', gamesAbi, [stepper, arity, arena, arena])
  const [dense, sparse] = [await proveAll(evm, games, 'dense'), await proveAll(evm, games, 'sparse')]
  const judged = {
    dense: summary(dense),
    sparse: summary(sparse),
    byOpcode: Object.fromEntries(dearestBy(dense.filter(isOwn), ({ operation }) => operation)),
    bySubstep: dearestBy(dense, ({ substep }) => substep).map(([, gas]) => gas),
  }
  const last = dense.reduce((dear, judged) => (judged.gas > dear.gas ? judged : dear))
  return { judged, dearest: last, witnessBytes: Math.max(...dense.map(({ words }) => 32 * words.length)) }
}
