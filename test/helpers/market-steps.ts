import { type Address, type Hex, hexToBytes } from 'viem'
import { byteLeaves, regionRoot } from '../../interpreter/commit/byte-tree.ts'
import { toHex } from '../../interpreter/index.ts'
import { originOf, taskId } from '../../protocol/game-ids.ts'
import { deadlineOf } from '../../protocol/turns.ts'
import { STATUS as MACHINE, REGION, REGIONS } from '../../spec/index.ts'
import type { Receipt } from './evm.ts'
import { sendTimeout, standingOf } from './toy-game.ts'
import type { ToyMarket } from './toy-market.ts'
import { type Ending, endingOf, type Opening, type ToyClaim, type ToyTask } from './toy-task.ts'

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

/** A claim that the task ends so, and how it is opened: halted after one step, where nothing else is said. */
export function claimOfEnding(
  market: ToyMarket,
  task: ToyTask,
  owner: Address,
  ending: Partial<Ending> = {},
): { readonly claim: ToyClaim; readonly opening: Opening } {
  const { root, opening } = endingOf(task, { steps: 1n, status: MACHINE.HALTED, ...ending })
  return { claim: market.claimOf(task, owner, { root, regs: opening.regs }), opening }
}

/** Siblings of the first leaf of an OUTPUT region, which holds the length, lowest first. */
export function lengthPathOf(output: Hex): readonly Hex[] {
  const leaves = byteLeaves(hexToBytes(output))
  const { depth } = REGIONS[REGION.OUTPUT] as { depth: number }
  return Array.from({ length: depth }, (_, level) =>
    toHex(regionRoot(leaves.subarray(32 * 2 ** level, 64 * 2 ** level), level)),
  )
}

/** The same task with its input named by root. */
export function named(market: ToyMarket, task: ToyTask): ToyTask {
  const request = { ...task.request, byReference: true }
  const origin = originOf(request)
  return { ...task, request, origin, id: taskId(market.rules, origin) }
}

/** The same task with its input named by root, requested. */
export async function askByReference(market: ToyMarket, task: ToyTask, uris: readonly string[] = []): Promise<ToyTask> {
  const { order, inputRoot, requester } = task.request
  await market.evm.send(requester, market.contract, 'requestByReference', [order, inputRoot, uris])
  return named(market, task)
}

/** Lets the clock of the player on move run out in a game that was just opened, and the other win. */
export async function runOut(market: ToyMarket, opening: Receipt): Promise<void> {
  const { game, standing } = standingOf(market, opening)
  const late = deadlineOf(standing.turn) + 1n
  if ((await market.evm.now()) < late) await market.evm.at(late)
  await sendTimeout(market, game, standing)
}

/** The solver posts, nobody objects, and the challenge phase ends. */
export async function settleAlone(market: ToyMarket, claim: ToyClaim): Promise<void> {
  await market.takeAndPost(claim)
  await market.evm.advanceTo((await market.phases(claim.task)).challenge)
}

/** A requested task that ended so, without a dispute. */
export async function finaliseAlone(
  market: ToyMarket,
  task: ToyTask,
  solver: Address,
  ending: Partial<Ending> = {},
): Promise<void> {
  const { claim, opening } = claimOfEnding(market, task, solver, ending)
  await settleAlone(market, claim)
  await market.finalise(claim, opening)
}
