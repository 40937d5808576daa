import { Worker } from 'node:worker_threads'
import type { Desk, DeskEvents } from './crew.ts'
import type { Reply } from './messages.ts'

/** The file that a worker runs, and what it is told at its start. */
export interface WorkerFile {
  readonly file: URL
  readonly data?: unknown
}

/** What the daemons' own worker is told at its start. */
export interface OwnWorkerData {
  /** Threads that hash large memories with it. */
  readonly hashThreads: number
}

/** The daemons' own worker. The sources run as they are, and the published files are built from them. */
export const ownWorker = (data: OwnWorkerData): WorkerFile => ({
  file: new URL(import.meta.url.replace(/desk(\.[jt]s)$/, 'worker$1')),
  data,
})

const ALONE = ownWorker({ hashThreads: 0 })

/** For objects, of which lowering the largest modules makes the most; a thread that wants more ends alone. */
const HEAP_MB = 4096

/** Starts a worker thread. It gets no environment: that may hold the key of the account that acts. */
export function openDesk({ said, lost }: DeskEvents, { file, data }: WorkerFile = ALONE): Desk {
  const worker = new Worker(file, {
    workerData: data,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  let problem = ''
  worker.on('message', (reply: Reply) => said(reply))
  worker.on('error', (error) => {
    problem = error instanceof Error ? error.message : String(error)
  })
  worker.on('messageerror', ({ message }: Error) => {
    problem = message
    void worker.terminate()
  })
  worker.on('exit', (code) => lost(problem || `it ended with code ${code}`))
  return {
    post: (order) => worker.postMessage(order),
    close() {
      worker.removeAllListeners()
      worker.on('error', () => undefined)
      void worker.terminate()
    },
  }
}
