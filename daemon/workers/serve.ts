import { parentPort } from 'node:worker_threads'
import type { Execute } from './execution.ts'
import type { Order } from './messages.ts'
import { createWork } from './work.ts'

/** The whole life of a worker thread. */
export function serveWork(execute: Execute): void {
  const work = createWork(execute)
  // An order for which there is no memory here would be waited for for ever.
  parentPort?.on('messageerror', (error) => {
    throw error
  })
  parentPort?.on('message', (order: Order) => parentPort?.postMessage(work(order)))
}
