// A process that runs files of the suite for another: `worker.ts ENGINE SUITE`, names in, reports out.
import { createReporter, type EngineName } from './engines.ts'
import type { FileReport } from './report.ts'

/** What a worker says. */
export type WorkerMessage = { readonly steps: number } | { readonly report: FileReport }

/** To nobody, if the other process is gone: then this one ends as well. */
function say(message: WorkerMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

// An exit, unlike a signal, lets an engine end what it started.
process.on('SIGTERM', () => process.exit(1))

async function serve(engine: EngineName, suite: string): Promise<void> {
  const reporter = await createReporter(engine, (steps) => say({ steps }))
  process.on('message', (name: string) => {
    reporter.report(suite, name).then((report) => say({ report }), fail)
  })
  process.on('disconnect', () => {
    reporter.close().then(() => process.exit(0), fail)
  })
}

function fail(error: unknown): void {
  console.error(error)
  process.exit(1)
}

serve(process.argv[2] as EngineName, process.argv[3] as string).catch(fail)
