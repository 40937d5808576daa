import {
  CHUNK_BITS,
  CHUNK_NODES,
  CHUNK_PAIRS,
  copyWords,
  DIGESTS_AT,
  KERNEL_WORDS,
  type Levels,
  NODE_WORDS,
  PAIR_WORDS,
  PAIRS_AT,
} from './chunks.ts'
import { type Desk, gather, OWN_DESK, SHARING_DESK, scatter, slotDesk } from './desk.ts'
import type { HashQueue } from './hash-queue.ts'
import { queueFor } from './hash-threads.ts'
import { KERNEL } from './kernel.ts'
import { halved, type Marks, mark, onlyPair } from './marks.ts'

/** Chunks whose marked pairs are on a desk. */
interface Batch {
  readonly desk: Desk
  /** Of another thread's desk. */
  readonly slot: number | undefined
  readonly chunks: number[]
  readonly pairs: number[]
  /** Pairs in all. */
  count: number
}

const newBatch = (desk: Desk, slot?: number): Batch => ({ desk, slot, chunks: [], pairs: [], count: 0 })

/** Hashes the parents of the changed pairs of one height, each once. */
class LevelRebuild {
  /** Which pairs of parents changed. */
  readonly parents: Marks = new Map()
  readonly #levels: Levels
  readonly #height: number
  readonly #queue: HashQueue | undefined
  /** What other threads have, by slot. */
  readonly #lent = new Map<number, Batch>()

  constructor(levels: Levels, height: number, queue: HashQueue | undefined) {
    this.#levels = levels
    this.#height = height
    this.#queue = queue
  }

  run(changed: Marks): void {
    let batch = this.#batch()
    for (const [index, pairs] of changed) {
      if (batch.count + CHUNK_PAIRS > batch.desk.room) {
        this.#hash(batch)
        batch = this.#batch()
      }
      batch.count = gather(this.#levels.chunk(this.#height, index), pairs, batch.desk, batch.count)
      batch.chunks.push(index)
      batch.pairs.push(pairs)
    }
    this.#hash(batch)
    this.#finish()
  }

  /** For the desk of another thread, if one is empty. */
  #batch(): Batch {
    const queue = this.#queue
    if (queue === undefined) return newBatch(OWN_DESK)
    for (const [slot, batch] of this.#lent) if (queue.isIdle(slot)) this.#read(slot, batch)
    for (let slot = 0; slot < queue.slots; slot++) {
      if (!this.#lent.has(slot) && queue.isIdle(slot)) return newBatch(slotDesk(queue, slot), slot)
    }
    return newBatch(SHARING_DESK)
  }

  #hash(batch: Batch): void {
    const { slot, count } = batch
    if (slot !== undefined && this.#queue !== undefined) {
      this.#queue.fill(slot, count)
      this.#lent.set(slot, batch)
      return
    }
    KERNEL.hashPairs(KERNEL.pairs, KERNEL.digests, count)
    this.#scatter(OWN_DESK, batch)
  }

  /** Reads what another thread has done with a batch. */
  #read(slot: number, batch: Batch): void {
    this.#lent.delete(slot)
    this.#scatter(batch.desk, batch)
  }

  /** Hashes what no other thread has begun, then what one has not finished: it may never. */
  #finish(): void {
    const queue = this.#queue
    if (queue === undefined) return
    for (const [slot, batch] of [...this.#lent].reverse()) if (queue.takeBack(slot)) this.#hashHere(slot, batch)
    for (const [slot, batch] of this.#lent) {
      if (queue.isIdle(slot)) this.#read(slot, batch)
      else this.#hashHere(slot, batch)
    }
  }

  #hashHere(slot: number, batch: Batch): void {
    const { desk, count } = batch
    KERNEL.memory.set(desk.bytes.subarray(desk.pairs, desk.pairs + 64 * count), KERNEL.pairs)
    KERNEL.hashPairs(KERNEL.pairs, KERNEL.digests, count)
    this.#lent.delete(slot)
    this.#scatter(OWN_DESK, batch)
  }

  /** Takes the digests of a batch from a desk to the parents. */
  #scatter(desk: Desk, { chunks, pairs }: Batch): void {
    for (let i = 0, done = 0; i < chunks.length; ) {
      const parent = chunks[i]! >>> 1
      const chunk = this.#levels.chunk(this.#height + 1, parent)
      let changed = 0
      for (; i < chunks.length && chunks[i]! >>> 1 === parent; i++) {
        const half = chunks[i]! % 2
        done = scatter(desk, done, pairs[i]!, chunk, half)
        changed |= halved(pairs[i]!) << ((CHUNK_PAIRS / 2) * half)
      }
      mark(this.parents, parent, changed)
    }
  }
}

/** Hashes up to the root from one pair of a height on. */
function climb(levels: Levels, depth: number, height: number, pair: number): void {
  for (let [below, at] = [height, pair]; below < depth; below++, at >>>= 1) {
    const { words } = levels.chunk(below, at >>> (CHUNK_BITS - 1))
    copyWords(words, PAIR_WORDS * (at % CHUNK_PAIRS), KERNEL_WORDS, PAIRS_AT, PAIR_WORDS)
    KERNEL.hashPairs(KERNEL.pairs, KERNEL.digests, 1)
    const parents = levels.chunk(below + 1, at >>> CHUNK_BITS).words
    copyWords(KERNEL_WORDS, DIGESTS_AT, parents, NODE_WORDS * (at % CHUNK_NODES), NODE_WORDS)
  }
}

/** As if all pairs of the marked chunks had changed. */
const mostPairs = (marks: Marks): number => CHUNK_PAIRS * marks.size

/** Hashes what lies above the changed pairs of leaves, up to the root. */
export function rebuild(levels: Levels, depth: number, leaves: Marks): void {
  let changed = leaves
  const queueOf = queueFor(mostPairs(leaves))
  for (let height = 0; height < depth && changed.size > 0; height++) {
    const pair = onlyPair(changed)
    if (pair !== undefined) {
      climb(levels, depth, height, pair)
      return
    }
    const level = new LevelRebuild(levels, height, queueOf(mostPairs(changed)))
    level.run(changed)
    changed = level.parents
  }
}
