import type { Address } from 'viem'
import { expect } from 'vitest'
import type { Receipt } from './evm.ts'
import type { ToyMarket } from './toy-market.ts'

const GWEI = 10n ** 9n

/** What an owner has in the vault: tokens free and locked, and wei. */
interface Holding {
  readonly free: bigint
  readonly locked: bigint
  readonly wei: bigint
}

/** What an owner gained, or lost if below zero; what did not change is left out. */
export type Gain = Partial<Holding>

async function holdingOf(market: ToyMarket, owner: Address): Promise<Holding> {
  const { free, locked, gweiFree } = await market.funds(owner)
  return { free, locked, wei: gweiFree * GWEI }
}

function gain(before: Holding, after: Holding): Gain {
  const fields = ['free', 'locked', 'wei'] as const
  const changed = fields.filter((field) => before[field] !== after[field])
  return Object.fromEntries(changed.map((field) => [field, after[field] - before[field]]))
}

/** What an action changes in the accounts of the owners named, and its receipt. */
export async function gains<K extends string, R = Receipt>(
  market: ToyMarket,
  owners: Readonly<Record<K, Address>>,
  action: () => Promise<R>,
): Promise<{ readonly receipt: R; readonly gained: Readonly<Record<K, Gain>> }> {
  const names = Object.keys(owners) as K[]
  const holdings = () => Promise.all(names.map((name) => holdingOf(market, owners[name])))
  const before = await holdings()
  const receipt = await action()
  const after = await holdings()
  const gained = names.map((name, i) => [name, gain(before[i] as Holding, after[i] as Holding)])
  return { receipt, gained: Object.fromEntries(gained) as Record<K, Gain> }
}

/** Asserts that the vault holds its accounts, what waits to be burned, and `escrow` wei: nothing more, nothing less. */
export async function expectConserved(
  market: ToyMarket,
  escrow: bigint,
  others: readonly Address[] = [],
): Promise<void> {
  const all = await Promise.all([...market.evm.accounts, ...others].map((owner) => holdingOf(market, owner)))
  const sum = (field: keyof Holding) => all.reduce((total, holding) => total + holding[field], 0n)
  const toBurn = await market.evm.read(market.vault, 'toBurn', [])
  const held = await market.evm.read(market.token, 'balanceOf', [market.vault.address])
  expect(sum('free') + sum('locked') + toBurn).toBe(held)
  expect(sum('wei') + escrow).toBe(await market.evm.balanceOf(market.vault.address))
}
