import { type Address, encodeFunctionData, type Hex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import { finalisingEnd, marketAbi, postingEnd, type Request, vaultAbi } from '../protocol/index.ts'
import { type Context, headOf, walletOf } from './context.ts'
import { EventMissing, NothingToRefund } from './errors.ts'
import { named, taskEvents } from './history.ts'
import { perform, type Sent } from './sending.ts'
import { readTask, type TaskInfo } from './tasks.ts'

/** A task as it stands at the latest block. @throws UnknownTask, EventMissing, NodeContradictsItself */
export const getTask = async (context: Context, task: Hash): Promise<TaskInfo> =>
  readTask(context, task, headOf(await context.publicClient.getBlock()))

/** Takes back a task that nobody has taken. By its requester. */
export async function cancel(context: Context, task: Hash): Promise<Sent> {
  const { request } = await getTask(context, task)
  return perform(context, { to: context.market, data: dataOf('cancel', request) })
}

type RefundCall = 'expire' | 'noShow' | 'voidTask' | 'abandon'

/**
 * Ends a task that can have no result any more, so that its requester gets everything back. By anyone. A solver that did
 * not show up opens the task again, and is only the third time the end of it.
 * @throws NothingToRefund
 */
export async function refund(context: Context, task: Hash): Promise<Sent> {
  const [info, rules] = await Promise.all([getTask(context, task), context.rules()])
  return perform(context, { to: context.market, data: dataOf(refundCall(info, rules), info.request) })
}

function refundCall(info: TaskInfo, rules: Awaited<ReturnType<Context['rules']>>): RefundCall {
  const { task, status, request, takenAt = 0n, verdict, phases, head } = info
  const after = (until: bigint, call: RefundCall): RefundCall => {
    if (head.timestamp <= until) throw new NothingToRefund(task, status, until)
    return call
  }
  if (status === 'open') return after(BigInt(request.order.expires), 'expire')
  if (status === 'taken') return after(postingEnd(rules, takenAt, request.order.maxSteps), 'noShow')
  if (status !== 'posted' || phases === undefined) throw new NothingToRefund(task, status)
  if (verdict === 'void') return 'voidTask'
  if (verdict === 'pending') throw new NothingToRefund(task, status, phases.end)
  return after(finalisingEnd(rules, phases, info.valuesSeen), 'abandon')
}

/** Calls the requester back with the result, for the tip if nobody did before. By anyone. */
export async function deliver(context: Context, task: Hash): Promise<Sent> {
  const { request, head } = await getTask(context, task)
  const finalised = named(await taskEvents(context, task, context.fromBlock, head.number), 'Finalised').at(-1)
  if (finalised === undefined) throw new EventMissing(task, 'Finalised')
  const args = [request, finalised.args.output] as const
  return perform(context, {
    to: context.market,
    data: encodeFunctionData({ abi: marketAbi, functionName: 'deliver', args }),
  })
}

const dataOf = (functionName: RefundCall | 'cancel', request: Request): Hex =>
  encodeFunctionData({ abi: marketAbi, functionName, args: [request] })

/** What an owner has in the vault. */
export interface VaultAccount {
  /** Wei that can be spent on requests, locked or withdrawn. */
  readonly ether: bigint
  /** Tokens that can be locked or unbonded. */
  readonly free: bigint
  /** Tokens behind entries and taken tasks. */
  readonly locked: bigint
}

const GWEI = 10n ** 9n

/** What an owner, by default the wallet's account, has in the vault. */
export async function getAccount(context: Context, owner?: Address): Promise<VaultAccount> {
  const { vault: address } = await context.rules()
  const args = [owner ?? walletOf(context).account.address] as const
  const { free, locked, gweiFree } = await context.publicClient.readContract({
    ...{ address, abi: vaultAbi, functionName: 'accountOf', args },
  })
  return { ether: gweiFree * GWEI, free, locked }
}

export interface Withdrawal {
  /** By default the wallet's account. */
  readonly to?: Address
  /** Wei, whole gwei; by default all. */
  readonly amount?: bigint
}

/** Pays ether of the wallet's account out of the vault: refunds, and what was left of a price. */
export async function withdraw(context: Context, { to, amount }: Withdrawal): Promise<Sent> {
  const [{ vault }, { ether }] = await Promise.all([context.rules(), getAccount(context)])
  const args = [to ?? walletOf(context).account.address, amount ?? ether] as const
  return perform(context, {
    to: vault,
    data: encodeFunctionData({ abi: vaultAbi, functionName: 'withdrawEther', args }),
  })
}
