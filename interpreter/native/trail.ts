import { PAGE_BITS } from '../../spec/index.ts'
import { MemoryExhausted, resize } from '../machine/bytes.ts'
import type { Store } from '../machine/store.ts'
import { copyPart, EMPTY_IMAGE, type Image, releaseImage, restorePart } from './image.ts'
import { Marks } from './marks.ts'
import { PagePool } from './page-pool.ts'
import { type Part, partsOf } from './parts.ts'

type Registers = Pick<Store, 'steps' | 'pc' | 'sp' | 'pages' | 'status' | 'exit'>

const registersOf = ({ steps, pc, sp, pages, status, exit }: Store): Registers => ({
  steps,
  pc,
  sp,
  pages,
  status,
  exit,
})

/** A state to which a machine can be brought back. */
export interface Checkpoint {
  readonly registers: Registers
  readonly images: readonly Image[]
}

/** Steps on which questions are expected, both included. */
export interface Focus {
  readonly from: number
  readonly to: number
}

export interface TrailOptions {
  /** Bytes that copies may take. The start is kept in any case: what it takes beyond them comes on top. */
  readonly budgetBytes: number
  /** Closer to each other than so many steps there are no checkpoints. */
  readonly leastGap: number
}

const distance = (step: number, { from, to }: Focus): number => Math.max(0, from - step, step - to)

/**
 * The states of a run to which its machine can be brought back. Where there is no room for another, the one goes whose
 * loss costs the least: with few steps to the next one, far from what is asked for and not on the way there. So a long run leaves them evenly
 * spaced, ever wider, and questions that close in on a step find them ever closer.
 */
export class Trail {
  readonly #store: Store
  readonly #pool: PagePool
  readonly #leastGap: number
  readonly #marks: Readonly<Record<'memory' | 'window' | 'output', Marks>>
  readonly #parts: readonly Part[]
  /** By ascending steps. */
  readonly #kept: Checkpoint[] = []
  /** From which the machine's parts differ where they are unsettled, and nowhere else. */
  #base: Checkpoint
  focus: Focus = { from: 0, to: Number.POSITIVE_INFINITY }

  /** Begins with the state as it is. */
  constructor(store: Store, { budgetBytes, leastGap }: TrailOptions) {
    this.#store = store
    this.#pool = new PagePool(budgetBytes)
    this.#leastGap = leastGap
    const { memory, window, output } = store
    this.#marks = { memory: new Marks(memory), window: new Marks(window), output: new Marks(output) }
    this.#parts = partsOf(store, this.#marks)
    this.#base = this.#first()
    this.#kept.push(this.#base)
  }

  /** Checkpoints that there are. */
  get count(): number {
    return this.#kept.length
  }

  /** Bytes that they take. */
  get bytes(): number {
    return this.#pool.bytes
  }

  /** The last one that was taken or gone back to. */
  get base(): Checkpoint {
    return this.#base
  }

  /** The last one at or before a step. */
  nearest(step: number): Checkpoint {
    return this.#kept[this.#indexOf(step)]!
  }

  /** Before a commitment to the state. */
  toCommit(): void {
    for (const marks of Object.values(this.#marks)) marks.toCommit()
  }

  /** Takes the state as it is, if it is far enough from the checkpoint before and there is room. */
  visit(leastGap = this.#leastGap): void {
    const { steps } = this.#store
    const index = this.#indexOf(steps)
    const before = this.#kept[index]!.registers.steps
    if (steps === before || steps - before < leastGap) return
    const taken = this.#copy(() => this.#take())
    if (taken === undefined) return
    this.#kept.splice(this.#indexOf(steps) + 1, 0, taken)
    this.#settle(taken)
  }

  /** Brings the machine to a checkpoint. */
  restore(checkpoint: Checkpoint): void {
    this.#collect()
    const { registers, images } = checkpoint
    const store = this.#store
    const bytes = registers.pages * 2 ** PAGE_BITS
    resize(store.memory, bytes, bytes)
    Object.assign(store, registers)
    for (const [i, part] of this.#parts.entries()) restorePart(this.#pool, part, this.#base.images[i]!, images[i]!)
    this.#settle(checkpoint)
  }

  #first(): Checkpoint {
    this.#base = { registers: registersOf(this.#store), images: this.#parts.map(() => EMPTY_IMAGE) }
    const first = this.#copy(() => {
      const page = this.#pool.take()
      if (page !== undefined) return page
      this.#pool.raise(1)
      return this.#pool.take()
    })
    if (first === undefined) throw new MemoryExhausted(this.#pool.bytes)
    this.#settle(first)
    return first
  }

  #settle(base: Checkpoint): void {
    this.#base = base
    for (const part of this.#parts) part.settled()
  }

  #collect(): void {
    for (const marks of Object.values(this.#marks)) marks.collect()
  }

  #copy(take: () => number | undefined): Checkpoint | undefined {
    this.#collect()
    const images: Image[] = []
    for (const [i, part] of this.#parts.entries()) {
      const image = copyPart(this.#pool, take, part, this.#base.images[i]!)
      if (image === undefined) {
        for (const copied of images) releaseImage(this.#pool, copied)
        return undefined
      }
      images.push(image)
    }
    return { registers: registersOf(this.#store), images }
  }

  /** A page, for which others may have to go. */
  #take(): number | undefined {
    for (;;) {
      const page = this.#pool.take()
      if (page !== undefined) return page
      const victim = this.#leastMissed()
      if (victim < 0) return undefined
      for (const image of this.#kept.splice(victim, 1)[0]!.images) releaseImage(this.#pool, image)
    }
  }

  /** Index of the checkpoint whose loss costs the least; never that of the start or the base. */
  #leastMissed(): number {
    const entrance = this.#indexOf(this.focus.from)
    let [found, least] = [-1, Number.POSITIVE_INFINITY]
    for (let i = 1; i < this.#kept.length; i++) {
      if (this.#kept[i] === this.#base) continue
      const { steps } = this.#kept[i]!.registers
      const next = this.#kept[i + 1]?.registers.steps ?? Math.max(steps, this.#store.steps)
      const gap = next - this.#kept[i - 1]!.registers.steps
      const missed = i === entrance ? gap : gap / (1 + distance(steps, this.focus))
      if (missed < least) [found, least] = [i, missed]
    }
    return found
  }

  /** Index of the last checkpoint at or before a step. */
  #indexOf(step: number): number {
    let [low, high] = [0, this.#kept.length]
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#kept[middle]!.registers.steps <= step) low = middle
      else high = middle
    }
    return low
  }
}
