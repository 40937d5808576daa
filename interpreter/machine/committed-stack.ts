/** The slots of a stack as they were last committed to; those at and above sp are zero. */
export class CommittedStack {
  /** Two halves for each slot, the low one first. */
  #slots = new Int32Array(0)
  /** Slots from here on are zero. */
  sp = 0

  /** Takes in a slot of a stack that ends at sp; false if it is as it was. */
  take(slot: number, slots: Int32Array, sp: number): boolean {
    if (2 * slot >= this.#slots.length) this.#grow(Math.max(2 * slot + 2, 2 * this.#slots.length))
    const [low, high] = slot < sp ? [slots[2 * slot]!, slots[2 * slot + 1]!] : [0, 0]
    if (this.#slots[2 * slot] === low && this.#slots[2 * slot + 1] === high) return false
    this.#slots[2 * slot] = low
    this.#slots[2 * slot + 1] = high
    return true
  }

  low(slot: number): number {
    return this.#slots[2 * slot]!
  }

  high(slot: number): number {
    return this.#slots[2 * slot + 1]!
  }

  #grow(length: number): void {
    const slots = new Int32Array(length)
    slots.set(this.#slots)
    this.#slots = slots
  }
}
