/** Wakes whoever waits for something new. */
export interface Bell {
  ring(): void
  /** Aborted by the next ring. */
  next(): AbortSignal
}

export function createBell(): Bell {
  let controller = new AbortController()
  return {
    ring: () => controller.abort(),
    next() {
      if (controller.signal.aborted) controller = new AbortController()
      return controller.signal
    },
  }
}
