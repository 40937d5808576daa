import type { Address, ContractFunctionReturnType, Hex } from 'viem'
import type { Hash } from '../interpreter/index.ts'
import {
  marketAbi,
  originOf,
  type Phases,
  phasesOf,
  priceAt,
  type Request,
  taskId,
  type Verdict,
  verdictAt,
} from '../protocol/index.ts'
import type { Context, Head } from './context.ts'
import { EventMissing, NodeContradictsItself, UnknownTask } from './errors.ts'
import { named, type TaskEvent, taskEvents } from './history.ts'

/** How a task stands, in the order of TaskStatus in contracts/interfaces/Task.sol. */
const STATUSES = ['none', 'open', 'taken', 'posted', 'final', 'void', 'cancelled', 'expired', 'abandoned'] as const

export type TaskStatus = Exclude<(typeof STATUSES)[number], 'none'>

/** A task as it stands at a block. */
export interface TaskInfo {
  readonly task: Hash
  readonly status: TaskStatus
  readonly request: Request
  /** Undefined where the request names it by its root; then it can be had at `uris`, if at all. */
  readonly input: Hex | undefined
  readonly uris: readonly string[]
  /** What deposits and refunds of the task are reckoned with, wei. */
  readonly gasPrice: bigint
  /** Seconds. */
  readonly requestedAt: bigint
  readonly takenAt: bigint | undefined
  /** Who took it last. */
  readonly solver: Address | undefined
  /** What it was taken for, wei. */
  readonly price: bigint | undefined
  /** Solvers that took it and did not answer. */
  readonly noShows: number
  readonly postedAt: bigint | undefined
  readonly phases: Phases | undefined
  /** Different answers ever given, and those that still stand. */
  readonly valuesSeen: number
  readonly valuesAlive: number
  /** How its answers stand, once it is posted. */
  readonly verdict: Verdict | undefined
  /** Whether the requester was called back successfully. */
  readonly delivered: boolean
  /** The block that all of this was read at. */
  readonly head: Head
}

/** Bit of Task.flags. */
const DELIVERED = 16

/** What the market keeps of a task. */
export type StoredTask = Omit<ContractFunctionReturnType<typeof marketAbi, 'view', 'taskOf'>, 'status'> & {
  readonly status: (typeof STATUSES)[number]
}

/** What the market keeps of a task at a block. */
export async function storedTask({ publicClient, market }: Context, task: Hash, at: bigint): Promise<StoredTask> {
  const call = { address: market, abi: marketAbi, functionName: 'taskOf', args: [task], blockNumber: at } as const
  const stored = await publicClient.readContract(call)
  return { ...stored, status: STATUSES[stored.status] ?? 'none' }
}

/** Whether nothing can happen to a task any more but payments and deliveries. */
export const isOver = ({ status }: StoredTask): boolean =>
  status !== 'open' && status !== 'taken' && status !== 'posted'

/**
 * A task at a block.
 * @throws UnknownTask, EventMissing, NodeContradictsItself
 */
export async function readTask(context: Context, task: Hash, head: Head): Promise<TaskInfo> {
  const [stored, events, rules] = await Promise.all([
    storedTask(context, task, head.number),
    taskEvents(context, task, context.fromBlock, head.number),
    context.rules(),
  ])
  const { status } = stored
  if (status === 'none') throw new UnknownTask(task)
  const { request, gasPrice, input } = requestIn(task, events)
  const computed = taskId(rules, originOf(request))
  if (computed !== task) throw new NodeContradictsItself(task, 'the id', task, computed)
  const [requestedAt, takenAt, posted] = [stored.requestedAt, stored.takenAt, stored.postedAt].map(BigInt) as Times
  const phases = posted === 0n ? undefined : phasesOf(rules, posted, request.order.maxSteps)
  const isTaken = takenAt !== 0n
  return {
    ...{ task, status, request, gasPrice, requestedAt, phases, head },
    input: request.byReference ? undefined : input,
    uris: named(events, 'InputLocated').map(({ args }) => args.uri),
    takenAt: isTaken ? takenAt : undefined,
    solver: named(events, 'Taken').at(-1)?.args.solver,
    price: isTaken ? priceAt(request, requestedAt, takenAt) : undefined,
    ...{ noShows: stored.noShows, valuesSeen: stored.valuesSeen, valuesAlive: stored.valuesAlive },
    postedAt: phases === undefined ? undefined : posted,
    verdict: phases && verdictAt(phases, stored.valuesSeen, stored.valuesAlive, head.timestamp),
    delivered: (stored.flags & DELIVERED) !== 0,
  }
}

type Times = [requestedAt: bigint, takenAt: bigint, postedAt: bigint]

/** The request of a task, as its first event tells it. */
export function requestIn(task: Hash, events: readonly TaskEvent[]) {
  const [requested] = named(events, 'TaskRequested')
  if (requested === undefined) throw new EventMissing(task, 'TaskRequested')
  return requested.args
}
