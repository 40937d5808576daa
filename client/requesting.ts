import { decodeFunctionResult, encodeFunctionData, toHex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { marketAbi, SimulationRefused } from '../protocol/index.ts'
import { type Context, walletOf } from './context.ts'
import { RequestReverted, TaskIdDiffers } from './errors.ts'
import { type OrderedByReference, type OrderedInput, type Prepared, prepare } from './orders.ts'
import { poll, type WaitOptions } from './polling.ts'
import { type TaskResult, waitForResult } from './result.ts'
import { type PaidCall, send, simulate } from './sending.ts'
import { readTask, storedTask, type TaskInfo } from './tasks.ts'

/** Where the price comes from. */
export interface Payment {
  /** Wei to send along; by default the highest price and the tip. What is missing comes out of the vault account. */
  readonly value?: bigint
}

export interface Requested extends Prepared {
  /** The request's transaction; undefined if the task was found on chain. */
  readonly hash: Hash | undefined
  /** Waits until the task is on chain. @throws RequestReverted, Aborted */
  wait(options?: WaitOptions): Promise<TaskInfo>
  /** Waits until the task is over, see waitForResult. */
  result(options?: WaitOptions): Promise<TaskResult>
}

/**
 * Asks for a computation, unless the very same request is on chain already: that is found and not paid for again.
 * @throws TaskIdDiffers, SimulationRefused with the market's error; nothing was sent then
 */
export async function request(
  context: Context,
  ordered: (OrderedInput | OrderedByReference) & Payment,
): Promise<Requested> {
  const prepared = await prepare(context, walletOf(context).account.address, ordered)
  if (await isKnown(context, prepared.task)) return requested(context, prepared, undefined)
  const call = callFor(context, prepared, ordered)
  try {
    const told = decodeFunctionResult({ abi: marketAbi, functionName: 'request', data: await simulate(context, call) })
    if (told !== prepared.task) throw new TaskIdDiffers(prepared.task, told)
  } catch (error) {
    // Somebody, perhaps this client before it was restarted, was faster.
    if (error instanceof SimulationRefused && error.errorName === 'TaskExists') {
      return requested(context, prepared, undefined)
    }
    throw error
  }
  const { hash } = await send(context, call)
  return requested(context, prepared, hash)
}

/** Whether a task is on chain, or waits to be: sent before, and not mined yet. */
async function isKnown(context: Context, task: Hash): Promise<boolean> {
  const { publicClient, market } = context
  const call = { address: market, abi: marketAbi, functionName: 'taskOf', args: [task] } as const
  const isThere = async (blockTag: 'latest' | 'pending') =>
    (await publicClient.readContract({ ...call, blockTag })).status !== 0
  // Not every node tells what is pending.
  return (await isThere('latest')) || (await isThere('pending').catch(() => false))
}

function callFor(
  { market }: Context,
  { request: { order, byReference, inputRoot } }: Prepared,
  ordered: (OrderedInput | OrderedByReference) & Payment,
): PaidCall {
  const value = ordered.value ?? order.maxPrice + order.tip
  const data =
    'input' in ordered && !byReference
      ? encodeFunctionData({ abi: marketAbi, functionName: 'request', args: [order, toHex(ordered.input)] })
      : encodeFunctionData({
          ...{ abi: marketAbi, functionName: 'requestByReference' },
          args: [order, inputRoot, 'uris' in ordered ? ordered.uris : []],
        })
  return { to: market, data, value }
}

function requested(context: Context, prepared: Prepared, hash: Hash | undefined): Requested {
  const { task } = prepared
  const wait = (options: WaitOptions = {}) => waitForRequest(context, task, hash, options)
  return {
    ...{ ...prepared, hash, wait },
    async result(options = {}) {
      await wait(options)
      return waitForResult(context, task, options)
    },
  }
}

function waitForRequest(context: Context, task: Hash, hash: Hash | undefined, options: WaitOptions): Promise<TaskInfo> {
  return poll(context, task, options, async (head) => {
    if ((await storedTask(context, task, head.number)).status !== 'none') return readTask(context, task, head)
    if (hash === undefined) return undefined
    const receipt = await context.publicClient.getTransactionReceipt({ hash }).catch(() => undefined)
    const hasFailed = receipt?.status === 'reverted' && receipt.blockNumber <= head.number
    if (hasFailed) throw new RequestReverted(task, hash)
    return undefined
  })
}
