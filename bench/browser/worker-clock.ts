import { readdirSync, readFileSync } from 'node:fs'

/** What Chromium calls the thread of a web worker. */
const THREAD = 'DedicatedWorker'
const GROUP_FIELD = 2

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** None where there is no such folder, any more or at all. */
const entriesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).map((entry) => `${folder}/${entry}`)
  } catch {
    return []
  }
}

/** Behind a name in brackets, which may hold anything, come state, parent and process group. */
const groupOf = (process: string): number => Number(read(`${process}/stat`).split(') ').at(-1)?.split(' ')[GROUP_FIELD])

/**
 * Seconds of the processor that the worker of a browser has had, whose processes are one group; undefined where the
 * system does not tell as Linux does. Exact as long as the worker waits for the answer.
 */
export function workerSeconds(group: number): number | undefined {
  const processes = entriesOf('/proc').filter((process) => groupOf(process) === group)
  const threads = processes.flatMap((process) => entriesOf(`${process}/task`))
  const worker = threads.find((thread) => read(`${thread}/comm`).startsWith(THREAD))
  const nanoseconds = worker === undefined ? '' : read(`${worker}/schedstat`).split(' ')[0]
  return nanoseconds ? Number(nanoseconds) / 1e9 : undefined
}
