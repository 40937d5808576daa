import type { Address, Hex } from 'viem'
import { deployed } from './artifact.ts'
import type { Contract, Receipt } from './evm.ts'
import { type Asking, INPUT, type ToyMarket } from './toy-market.ts'
import type { ToyProgram, ToyTask } from './toy-task.ts'

/** In the order of the enum in contracts/mocks/HostileConsumer.sol. */
const MOODS = ['takes', 'reverts', 'burns', 'returns a bomb', 'reverts with a bomb', 're-enters'] as const
export type Mood = (typeof MOODS)[number]

/** A consumer contract: one that derives from `TaskConsumer`, or one that harms its own callback. */
export const consumerOf = (market: ToyMarket, name: 'ConsumerHarness' | 'HostileConsumer'): Promise<Contract> =>
  deployed(market.evm, name, [market.contract.address], ['IStakeVault', 'ITaskMarket'])

/** A task of the program that the consumer requests, paid with the ether of the account that calls it. */
export async function askThrough(
  market: ToyMarket,
  consumer: Contract,
  program: ToyProgram,
  asking: Asking,
): Promise<ToyTask> {
  const task = market.taskOf(program, 1000n, { ...asking, requester: consumer.address })
  const { order } = task.request
  await market.evm.send(market.account(1), consumer, 'ask', [order, INPUT], order.maxPrice + order.tip)
  return task
}

/** What the callback of a hostile consumer does from now on. */
export const setMood = (market: ToyMarket, consumer: Contract, mood: Mood): Promise<Receipt> =>
  market.evm.send(market.stranger, consumer, 'setMood', [MOODS.indexOf(mood)])

/** The calls that its callback makes when it re-enters. */
export const arm = (
  market: ToyMarket,
  consumer: Contract,
  calls: readonly (readonly [to: Address, data: Hex])[],
): Promise<Receipt> =>
  market.evm.send(market.stranger, consumer, 'arm', [calls.map(([to]) => to), calls.map(([, data]) => data)])
