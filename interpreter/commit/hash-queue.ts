/** Pairs of nodes that are handed over together: few, so that the time of those a thread never gives back is little. */
export const SLOT_PAIRS = 256

const PAIR_BYTES = 64
const DIGEST_BYTES = 32
// buffer: how often a slot was filled, padded | slots, each: state, number of pairs, padded | pairs | digests
const HEAD_BYTES = 64
const SLOT_BYTES = HEAD_BYTES + (PAIR_BYTES + DIGEST_BYTES) * SLOT_PAIRS
const FILLED = 0

/** A slot is filled, then taken by one thread, and idle again when its digests are there. */
const STATE = { IDLE: 0, READY: 1, TAKEN: 2 } as const

export const queueBytes = (slots: number): number => HEAD_BYTES + SLOT_BYTES * slots

const slotAt = (slot: number): number => HEAD_BYTES + SLOT_BYTES * slot

/** The word that holds a slot's state. */
const stateOf = (slot: number): number => slotAt(slot) / 4

/**
 * Pairs that other threads hash, in a buffer which all of them see. One thread fills slots and may take each back that
 * no other has taken; a slot that was taken is not filled again before its digests are there, so that a thread which is
 * late writes where nobody reads, and one which has died leaves a slot without use.
 */
export class HashQueue {
  readonly slots: number
  readonly bytes: Uint8Array
  readonly words: Int32Array

  constructor(buffer: SharedArrayBuffer) {
    this.slots = (buffer.byteLength - HEAD_BYTES) / SLOT_BYTES
    this.bytes = new Uint8Array(buffer)
    this.words = new Int32Array(buffer)
  }

  /** Offset of a slot's pairs. */
  pairs(slot: number): number {
    return slotAt(slot) + HEAD_BYTES
  }

  /** Offset of a slot's digests. */
  digests(slot: number): number {
    return this.pairs(slot) + PAIR_BYTES * SLOT_PAIRS
  }

  count(slot: number): number {
    return this.words[stateOf(slot) + 1]!
  }

  isIdle(slot: number): boolean {
    return Atomics.load(this.words, stateOf(slot)) === STATE.IDLE
  }

  /** Hands over the pairs of an idle slot. */
  fill(slot: number, count: number): void {
    this.words[stateOf(slot) + 1] = count
    Atomics.store(this.words, stateOf(slot), STATE.READY)
    Atomics.add(this.words, FILLED, 1)
    Atomics.notify(this.words, FILLED, 1)
  }

  /** Whether nobody had taken it: then it is idle. */
  takeBack(slot: number): boolean {
    return Atomics.compareExchange(this.words, stateOf(slot), STATE.READY, STATE.IDLE) === STATE.READY
  }

  /** A slot to hash, until it is given back, if there is one. */
  tryTake(): number | undefined {
    for (let slot = 0; slot < this.slots; slot++) {
      const before = Atomics.compareExchange(this.words, stateOf(slot), STATE.READY, STATE.TAKEN)
      if (before === STATE.READY) return slot
    }
    return undefined
  }

  /** The same, but sleeps until there is one. */
  take(): number {
    for (;;) {
      const filled = Atomics.load(this.words, FILLED)
      const slot = this.tryTake()
      if (slot !== undefined) return slot
      Atomics.wait(this.words, FILLED, filled)
    }
  }

  /** After its digests were written. */
  giveBack(slot: number): void {
    Atomics.store(this.words, stateOf(slot), STATE.IDLE)
  }
}
