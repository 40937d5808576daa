import type { Hash } from '../interpreter/index.ts'
import type { Context, Head } from './context.ts'
import { Reorganised, UnknownTask } from './errors.ts'
import { type TaskEvent, taskEvents } from './history.ts'
import { isInChain, poll, type WaitOptions } from './polling.ts'
import { isOver, storedTask } from './tasks.ts'

export interface WatchOptions extends WaitOptions {
  /** The first block told of; by default the client's. */
  readonly fromBlock?: bigint | undefined
}

/**
 * All events of a task, those of the past first, then as they are confirmed. Ends when the task is over, with the block
 * that says so; deliveries and payments may follow that.
 * @throws UnknownTask, Aborted, Reorganised
 */
export async function* watchTask(context: Context, task: Hash, options: WatchOptions): AsyncGenerator<TaskEvent, void> {
  const { fromBlock = context.fromBlock, ...waiting } = options
  let upTo: Head | undefined
  for (;;) {
    const next: bigint = upTo === undefined ? fromBlock : upTo.number + 1n
    const before = upTo
    const { head, events, over } = await poll(context, task, waiting, async (head) => {
      if (before !== undefined && !(await isInChain(context.publicClient, before))) {
        throw new Reorganised(task, before.number)
      }
      if (head.number < next) return undefined
      const stored = await storedTask(context, task, head.number)
      if (stored.status === 'none') throw new UnknownTask(task)
      return { head, events: await taskEvents(context, task, next, head.number), over: isOver(stored) }
    })
    yield* events
    if (over) return
    upTo = head
  }
}
