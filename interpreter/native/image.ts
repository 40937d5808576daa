import { PAGE_WORDS, type PagePool, ZERO_PAGE } from './page-pool.ts'
import type { Part } from './parts.ts'

/**
 * A copy of a part: pages that hold the numbers of its pages, in order. What lies behind them is zero. Copies share the
 * pages in which they do not differ.
 */
export type Image = readonly number[]

export const EMPTY_IMAGE: Image = []

/** Whether words are the same as the first of a page. */
const equal = (words: Int32Array, from: number, count: number, page: Int32Array): boolean => {
  for (let i = 0; i < count; i++) if (words[from + i] !== page[i]) return false
  return true
}

const pagesOf = (words: Int32Array): number => Math.ceil(words.length / PAGE_WORDS)

/** Pages go to the pool one by one, and come from it as long as it has some. */
class Copying {
  readonly #pool: PagePool
  readonly #take: () => number | undefined
  readonly #part: Part
  readonly #words: Int32Array
  readonly #before: Image

  constructor(pool: PagePool, take: () => number | undefined, part: Part, before: Image) {
    this.#pool = pool
    this.#take = take
    this.#part = part
    this.#words = part.words()
    this.#before = before
  }

  /** The whole image; undefined if there was no room for it. */
  image(): Image | undefined {
    const tables: number[] = []
    for (let first = 0; first < pagesOf(this.#words); first += PAGE_WORDS) {
      const table = this.#table(first)
      if (table === undefined) {
        releaseImage(this.#pool, tables)
        return undefined
      }
      tables.push(table)
    }
    return tables
  }

  /** The numbers of the pages from `first` on, on a page of their own. */
  #table(first: number): number | undefined {
    const before = this.#before[first / PAGE_WORDS] ?? ZERO_PAGE
    const end = Math.min(first + PAGE_WORDS, pagesOf(this.#words))
    const changed = this.#changed(first, end, before)
    if (changed.length === 0) {
      this.#pool.share(before)
      return before
    }
    const table = this.#take()
    if (table === undefined) return undefined
    const numbers = this.#pool.words(table)
    numbers.set(this.#pool.words(before))
    for (const page of changed) numbers[page - first] = ZERO_PAGE
    for (const number of numbers) this.#pool.share(number)
    for (const page of changed) {
      const number = this.#page(page)
      if (number === undefined) {
        releaseTable(this.#pool, table)
        return undefined
      }
      numbers[page - first] = number
    }
    return table
  }

  /** Pages from `first` to before `end` that differ from what they were. */
  #changed(first: number, end: number, before: number): number[] {
    const changed: number[] = []
    const numbers = this.#pool.words(before)
    for (let page = this.#next(first); page >= 0 && page < end; page = this.#next(page + 1)) {
      const from = page * PAGE_WORDS
      const count = Math.min(PAGE_WORDS, this.#words.length - from)
      if (!equal(this.#words, from, count, this.#pool.words(numbers[page - first]!))) changed.push(page)
    }
    return changed
  }

  #next(page: number): number {
    return this.#part.nextUnsettled(page)
  }

  #page(page: number): number | undefined {
    const number = this.#take()
    if (number === undefined) return undefined
    const words = this.#pool.words(number)
    const content = this.#words.subarray(page * PAGE_WORDS, (page + 1) * PAGE_WORDS)
    words.set(content)
    words.fill(0, content.length)
    return number
  }
}

/** A copy of a part that is as `before` but for its unsettled pages; undefined if `take` had no page for it. */
export const copyPart = (
  pool: PagePool,
  take: () => number | undefined,
  part: Part,
  before: Image,
): Image | undefined => new Copying(pool, take, part, before).image()

const releaseTable = (pool: PagePool, table: number): void => {
  const numbers = pool.words(table)
  if (pool.release(table)) for (const page of numbers) pool.release(page)
}

/** Nobody looks at it any more. */
export const releaseImage = (pool: PagePool, image: Image): void => {
  for (const table of image) releaseTable(pool, table)
}

/** Makes a part, which is as `before` but for its unsettled pages, as `image` is. */
export const restorePart = (pool: PagePool, part: Part, before: Image, image: Image): void => {
  const words = part.words()
  for (let first = 0; first < pagesOf(words); first += PAGE_WORDS) {
    const [old, wanted] = [before, image].map((of) => pool.words(of[first / PAGE_WORDS] ?? ZERO_PAGE)) as [
      Int32Array,
      Int32Array,
    ]
    let unsettled = part.nextUnsettled(first)
    for (let page = first; page < Math.min(first + PAGE_WORDS, pagesOf(words)); page++) {
      if (unsettled >= 0 && unsettled < page) unsettled = part.nextUnsettled(page)
      if (unsettled !== page && old[page - first] === wanted[page - first]) continue
      restorePage(part, words, page, pool.words(wanted[page - first]!))
    }
  }
}

const restorePage = (part: Part, words: Int32Array, page: number, content: Int32Array): void => {
  const from = page * PAGE_WORDS
  const count = Math.min(PAGE_WORDS, words.length - from)
  if (equal(words, from, count, content)) return
  words.set(content.subarray(0, count), from)
  part.written(page)
}
