import { type Address, type Hex, hexToBytes } from 'viem'
import { byteTreeRoot, type Hash, toHex } from '../interpreter/index.ts'
import { marketAbi } from '../protocol/index.ts'
import { TRAP_NAMES } from '../spec/index.ts'
import type { Context, Head } from './context.ts'
import {
  EventMissing,
  NodeContradictsItself,
  TaskAbandoned,
  TaskCancelled,
  TaskExpired,
  TaskVoid,
  UnknownTask,
} from './errors.ts'
import { named, type TaskEvent, taskEvents } from './history.ts'
import { poll, type WaitOptions } from './polling.ts'
import { isOver, type StoredTask, storedTask } from './tasks.ts'

interface Ended<Outcome extends string> {
  readonly task: Hash
  readonly outcome: Outcome
  /** The final state: its hash. */
  readonly value: Hash
  /** Undefined if it was too large to be told: then only its root is known. */
  readonly output: Uint8Array | undefined
  readonly outputRoot: Hash
  /** The input was named by its root only: whoever withheld it made the task uncheckable for others. */
  readonly inputByReference: boolean
  /** Who was paid, wei; undefined as long as the price waits for `payPrice`. */
  readonly solver: Address | undefined
  readonly price: bigint | undefined
  /** The block at which all of this was read. */
  readonly head: Head
}

/** A verified result: an exit code other than 0, a trap and a run out of steps are results too. */
export type TaskResult =
  | (Ended<'halted'> & { readonly exitCode: number; readonly trap: undefined })
  | (Ended<'trapped'> & { readonly exitCode: undefined; readonly trap: Trap })
  | (Ended<'outOfSteps'> & { readonly exitCode: undefined; readonly trap: undefined })

export interface Trap {
  readonly code: number
  readonly name: string
}

/** As in OutcomeKind of contracts/interfaces/Task.sol. */
const KIND = { HALTED: 1, TRAPPED: 2, OUT_OF_STEPS: 3 } as const

/**
 * Waits until a task is over and returns its result. May be called late, again, and by another process than the one
 * that asked. A task that was seen and is gone again, as a re-organisation took it back, is waited for.
 * @throws UnknownTask, TaskVoid, TaskExpired, TaskCancelled, TaskAbandoned, Aborted, NodeContradictsItself
 */
export function waitForResult(context: Context, task: Hash, options: WaitOptions): Promise<TaskResult> {
  let wasSeen = false
  return poll(context, task, options, async (head) => {
    const stored = await storedTask(context, task, head.number)
    if (stored.status === 'none') {
      wasSeen ||= (await storedTask(context, task, await latest(context))).status !== 'none'
      if (!wasSeen) throw new UnknownTask(task)
      return undefined
    }
    wasSeen = true
    return isOver(stored) ? resultAt(context, task, stored, head) : undefined
  })
}

const latest = async ({ publicClient }: Context): Promise<bigint> => (await publicClient.getBlock()).number

async function resultAt(context: Context, task: Hash, stored: StoredTask, head: Head): Promise<TaskResult> {
  const events = await taskEvents(context, task, context.fromBlock, head.number)
  if (stored.status === 'final') return resultIn(context, task, events, head)
  const closed = named(events, 'TaskClosed').at(-1)
  if (closed === undefined) throw new EventMissing(task, 'TaskClosed')
  const { refund } = closed.args
  if (stored.status === 'void') throw new TaskVoid(task, refund)
  if (stored.status === 'cancelled') throw new TaskCancelled(task, refund)
  if (stored.status === 'abandoned') throw new TaskAbandoned(task, refund)
  throw new TaskExpired(task, refund, stored.noShows)
}

async function resultIn(
  { publicClient, market }: Context,
  task: Hash,
  events: readonly TaskEvent[],
  head: Head,
): Promise<TaskResult> {
  const finalised = named(events, 'Finalised').at(-1)
  if (finalised === undefined) throw new EventMissing(task, 'Finalised')
  const call = { address: market, abi: marketAbi, functionName: 'resultOf', args: [task] } as const
  const stored = await publicClient.readContract({ ...call, blockNumber: head.number })
  const { kind, code, inputByReference, outputOmitted, outputRoot } = stored
  const { value, output: told } = finalised.args
  if (!outputOmitted) requireRoot(task, told, outputRoot)
  const paid = named(events, 'PricePaid').at(-1)?.args
  const ended = {
    ...{ task, value, outputRoot, inputByReference, head },
    output: outputOmitted ? undefined : hexToBytes(told),
    solver: paid?.solver,
    price: paid?.price,
  }
  if (kind === KIND.HALTED) return { ...ended, outcome: 'halted', exitCode: code, trap: undefined }
  if (kind === KIND.OUT_OF_STEPS) return { ...ended, outcome: 'outOfSteps', exitCode: undefined, trap: undefined }
  const trap = { code, name: TRAP_NAMES[code] ?? `trap ${code}` }
  return { ...ended, outcome: 'trapped', exitCode: undefined, trap }
}

/** The output must have the root that the market keeps. */
function requireRoot(task: Hash, output: Hex, expected: Hash): void {
  const actual = toHex(byteTreeRoot(hexToBytes(output)))
  if (actual !== expected) throw new NodeContradictsItself(task, 'the root of the output', expected, actual)
}
