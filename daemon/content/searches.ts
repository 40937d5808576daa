/** Why something is not there. */
export interface Lack<Reason extends string> {
  readonly lacks: Reason
  readonly message: string
}

export type Found<T, Reason extends string> = T | Lack<Reason>

/** One search for each thing at a time, in the background: nobody's clock waits for a stranger's server. */
export interface Searches<Key, T, Reason extends string> {
  /** What was found, or why nothing is there yet; begins a search where one is due. */
  get(key: Key, search: () => Promise<Found<T, Reason>>): Found<T, Reason>
  /** What was found before, if anything was. */
  held(key: Key): T | undefined
  /** Forgets all but these. */
  retain(keys: ReadonlySet<Key>): void
  /** Resolves when no search is under way. */
  atRest(): Promise<void>
}

/** After a vain search, so long until the next; twice as long each time, up to the longest. */
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 600_000

interface Search<T, Reason extends string> {
  /** What the last finished search came to. */
  result: Found<T, Reason>
  running: Promise<void> | undefined
  pause: number
  nextAt: number
}

export const isLack = <T, Reason extends string>(found: Found<T, Reason>): found is Lack<Reason> =>
  typeof found === 'object' && found !== null && 'lacks' in found

/**
 * @param underWay what is told until the first search ends
 * @param clock milliseconds
 */
export function createSearches<Key, T, Reason extends string>(
  underWay: Lack<Reason>,
  failed: (error: unknown) => Lack<Reason>,
  clock: () => number,
): Searches<Key, T, Reason> {
  const all = new Map<Key, Search<T, Reason>>()

  async function run(search: Search<T, Reason>, find: () => Promise<Found<T, Reason>>): Promise<void> {
    search.result = await find().catch(failed)
    search.nextAt = clock() + search.pause
    search.pause = Math.min(2 * search.pause, LONGEST_PAUSE_MS)
    search.running = undefined
  }

  return {
    get(key, find) {
      const fresh = { result: underWay, running: undefined, pause: FIRST_PAUSE_MS, nextAt: 0 }
      const search = all.get(key) ?? fresh
      all.set(key, search)
      if (isLack(search.result) && search.running === undefined && clock() >= search.nextAt)
        search.running = run(search, find)
      return search.result
    },
    held(key) {
      const result = all.get(key)?.result
      return result === undefined || isLack(result) ? undefined : result
    },
    retain(keys) {
      for (const key of all.keys()) if (!keys.has(key)) all.delete(key)
    },
    async atRest() {
      await Promise.all([...all.values()].map(({ running }) => running))
    },
  }
}
