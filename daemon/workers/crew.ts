import type { Order, Reply } from './messages.ts'

/** Something to be done in a worker of its own, order by order. */
export interface Errand {
  /** Whether a stake hangs on it. */
  isStaked(): boolean
  /** The next order, if there is one; `isNew`: the worker has done nothing for this errand yet. */
  next(isNew: boolean): Order | undefined
  /** Its worker was given the order. */
  given(order: Order): void
  said(reply: Reply): void
  /** Its worker was taken from it, in the middle of it; it is served again later. */
  interrupted(): void
  /** Its worker ended by itself, in the middle of it, or could not begin. */
  lost(problem: string): void
}

/** A worker thread. */
export interface Desk {
  /** @throws where the system has no memory for it */
  post(order: Order): void
  close(): void
}

export interface DeskEvents {
  said(reply: Reply): void
  /** It ended without being closed. */
  lost(problem: string): void
}

/** @throws where the system starts no more threads */
export type OpenDesk = (events: DeskEvents) => Desk

/** For each that may be busy, so many may hold what they computed: a dispute goes on where it was. */
const KEPT_PER_BUSY = 4

interface Seat {
  readonly errand: Errand
  readonly desk: Desk
  isBusy: boolean
  /** The number of its last order. */
  usedAt: number
}

/**
 * Gives errands workers, of which so many are busy at a time. Errands with a stake come first, then those whose worker
 * holds what they need: it would be lost to others, and they would begin anew, for ever. Among equals the order of their
 * last calls decides, so whoever calls all that wait, the most urgent first, has them served so. Those with a stake wait
 * for none without: where all places are taken, one of those loses its worker, and starts again later. Of the idle ones
 * without a stake only the last keeps what it computed.
 */
export class Crew {
  readonly #size: number
  readonly #openDesk: OpenDesk
  readonly #isTight: () => boolean
  readonly #seats = new Map<Errand, Seat>()
  readonly #called = new Set<Errand>()
  #orders = 0
  #isClosed = false

  /** @param isTight whether there is too little memory to keep what several idle workers computed */
  constructor(size: number, openDesk: OpenDesk, isTight = () => false) {
    this.#size = size
    this.#openDesk = openDesk
    this.#isTight = isTight
  }

  /** There is something to do for an errand. */
  call(errand: Errand): void {
    if (this.#isClosed) return
    this.#called.delete(errand)
    this.#called.add(errand)
    this.#arrange()
  }

  /** Nothing is to be done for it any more; what its worker held is freed. */
  dismiss(errand: Errand): void {
    this.#called.delete(errand)
    const seat = this.#seats.get(errand)
    if (seat === undefined) return
    this.#leave(seat)
    this.#arrange()
  }

  /** Ends all workers, for good. */
  close(): void {
    this.#isClosed = true
    this.#called.clear()
    for (const seat of this.#seats.values()) this.#leave(seat)
  }

  #arrange(): void {
    const waiting = [...this.#called].filter((errand) => this.#seats.get(errand)?.isBusy !== true)
    for (const errand of waiting.sort((a, b) => this.#rank(b) - this.#rank(a))) this.#serve(errand)
    this.#tidy()
  }

  #rank(errand: Errand): number {
    return 2 * Number(errand.isStaked()) + Number(this.#seats.has(errand))
  }

  #serve(errand: Errand): void {
    const before = this.#seats.get(errand)
    const order = errand.next(before === undefined)
    if (order === undefined) return void this.#called.delete(errand)
    if (!this.#hasPlace(errand)) return
    this.#called.delete(errand)
    try {
      this.#post(before ?? this.#sit(errand), order)
    } catch (error) {
      const seat = this.#seats.get(errand)
      if (seat !== undefined) this.#leave(seat)
      errand.lost(error instanceof Error ? error.message : String(error))
    }
  }

  #post(seat: Seat, order: Order): void {
    seat.isBusy = true
    seat.usedAt = ++this.#orders
    seat.desk.post(order)
    seat.errand.given(order)
  }

  /** Whether there is a place for an errand; one with a stake takes it from one without. */
  #hasPlace(errand: Errand): boolean {
    const busy = this.#busy()
    if (busy.length < this.#size) return true
    const victim = errand.isStaked() ? oldest(busy.filter(isStakeless)) : undefined
    if (victim === undefined) return false
    this.#leave(victim)
    this.#called.add(victim.errand)
    victim.errand.interrupted()
    return true
  }

  #sit(errand: Errand): Seat {
    const desk = this.#openDesk({
      said: (reply) => this.#hear(errand, desk, (seat) => this.#said(seat, reply)),
      lost: (problem) => this.#hear(errand, desk, () => this.#lost(errand, problem)),
    })
    const seat = { errand, desk, isBusy: false, usedAt: this.#orders }
    this.#seats.set(errand, seat)
    return seat
  }

  /** What a worker says that has lost its place is not heard. */
  #hear(errand: Errand, desk: Desk, react: (seat: Seat) => void): void {
    const seat = this.#seats.get(errand)
    if (seat?.desk !== desk) return
    react(seat)
    this.#arrange()
  }

  #said(seat: Seat, reply: Reply): void {
    seat.isBusy = false
    this.#called.add(seat.errand)
    seat.errand.said(reply)
  }

  #lost(errand: Errand, problem: string): void {
    this.#seats.delete(errand)
    errand.lost(problem)
  }

  #leave(seat: Seat): void {
    this.#seats.delete(seat.errand)
    seat.desk.close()
  }

  #busy(): Seat[] {
    return [...this.#seats.values()].filter(({ isBusy }) => isBusy)
  }

  #idle(): Seat[] {
    return [...this.#seats.values()].filter(({ isBusy }) => !isBusy)
  }

  #tidy(): void {
    const loose = this.#idle().filter(isStakeless)
    const last = Math.max(...loose.map(({ usedAt }) => usedAt))
    for (const seat of loose) if (seat.usedAt < last) this.#leave(seat)
    while (this.#seats.size > this.#size * KEPT_PER_BUSY && this.#leaveOldest());
    // One at a time: it takes a while until the system has its memory back.
    if (this.#idle().length > 1 && this.#isTight()) this.#leaveOldest()
  }

  /** False if all are busy. */
  #leaveOldest(): boolean {
    const seat = oldest(this.#idle())
    if (seat !== undefined) this.#leave(seat)
    return seat !== undefined
  }
}

const isStakeless = ({ errand }: Seat): boolean => !errand.isStaked()

/** The one whose last order is the longest ago. */
const oldest = (seats: readonly Seat[]): Seat | undefined =>
  seats.reduce<Seat | undefined>((a, b) => (a === undefined || b.usedAt < a.usedAt ? b : a), undefined)
