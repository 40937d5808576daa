import { NODE_WORDS } from './chunks.ts'

const FIRST_ROOM = 1024
const NODE_BYTES = 4 * NODE_WORDS

/**
 * What nodes of one height became, one after the other: a change for each time and node, by ascending time and, of one
 * time, by ascending index.
 */
export class Versions {
  count = 0
  times = new Int32Array(FIRST_ROOM)
  indices = new Int32Array(FIRST_ROOM)
  words = new Int32Array(NODE_WORDS * FIRST_ROOM)
  #bytes = new Uint8Array(this.words.buffer)
  #view = new DataView(this.words.buffer)

  /** Adds a node that has no version of that time yet. */
  add(time: number, index: number, node: Uint8Array): void {
    const at = this.#place(time, index)
    this.#bytes.set(node, at)
  }

  /** The same for a leaf that is a number of two halves, as 32 big-endian bytes. */
  addNumber(time: number, index: number, high: number, low: number): void {
    const at = this.#place(time, index)
    this.words.fill(0, at / 4, at / 4 + NODE_WORDS)
    this.#view.setInt32(at + NODE_BYTES - 8, high)
    this.#view.setInt32(at + NODE_BYTES - 4, low)
  }

  /** The node of a version, as a view. */
  node(i: number): Uint8Array {
    return this.#bytes.subarray(NODE_BYTES * i, NODE_BYTES * (i + 1))
  }

  /** Makes room for a version; returns where its bytes go. */
  #place(time: number, index: number): number {
    if (this.count === this.times.length) this.#grow()
    let at = this.count++
    for (; at > 0 && this.times[at - 1] === time && this.indices[at - 1]! > index; at--) this.#move(at - 1, at)
    this.times[at] = time
    this.indices[at] = index
    return NODE_BYTES * at
  }

  #move(from: number, to: number): void {
    this.times[to] = this.times[from]!
    this.indices[to] = this.indices[from]!
    this.words.copyWithin(NODE_WORDS * to, NODE_WORDS * from, NODE_WORDS * (from + 1))
  }

  #grow(): void {
    const { times, indices, words } = this
    const room = 2 * times.length
    this.times = new Int32Array(room)
    this.indices = new Int32Array(room)
    this.words = new Int32Array(NODE_WORDS * room)
    this.#bytes = new Uint8Array(this.words.buffer)
    this.#view = new DataView(this.words.buffer)
    this.times.set(times)
    this.indices.set(indices)
    this.words.set(words)
  }
}
