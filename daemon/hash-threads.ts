import { Worker } from 'node:worker_threads'
import { type HashThreads, type HashThreadsOptions, startHashThreads } from '../interpreter/index.ts'

/** Sources end in .ts, and what is built of them in .js. */
const INTERPRETER = new URL(`../interpreter/index${import.meta.url.slice(-3)}`, import.meta.url)

/** A thread needs no file of its own. */
const THREAD = `
  const { interpreter, buffer } = require('node:worker_threads').workerData
  import(interpreter).then(({ hashForOthers }) => hashForOthers(buffer))`

/** A thread that keeps no process alive. */
function startThread(buffer: SharedArrayBuffer): () => void {
  const worker = new Worker(THREAD, { eval: true, workerData: { interpreter: INTERPRETER.href, buffer } })
  // Without a listener it would end the process; the work of a thread that died is done by the calling one.
  worker.on('error', () => undefined)
  worker.unref()
  return () => void worker.terminate()
}

/** Lets more threads of the processor take part in the hashing of the calling one. */
export const startNodeHashThreads = (options: HashThreadsOptions): HashThreads => startHashThreads(startThread, options)
