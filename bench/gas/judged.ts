import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex } from 'viem'
import { toHex } from '../../interpreter/commit/bits.ts'
import { zeroNode } from '../../interpreter/commit/merkle.ts'
import type { Hash } from '../../interpreter/index.ts'
import { judge } from '../../interpreter/machine/step.ts'
import { pathTo, rootOf } from '../../protocol/bisection.ts'
import type { arenaAbi } from '../../protocol/generated/abi.ts'
import { commitment, encodeTurn, type Turn } from '../../protocol/turns.ts'
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

type Arena = Contract<typeof arenaAbi>

/** Position of the mapping of games in the arena's storage. */
async function gamesSlot(evm: Evm, arena: Arena): Promise<bigint> {
  const game = numberToHex(1, { size: 32 })
  for (let slot = 0n; slot < 64n; slot++) {
    const marked = numberToHex(7, { size: 32 })
    await evm.setStorage(arena.address, slotOf(game, slot), marked)
    if ((await evm.read(arena, 'standing', [game])) === marked) return slot
  }
  throw new Error('the games of the arena were not found among its first 64 storage slots')
}

const slotOf = (game: Hex, mapping: bigint): Hex =>
  keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [game, mapping]))

/** A turn with full numbers, as late in a long dispute. */
const turnOf = (player: Address, now: bigint): Turn => ({
  mover: { player, left: 86_399n, seat: 1 },
  waiter: { player: `0x${'7b'.repeat(20)}`, left: 86_388n, seat: 0 },
  lo: 0x1a2b3c4d5e6fn,
  len: 1n,
  moved: now,
  ply: 9n,
})

/** Proves one case against a lie about its end, and returns the gas of the transaction. */
async function prove(evm: Evm, arena: Arena, mapping: bigint, { words, substep }: JudgedCase): Promise<number> {
  const random = createRandom(2 + substep)
  const { pre } = judge(words)
  const hashes = Array.from({ length: SUBSTEPS + 1 }, () => toHex(random.bytes(32).map((byte) => byte || 1)) as Hash)
  hashes[substep] = pre
  const game = toHex(random.bytes(32).map((byte) => byte || 1))
  const turn = turnOf(evm.accounts[0] as Address, await evm.now())
  await evm.setStorage(arena.address, slotOf(game, mapping), commitment(turn, rootOf(hashes)))
  const path = pathTo(hashes, substep)
  const args = [game, encodeTurn(turn), BigInt(substep), hashes[substep + 1] as Hash, path, words.map(toHex)] as const
  const { gasUsed } = await evm.send(evm.accounts[0] as Address, arena, 'prove', args)
  return Number(gasUsed)
}

async function proveAll(evm: Evm, arena: Arena, density: Density): Promise<Proven[]> {
  const mapping = await gamesSlot(evm, arena)
  const proven: Proven[] = []
  for (const operation of OPERATIONS) {
    for (const judged of casesOf(operation, density, zeroNode)) {
      proven.push({ ...judged, gas: await prove(evm, arena, mapping, judged) })
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

/** Judges every substep of every operation on a dense and on a sparse tree. */
export async function judgedGas(evm: Evm, arena: Arena): Promise<{ judged: JudgedGas; witnessBytes: number }> {
  const [dense, sparse] = [await proveAll(evm, arena, 'dense'), await proveAll(evm, arena, 'sparse')]
  const judged = {
    dense: summary(dense),
    sparse: summary(sparse),
    byOpcode: Object.fromEntries(dearestBy(dense.filter(isOwn), ({ operation }) => operation)),
    bySubstep: dearestBy(dense, ({ substep }) => substep).map(([, gas]) => gas),
  }
  return { judged, witnessBytes: Math.max(...dense.map(({ words }) => 32 * words.length)) }
}
