import type { Bytes } from '../machine/bytes.ts'

/**
 * Blocks that were stored to, for two who want to know: whoever commits to the state, and whoever keeps copies. A store
 * marks the block in which it begins, and may end in the next one.
 */
export class Marks {
  readonly #region: Bytes
  #toCommit = new Uint8Array(0)
  #toCopy = new Uint8Array(0)

  constructor(region: Bytes) {
    this.#region = region
    this.collect()
  }

  /** Takes the marks of the region over. */
  collect(): void {
    const { dirty } = this.#region
    this.#toCommit = extended(this.#toCommit, dirty.length)
    this.#toCopy = extended(this.#toCopy, dirty.length)
    for (let block = dirty.indexOf(1); block >= 0; block = dirty.indexOf(1, block + 1)) {
      dirty[block] = 0
      for (const marks of [this.#toCommit, this.#toCopy]) marks.fill(1, block, block + 2)
    }
  }

  /** Gives the marks back to the region, whose commitment is about to follow. */
  toCommit(): void {
    this.collect()
    this.#region.dirty.set(this.#toCommit.subarray(0, this.#region.dirty.length))
    this.#toCommit.fill(0)
  }

  /** A block has another content now, which is that of a copy. */
  toCommitAgain(block: number): void {
    this.#toCommit[block] = 1
  }

  /** The first block from `block` on that changed since copies were last up to date, as far as it was collected; or -1. */
  nextUncopied(block: number): number {
    return this.#toCopy.indexOf(1, block)
  }

  /** Copies are up to date. */
  copied(): void {
    this.#toCopy.fill(0)
  }
}

const extended = (marks: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> => {
  if (marks.length >= length) return marks
  const longer = new Uint8Array(length)
  longer.set(marks)
  return longer
}
