import { BLOCK_BITS } from '../machine/bytes.ts'

/** Pages are the blocks that stores mark. */
export const PAGE_WORDS = 2 ** (BLOCK_BITS - 2)
const PAGE_BYTES = 2 ** BLOCK_BITS

/** Pages that are allocated at a time, as a power of two. */
const SLAB_BITS = 5
const SLAB_PAGES = 2 ** SLAB_BITS

/** The page that is all zeros. */
export const ZERO_PAGE = 0

/** Pages of words within a budget, counted by their users and used again once they have none. */
export class PagePool {
  /** Pages that it may have. */
  #most: number
  readonly #slabs: Int32Array[] = []
  #pages = 0
  /** How many use a page. */
  #users = new Int32Array(SLAB_PAGES)
  readonly #free: number[] = []

  constructor(budgetBytes: number) {
    // The page of zeros is there in any case.
    this.#most = Math.max(1, Math.floor(budgetBytes / PAGE_BYTES))
    this.#extend(1)
    this.#free.pop()
  }

  /** Bytes of all pages that it ever had at once: they stay with it. */
  get bytes(): number {
    return this.#pages * PAGE_BYTES
  }

  /** The words of a page; of one with several users they stay as they are. */
  words(page: number): Int32Array {
    const at = (page % SLAB_PAGES) * PAGE_WORDS
    return this.#slabs[page >>> SLAB_BITS]!.subarray(at, at + PAGE_WORDS)
  }

  /** Another user of a page. */
  share(page: number): void {
    if (page !== ZERO_PAGE) this.#users[page]!++
  }

  /** A page for one user, whose words are any; undefined where the budget, or the engine's memory, is used up. */
  take(): number | undefined {
    if (this.#free.length === 0) this.#extend(Math.min(SLAB_PAGES, this.#most - this.#pages))
    const page = this.#free.pop()
    if (page !== undefined) this.#users[page] = 1
    return page
  }

  /** One user less; true if it was the last. */
  release(page: number): boolean {
    if (page === ZERO_PAGE || --this.#users[page]! > 0) return false
    this.#free.push(page)
    return true
  }

  /** Allows so many bytes more. */
  raise(bytes: number): void {
    this.#most += Math.ceil(bytes / PAGE_BYTES)
  }

  /** Numbers of pages that a small slab does not have stay without one. */
  #extend(pages: number): void {
    if (pages <= 0) return
    const slab = allocate(pages)
    if (slab === undefined) {
      this.#most = this.#pages
      return
    }
    const first = this.#slabs.push(slab) * SLAB_PAGES - SLAB_PAGES
    if (this.#users.length < first + SLAB_PAGES) this.#users = doubled(this.#users)
    for (let page = first + pages - 1; page >= first; page--) this.#free.push(page)
    this.#pages += pages
  }
}

/** Engines refuse by a RangeError. */
const allocate = (pages: number): Int32Array | undefined => {
  try {
    return new Int32Array(pages * PAGE_WORDS)
  } catch (failure) {
    if (!(failure instanceof RangeError)) throw failure
    return undefined
  }
}

const doubled = (numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const longer = new Int32Array(2 * numbers.length)
  longer.set(numbers)
  return longer
}
