/** Bytes that the process can still take: of the system's memory, and of its own share where it was given one. */
export function memoryLeft(): number {
  const share = process.constrainedMemory()
  const ownLeft = share > 0 ? share - process.memoryUsage.rss() : Number.POSITIVE_INFINITY
  return Math.min(process.availableMemory(), ownLeft)
}
