import { type Address, type Hex, numberToHex, zeroHash } from 'viem'
import { expect } from 'vitest'
import { deployed, seenAs } from './artifact.ts'
import { type Contract, type Evm, eventsOf, type Receipt } from './evm.ts'

export const GWEI = 10n ** 9n

/** As in OutcomeKind of contracts/interfaces/Task.sol. */
export const KIND = { NONE: 0, HALTED: 1, TRAPPED: 2, OUT_OF_STEPS: 3 } as const
/** As in TaskStatus. */
export const STATUS = {
  OPEN: 1,
  TAKEN: 2,
  POSTED: 3,
  FINAL: 4,
  VOID: 5,
  CANCELLED: 6,
  EXPIRED: 7,
  ABANDONED: 8,
} as const

export const HALTED = {
  kind: KIND.HALTED,
  code: 0,
  inputByReference: false,
  outputOmitted: false,
  outputRoot: zeroHash,
}

export const ORDER = {
  program: numberToHex(1, { size: 32 }),
  maxSteps: 1000n,
  minPrice: 3n * GWEI,
  maxPrice: 5n * GWEI,
  ramp: 60,
  expires: 2 ** 39,
  tip: 2n * GWEI,
  callbackGas: 100_000,
  salt: zeroHash as Hex,
}

/** What an order puts into escrow. */
export const ESCROW = ORDER.maxPrice + ORDER.tip

/** A request, as the market's event tells it. */
export interface Asked {
  readonly task: Hex
  readonly request: { readonly requester: Address; readonly byReference: boolean; readonly order: { tip: bigint } }
  readonly input: Hex
}

/** The mock market, known by its own and its interface's ABI, and its vault. */
export async function mockMarket(evm: Evm): Promise<{ market: Contract; vault: Contract }> {
  const market = await deployed(evm, 'MockMarket', [], ['ITaskMarket'])
  const address = (await evm.read(market, 'vault', [])) as Address
  return { market, vault: await seenAs(address, 'StakeVault') }
}

/**
 * Asserts that `action` is refused by the mock as the market would refuse it. Not `revertsWith`: whether the market has
 * a test of each of its errors is counted by the calls of that.
 */
export async function isRefused(action: Promise<unknown>, errorName: string, args?: readonly unknown[]): Promise<void> {
  await expect(action).rejects.toMatchObject({ errorName, ...(args === undefined ? {} : { args }) })
}

/** The one request made in a transaction. */
export function askedIn(market: Contract, receipt: Receipt): Asked {
  const [event] = eventsOf(market, receipt, 'TaskRequested')
  return event?.args as unknown as Asked
}
