/** Bytes, as the emitter makes them or as they come. */
export type Bytes = readonly number[] | Uint8Array

const FIRST_ROOM = 64

/** Bytes that are written one after another. A program has millions of them, which numbers in arrays would multiply. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_ROOM)
  #length = 0

  get length(): number {
    return this.#length
  }

  put(...groups: readonly Bytes[]): void {
    for (const group of groups) {
      this.#makeRoom(group.length)
      this.#bytes.set(group, this.#length)
      this.#length += group.length
    }
  }

  /** What was written from one index up to another. */
  slice(start = 0, end = this.#length): Uint8Array {
    return this.#bytes.subarray(start, end)
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const longer = new Uint8Array(2 * (this.#length + more))
    longer.set(this.#bytes)
    this.#bytes = longer
  }
}

/** Bytes that are known only when the function is emitted. */
export type Deferred = () => readonly number[]

/** The code of a function while it is emitted. */
export class CodeBytes {
  readonly #known = new ByteWriter()
  readonly #deferred: { readonly at: number; readonly bytes: Deferred }[] = []

  put(...groups: readonly Bytes[]): void {
    this.#known.put(...groups)
  }

  defer(bytes: Deferred): void {
    this.#deferred.push({ at: this.#known.length, bytes })
  }

  /** All bytes, in order. */
  collect(into: ByteWriter): void {
    let start = 0
    for (const { at, bytes } of this.#deferred) {
      into.put(this.#known.slice(start, at), bytes())
      start = at
    }
    into.put(this.#known.slice(start))
  }
}
