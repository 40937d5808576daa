// A worker that ends in the middle of an order to answer, as often as its data says; the data is shared by all of them.
import { parentPort, workerData } from 'node:worker_threads'
import { execute, serveWork } from '../../daemon/index.ts'
import type { Order } from '../../daemon/workers/messages.ts'

const lives = new Int32Array(workerData as SharedArrayBuffer)

parentPort?.on('message', ({ kind }: Order) => {
  if (kind === 'answer' && Atomics.sub(lives, 0, 1) > 0) process.exit(1)
})
serveWork(execute)
