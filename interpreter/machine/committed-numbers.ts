/** Numbers compared at once. */
const BLOCK = 64

/** The halves of numbers, the low one of each first. */
export const halvesOf = ({ buffer, byteOffset, length }: BigInt64Array | BigUint64Array): Int32Array =>
  new Int32Array(buffer, byteOffset, 2 * length)

/** Numbers of 64 bits as they were last committed to; those from an end on are zero. */
export class CommittedNumbers {
  /** Two halves for each number, the low one first; whole blocks. */
  #halves = new Int32Array(0)
  /** Numbers from here on are zero. */
  end = 0

  /** Takes in numbers up to an end; `changed` gets each block that is not as it was, by its first number. */
  takeAll(halves: Int32Array, end: number, changed: (first: number, block: Int32Array) => void): void {
    this.#reserve(end)
    for (let first = 0; first < Math.max(end, this.end); first += BLOCK) {
      if (!this.#takeBlock(2 * first, halves, 2 * end)) continue
      changed(first, this.#halves.subarray(2 * first, 2 * (first + BLOCK)))
    }
    this.end = end
  }

  /** Takes in one number of those up to an end; false if it is as it was. */
  take(index: number, halves: Int32Array, end: number): boolean {
    this.#reserve(index + 1)
    const [low, high] = index < end ? [halves[2 * index]!, halves[2 * index + 1]!] : [0, 0]
    if (this.#halves[2 * index] === low && this.#halves[2 * index + 1] === high) return false
    this.#halves[2 * index] = low
    this.#halves[2 * index + 1] = high
    return true
  }

  low(index: number): number {
    return this.#halves[2 * index]!
  }

  high(index: number): number {
    return this.#halves[2 * index + 1]!
  }

  /** False if the block is as it was. */
  #takeBlock(from: number, halves: Int32Array, end: number): boolean {
    const own = this.#halves
    const blockEnd = from + 2 * BLOCK
    const live = Math.max(from, Math.min(end, blockEnd))
    let difference = 0
    for (let i = from; i < live; i++) difference |= own[i]! ^ halves[i]!
    for (let i = live; i < blockEnd; i++) difference |= own[i]!
    if (difference === 0) return false
    own.set(halves.subarray(from, live), from)
    own.fill(0, live, blockEnd)
    return true
  }

  #reserve(count: number): void {
    if (2 * count <= this.#halves.length) return
    const blocks = Math.ceil(Math.max(count, this.#halves.length) / BLOCK)
    const halves = new Int32Array(2 * BLOCK * blocks)
    halves.set(this.#halves)
    this.#halves = halves
  }
}
