import { constants } from 'node:os'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** What a shell adds to the number of the signal that ended a process. */
const ENDED_BY_SIGNAL = 128

/** Ctrl-C goes to all processes of a terminal, and those that started this one pass it on: that is one signal. */
const SAME_SIGNAL_MS = 500

/** Aborted by the first SIGTERM or SIGINT: what is under way is finished, nothing new begun. The second ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  let first = 0
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (!controller.signal.aborted) first = performance.now()
      else if (performance.now() - first > SAME_SIGNAL_MS) process.exit(ENDED_BY_SIGNAL + constants.signals[name])
      controller.abort()
    })
  }
  return controller.signal
}
