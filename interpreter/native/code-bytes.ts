/** Bytes that are known only when the function is emitted. */
export type Deferred = () => readonly number[]

/** The code of a function while it is emitted. */
export class CodeBytes {
  readonly #parts: (number[] | Deferred)[] = []
  #open: number[] = []

  put(...groups: readonly (readonly number[])[]): void {
    for (const bytes of groups) for (const byte of bytes) this.#open.push(byte)
  }

  defer(bytes: Deferred): void {
    this.#parts.push(this.#open, bytes)
    this.#open = []
  }

  /** All bytes, in order. */
  collect(into: number[]): void {
    for (const part of [...this.#parts, this.#open]) {
      for (const byte of typeof part === 'function' ? part() : part) into.push(byte)
    }
  }
}
