import { type PublicClient, zeroAddress } from 'viem'
import type { Action, PayPrice } from './actions.ts'
import { callOf } from './calls.ts'
import type { MarketRules } from './rules.ts'
import { failureOf, SimulationRefused } from './writer-errors.ts'

/** Owners that one payment of a price names at most: each takes a storage read. */
const OWNERS_PER_CALL = 256

/**
 * A payment of a price begins where the last one ended. No event tells where that is; but the market's refusal of an
 * entry that nobody made does.
 */
export async function fromCursor(client: PublicClient, rules: MarketRules, action: Action): Promise<Action> {
  if (action.kind !== 'payPrice') return action
  const cursor = await cursorOf(client, rules, action)
  return { ...action, owners: action.owners.slice(cursor, cursor + OWNERS_PER_CALL) }
}

async function cursorOf(client: PublicClient, rules: MarketRules, action: PayPrice): Promise<number> {
  const call = callOf({ ...action, owners: [zeroAddress] }, rules)
  const refusal = await client.call(call).then(() => undefined, failureOf)
  const isTold = refusal instanceof SimulationRefused && refusal.errorName === 'WrongEntry'
  return isTold ? Number(refusal.args[2]) - 1 : 0
}
