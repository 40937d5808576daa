import type { Hex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { type Call, failureOf, TransactionReverted } from '../protocol/index.ts'
import { type Context, walletOf } from './context.ts'

/** A transaction that was sent. */
export interface Sent {
  readonly hash: Hash
  /** Waits until it is mined. @throws TransactionReverted */
  wait(options?: { readonly confirmations?: number }): Promise<void>
}

export interface PaidCall extends Call {
  /** Wei. */
  readonly value?: bigint
}

/**
 * What a call would return now.
 * @throws SimulationRefused with the contract's error, NotEnoughEther, NodeFailed
 */
export async function simulate(context: Context, call: PaidCall): Promise<Hex> {
  const { account } = walletOf(context)
  const { data } = await context.publicClient.call({ account, ...call }).catch(fail)
  return data ?? '0x'
}

/** Sends a call that was simulated. */
export async function send(context: Context, call: PaidCall): Promise<Sent> {
  const wallet = walletOf(context)
  const { publicClient } = context
  const { chain = null, account } = wallet
  const hash = await wallet.sendTransaction({ ...call, account, chain }).catch(fail)
  return {
    hash,
    async wait({ confirmations = 1 } = {}) {
      const receipt = await publicClient.waitForTransactionReceipt({ hash, confirmations })
      if (receipt.status === 'reverted') throw new TransactionReverted(hash)
    },
  }
}

/** Simulates a call and sends it. */
export async function perform(context: Context, call: PaidCall): Promise<Sent> {
  await simulate(context, call)
  return send(context, call)
}

function fail(error: unknown): never {
  throw failureOf(error)
}
