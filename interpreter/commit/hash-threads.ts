import { HashQueue, queueBytes } from './hash-queue.ts'
import { KERNEL } from './kernel.ts'

/** So many that a thread has the next slot while the last is read. */
const SLOTS_PER_THREAD = 4

/** With fewer changed pairs of leaves than these the calling thread is done before another has woken up. */
const FEW_PAIRS = 2 ** 14

/** Levels above take part down to so small a share of it: by then the threads are awake. */
const LEVEL_SHARE = 1 / 16

/** Starts a thread that calls `hashForOthers` with the buffer; gives the way to end it. */
export type StartThread = (buffer: SharedArrayBuffer) => () => void

export interface HashThreadsOptions {
  /** Threads beside the calling one. */
  readonly threads: number
  /** Changed pairs of leaves from which on the threads take part. */
  readonly fromPairs?: number
}

/** Threads that hash for the calling thread, until they are ended. */
export interface HashThreads {
  /** How many were started: none where threads can't share a buffer. */
  readonly threads: number
  end(): void
}

interface Shared {
  readonly queue: HashQueue
  readonly fromPairs: number
}

let shared: Shared | undefined

/** The queue for each level of a tree, by its changed pairs, if those of the leaves are worth it. */
export function queueFor(leafPairs: number): (pairs: number) => HashQueue | undefined {
  if (shared === undefined || leafPairs < shared.fromPairs) return () => undefined
  const { queue, fromPairs } = shared
  return (pairs) => (pairs >= LEVEL_SHARE * fromPairs ? queue : undefined)
}

/**
 * From now on the trees of the calling thread are hashed with the help of others, wherever many of their leaves changed.
 * The calling thread never waits for them: what one is late with, or has died with, it hashes itself. In Node `start`
 * comes from the daemon's folder; a page, which has to be cross-origin isolated, makes a worker of a module that says
 * `onmessage = ({ data }) => hashForOthers(data)`, posts the buffer to it, and returns what terminates it.
 */
export function startHashThreads(start: StartThread, options: HashThreadsOptions): HashThreads {
  const { threads, fromPairs = FEW_PAIRS } = options
  if (threads === 0 || typeof SharedArrayBuffer === 'undefined') return { threads: 0, end: () => undefined }
  const buffer = new SharedArrayBuffer(queueBytes(SLOTS_PER_THREAD * threads))
  const own: Shared = { queue: new HashQueue(buffer), fromPairs }
  const ends = Array.from({ length: threads }, () => start(buffer))
  shared = own
  return {
    threads,
    end: () => {
      if (shared === own) shared = undefined
      for (const end of ends) end()
    },
  }
}

/** Hashes what another thread hands over in the buffer, until this thread is ended. */
export function hashForOthers(buffer: SharedArrayBuffer): never {
  const queue = new HashQueue(buffer)
  const { memory, pairs, digests } = KERNEL
  for (;;) {
    const slot = queue.take()
    const count = queue.count(slot)
    const [from, to] = [queue.pairs(slot), queue.digests(slot)]
    memory.set(queue.bytes.subarray(from, from + 64 * count), pairs)
    KERNEL.hashPairs(pairs, digests, count)
    queue.bytes.set(memory.subarray(digests, digests + 32 * count), to)
    queue.giveBack(slot)
  }
}
