import { maxMoves } from '../../protocol/bisection.ts'
import { SUBSTEPS } from '../../spec/index.ts'
import { Evm } from '../../test/helpers/evm.ts'
import { type Played, playBetween } from '../../test/helpers/toy-game.ts'
import { ToyMarket } from '../../test/helpers/toy-market.ts'
import { follow, pretend } from '../../test/helpers/toy-players.ts'
import type { ToyClaim } from '../../test/helpers/toy-task.ts'

/** Gas of one whole dispute, played on chain; the toy machine stands in, as moves do not depend on the machine. */
export interface DisputeGas {
  readonly open: number
  /** The dearest move at STEP level, its event included. */
  readonly move: number
  /** The move that names the thirteen hashes around the substeps. */
  readonly substepMove: number
  /** All moves of both sides, without opening and proof. */
  readonly moves: number
  /** Moves of both sides, the proof counted. */
  readonly count: number
}

/** A lie in the last step leads through the last segment of every sequence: the longest way. */
const lieIn = (steps: bigint) => ({ substep: steps * BigInt(SUBSTEPS) - 2n, by: 1n })

interface Posted {
  readonly liar: ToyClaim
  readonly honest: ToyClaim
}

async function posted(market: ToyMarket, steps: bigint): Promise<Posted> {
  const task = await market.createTask(steps)
  const liar = market.claim(task, market.account(1), { ...task.truth, lie: lieIn(steps) })
  await market.takeAndPost(liar)
  return { liar, honest: market.claim(task, market.account(2)) }
}

/** Lets that side open which makes the honest player's last move the proof. */
function playToProof(market: ToyMarket, { honest, liar }: Posted, steps: bigint): Promise<Played> {
  const [tell, lie] = [follow(honest.machine), pretend(liar.machine)]
  return maxMoves(steps, market.rules.arity) % 2 === 0
    ? playBetween(market, honest, liar, { opener: tell, target: lie })
    : playBetween(market, liar, honest, { opener: lie, target: tell })
}

/** Plays a dispute over `steps` steps to its proof, on a chain whose clock begins at `start`. */
export async function disputeGas(arity: number, steps: bigint, start: bigint): Promise<DisputeGas> {
  const evm = await Evm.create()
  evm.tickFrom(start)
  const market = await ToyMarket.create({ arity }, evm)
  const played = await posted(market, steps)
  await market.enter(played.honest)
  const { receipts } = await playToProof(market, played, steps)
  const [open, ...answers] = receipts.map(({ gasUsed }) => Number(gasUsed))
  const moves = answers.slice(0, -1)
  return {
    open: open as number,
    move: Math.max(...moves.slice(0, -1)),
    substepMove: moves.at(-1) as number,
    moves: moves.reduce((sum, gas) => sum + gas, 0),
    count: answers.length,
  }
}
