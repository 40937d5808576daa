import { constants } from 'node:os'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** What a shell adds to the number of the signal that ended a process. */
const ENDED_BY_SIGNAL = 128

/** Aborted by the first SIGTERM or SIGINT: what is under way is finished, nothing new begun. The second ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(ENDED_BY_SIGNAL + constants.signals[name])
      controller.abort()
    })
  }
  return controller.signal
}
