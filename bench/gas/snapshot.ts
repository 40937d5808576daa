import { arenaAbi } from '../../protocol/generated/abi.ts'
import { Evm } from '../../test/helpers/evm.ts'
import { RULES, tokenAbi } from '../../test/helpers/toy-arena.ts'
import { type DisputeGas, disputeGas } from './disputes.ts'
import { type JudgedGas, judgedGas } from './judged.ts'

/** The arity of a deployment that chooses none: the cheapest dispute over 2^32 steps. */
export const DEFAULT_ARITY = 16

/** Seconds since 1970 at which every measured chain starts: bytes of a time that are zero are cheaper. */
export const START = 2_000_000_000n

const ARITIES = [2, 4, 8, 16, 32]

/** Everything that bench/gas.json holds; gas is deterministic, so tests compare it number by number. */
export interface GasSnapshot {
  readonly judged: JudgedGas
  /** The dearest move, its event included. */
  readonly move: Readonly<Record<`arity${number}`, number>>
  /** Moves and proof of both sides at the default arity; the proof is the dearest judged substep, dense. */
  readonly dispute: { readonly steps2e20: number; readonly steps2e32: number }
  /** The parts of a dispute over 2^32 steps, by arity. */
  readonly parts: Readonly<Record<`arity${number}`, DisputeGas>>
  readonly witnessBytes: { readonly max: number }
  readonly deployedBytes: Readonly<Record<string, number>>
}

async function deploy(evm: Evm) {
  const token = await evm.deploy('TestToken', tokenAbi, [0n])
  const stepper = await evm.deploy('Stepper', [])
  const { budget, minimum, challenge, support, opening, bond } = RULES
  const rules = [DEFAULT_ARITY, budget, minimum, challenge, support, opening, token.address, bond]
  return { stepper, arena: await evm.deploy('BondedArena', arenaAbi, [stepper.address, ...rules]) }
}

/** Measures everything anew. */
export async function gasSnapshot(): Promise<GasSnapshot> {
  const evm = await Evm.create()
  evm.tickFrom(START)
  const { stepper, arena } = await deploy(evm)
  const { judged, witnessBytes } = await judgedGas(evm, arena)
  const parts: Record<`arity${number}`, DisputeGas> = {}
  for (const arity of ARITIES) parts[`arity${arity}`] = await disputeGas(arity, 2n ** 32n, START)
  const short = await disputeGas(DEFAULT_ARITY, 2n ** 20n, START)
  const long = parts[`arity${DEFAULT_ARITY}`] as DisputeGas
  return {
    judged,
    move: Object.fromEntries(ARITIES.map((arity) => [`arity${arity}`, (parts[`arity${arity}`] as DisputeGas).move])),
    dispute: { steps2e20: short.moves + judged.dense.max, steps2e32: long.moves + judged.dense.max },
    parts,
    witnessBytes: { max: witnessBytes },
    deployedBytes: {
      Stepper: await evm.codeSize(stepper.address),
      BondedArena: await evm.codeSize(arena.address),
    },
  }
}
