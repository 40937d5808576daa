import { BLOCK_BITS, type Bytes } from '../machine/bytes.ts'

/**
 * Blocks that were stored to, for two who want to know: whoever commits to the state, and whoever keeps a copy. A store
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

  /** The blocks that changed since the last time, as ranges of bytes. */
  *changed(): Generator<[start: number, end: number]> {
    this.collect()
    const { length } = this.#region.bytes
    for (let block = this.#toCopy.indexOf(1); block >= 0; block = this.#toCopy.indexOf(1, block + 1)) {
      const start = block * 2 ** BLOCK_BITS
      if (start < length) yield [start, Math.min(length, start + 2 ** BLOCK_BITS)]
    }
    this.#toCopy.fill(0)
  }
}

const extended = (marks: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> => {
  if (marks.length >= length) return marks
  const longer = new Uint8Array(length)
  longer.set(marks)
  return longer
}
