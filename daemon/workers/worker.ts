import { workerData } from 'node:worker_threads'
import { startNodeHashThreads } from '../hash-threads.ts'
import type { OwnWorkerData } from './desk.ts'
import { execute } from './execution.ts'
import { serveWork } from './serve.ts'

const { hashThreads } = workerData as OwnWorkerData
if (hashThreads > 0) startNodeHashThreads({ threads: hashThreads })
serveWork(execute)
