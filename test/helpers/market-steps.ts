import type { Address } from 'viem'
import { deadlineOf } from '../../protocol/turns.ts'
import type { Receipt } from './evm.ts'
import { sendTimeout, standingOf } from './toy-game.ts'
import type { ToyMarket } from './toy-market.ts'
import type { ToyClaim, ToyTask } from './toy-task.ts'

/** As in TaskStatus of contracts/interfaces/Task.sol. */
export const STATUS = {
  NONE: 0,
  OPEN: 1,
  TAKEN: 2,
  POSTED: 3,
  FINAL: 4,
  VOID: 5,
  CANCELLED: 6,
  EXPIRED: 7,
  ABANDONED: 8,
} as const

/** As in OutcomeKind. */
export const KIND = { NONE: 0, HALTED: 1, TRAPPED: 2, OUT_OF_STEPS: 3 } as const

/** As in TaskFlags. */
export const FLAG = { BY_REFERENCE: 1, OUTPUT_OMITTED: 2, PRICE_DUE: 4, TIP_PAID: 8, DELIVERED: 16 } as const

/** Lie number `n`, from 1 on, of `owner`. */
export const lieOf = (market: ToyMarket, task: ToyTask, owner: Address, n = 1n): ToyClaim =>
  market.claim(task, owner, { ...task.truth, lie: { substep: 5n, by: n } })

/** Lets the clock of the player on move run out in a game that was just opened, and the other win. */
export async function runOut(market: ToyMarket, opening: Receipt): Promise<void> {
  const { game, standing } = standingOf(market, opening)
  const late = deadlineOf(standing.turn) + 1n
  if ((await market.evm.now()) < late) await market.evm.at(late)
  await sendTimeout(market, game, standing)
}

/** `winner` opens against `loser`, who never moves and is buried. */
export async function beat(market: ToyMarket, winner: ToyClaim, loser: ToyClaim): Promise<void> {
  await runOut(market, await market.open(winner, loser))
  await market.bury(winner, loser)
}

/** The solver posts, nobody objects, and the challenge phase ends. */
export async function settleAlone(market: ToyMarket, claim: ToyClaim): Promise<void> {
  await market.takeAndPost(claim)
  await market.evm.advanceTo((await market.phases(claim.task)).challenge)
}
