import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { createReporter, type EngineName } from './engines.ts'
import type { FileReport } from './report.ts'
import type { WorkerMessage } from './worker.ts'

/** What a pool tells while it works. */
export interface Watcher {
  /** A file is done. */
  done(report: FileReport): void
  /** So many steps of a file are done. */
  progress(name: string, steps: number): void
}

/** A process ended that had a file to run. */
class WorkerDied extends Error {
  override readonly name = 'WorkerDied'
  constructor(file: string, code: number | null) {
    super(`the process that ran ${file} ended with ${code ?? 'a signal'}`)
  }
}

/**
 * Runs files in order, with so many processes; one is this one.
 * @throws WorkerDied
 */
export async function runPool(
  engine: EngineName,
  suite: string,
  names: readonly string[],
  jobs: number,
  watcher: Watcher,
): Promise<void> {
  if (jobs === 1) return runHere(engine, suite, names, watcher)
  const queue = names.values()
  const workers = Array.from({ length: Math.min(jobs, names.length) }, () =>
    fork(join(import.meta.dirname, 'worker.ts'), [engine, suite]),
  )
  try {
    await Promise.all(workers.map((worker) => serve(worker, queue, watcher)))
  } finally {
    for (const worker of workers) if (worker.connected) worker.disconnect()
  }
}

async function runHere(engine: EngineName, suite: string, names: readonly string[], watcher: Watcher): Promise<void> {
  let current = ''
  const reporter = await createReporter(engine, (steps) => watcher.progress(current, steps))
  try {
    for (const name of names) {
      current = name
      watcher.done(await reporter.report(suite, name))
    }
  } finally {
    await reporter.close()
  }
}

async function serve(worker: ChildProcess, queue: Iterator<string>, watcher: Watcher): Promise<void> {
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    watcher.done(await runIn(worker, next.value, watcher))
  }
}

/** One file in a worker. */
function runIn(worker: ChildProcess, name: string, watcher: Watcher): Promise<FileReport> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', hear)
      worker.off('exit', mourn)
      act()
    }
    const hear = (message: WorkerMessage) => {
      if ('steps' in message) watcher.progress(name, message.steps)
      else settle(() => resolve(message.report))
    }
    const mourn = (code: number | null) => settle(() => reject(new WorkerDied(name, code)))
    worker.on('message', hear)
    worker.on('exit', mourn)
    worker.send(name)
  })
}
