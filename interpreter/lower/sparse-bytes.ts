import { isZero } from '../machine/bytes.ts'
import type { MemoryPiece } from './program.ts'

/** Bytes that are kept together. */
const PIECE_BYTES = 4096

/** Up to 2^32 bytes that are zero but for a few: a byte at the end of 4 GiB is no reason to hold all of them. */
export class SparseBytes {
  readonly #pieces = new Map<number, Uint8Array>()

  write(address: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const offset = (address + done) % PIECE_BYTES
      const part = bytes.subarray(done, done + PIECE_BYTES - offset)
      const number = Math.floor((address + done) / PIECE_BYTES)
      if (this.#pieces.has(number) || !isZero(part)) this.#piece(number).set(part, offset)
      done += part.length
    }
  }

  clear(): void {
    this.#pieces.clear()
  }

  /** What is not zero, by ascending address. */
  pieces(): MemoryPiece[] {
    return [...this.#pieces]
      .filter(([, bytes]) => !isZero(bytes))
      .sort(([a], [b]) => a - b)
      .map(([number, bytes]) => ({ address: number * PIECE_BYTES, bytes: bytes.slice() }))
  }

  #piece(number: number): Uint8Array {
    const known = this.#pieces.get(number)
    if (known !== undefined) return known
    const piece = new Uint8Array(PIECE_BYTES)
    this.#pieces.set(number, piece)
    return piece
  }
}
