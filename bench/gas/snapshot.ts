import { Evm } from '../../test/helpers/evm.ts'
import { ToyMarket } from '../../test/helpers/toy-market.ts'
import { type DisputeGas, disputeGas } from './disputes.ts'
import { type EntryPointGas, entryPointGas } from './entry-points.ts'
import { type JudgedGas, judgedGas } from './judged.ts'
import { type EndsGas, endsGas, type TaskGas, taskGas } from './tasks.ts'

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
  /** All transactions of a task that nobody disputes. */
  readonly taskWithoutDispute: number
  /**
   * What a dispute over 2^32 steps adds to that, at the default arity: entering with opening, moves and proof of both sides,
   * burying, sharing out the liar's stake; with the proof at its dearest.
   */
  readonly fullDispute: number
  readonly task: TaskGas
  readonly ends: EndsGas
  /** The parts of a dispute over 2^32 steps, by arity. */
  readonly parts: Readonly<Record<`arity${number}`, DisputeGas>>
  readonly entryPoints: EntryPointGas
  readonly witnessBytes: { readonly max: number }
  readonly deployedBytes: Readonly<Record<string, number>>
}

/** Bytes of code of the contracts of a market with the real judge. */
async function deployedBytes(evm: Evm, market: ToyMarket): Promise<Record<string, number>> {
  const { contract, games, vault, registry } = market
  const stepper = await evm.deploy('Stepper', [])
  const contracts = {
    Stepper: stepper,
    TaskMarket: contract,
    Games: games,
    StakeVault: vault,
    ProgramRegistry: registry,
  }
  const sizes = Object.entries(contracts).map(async ([name, { address }]) => [name, await evm.codeSize(address)])
  return Object.fromEntries(await Promise.all(sizes))
}

/** Measures everything anew. */
export async function gasSnapshot(): Promise<GasSnapshot> {
  const evm = await Evm.create()
  evm.tickFrom(START)
  const stepper = await evm.deploy('Stepper', [])
  const { judged, dearest, witnessBytes } = await judgedGas(evm, stepper.address, DEFAULT_ARITY)
  const parts: Record<`arity${number}`, DisputeGas> = {}
  for (const arity of ARITIES) parts[`arity${arity}`] = await disputeGas(arity, 2n ** 32n, START)
  const short = await disputeGas(DEFAULT_ARITY, 2n ** 20n, START)
  const long = parts[`arity${DEFAULT_ARITY}`] as DisputeGas
  const dispute = { steps2e20: short.moves + judged.dense.max, steps2e32: long.moves + judged.dense.max }
  const [task, ends] = [await taskGas(START), await endsGas(START, dearest)]
  return {
    judged,
    move: Object.fromEntries(ARITIES.map((arity) => [`arity${arity}`, (parts[`arity${arity}`] as DisputeGas).move])),
    dispute,
    taskWithoutDispute: task.request + task.take + task.post + task.finaliseAndDeliver,
    fullDispute: ends.enterAndOpen + long.moves + ends.proveAndBury + ends.finish - task.finaliseAndDeliver,
    ...{ task, ends, parts },
    entryPoints: await entryPointGas(START),
    witnessBytes: { max: witnessBytes },
    deployedBytes: await deployedBytes(evm, await ToyMarket.create({}, evm)),
  }
}
