import { afterEach, describe, expect, it, vi } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { regionRoot } from '../../../interpreter/commit/byte-tree.ts'
import { HashQueue } from '../../../interpreter/commit/hash-queue.ts'
import { type HashThreads, type StartThread, startHashThreads } from '../../../interpreter/commit/hash-threads.ts'
import { KERNEL, referenceKernel } from '../../../interpreter/commit/kernel.ts'
import { RegionTree } from '../../../interpreter/commit/region-tree.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'

const DEPTH = 13
/** Every level counts as large. */
const ALWAYS = { threads: 1, fromPairs: 1 }

let threads: HashThreads | undefined
afterEach(() => {
  threads?.end()
  threads = undefined
  vi.unstubAllGlobals()
})

/** In place of a thread: acts before each hash of the calling one, and so when slots are filled and unread. */
const scripted =
  (act: (queue: HashQueue) => void): StartThread =>
  (buffer) => {
    const queue = new HashQueue(buffer)
    const { hashPairs } = KERNEL
    const spy = vi.spyOn(KERNEL, 'hashPairs').mockImplementation((...call) => {
      act(queue)
      hashPairs(...call)
    })
    return () => spy.mockRestore()
  }

const REFERENCE = referenceKernel()

function hashSlot(queue: HashQueue, slot: number): void {
  const { memory, pairs, digests } = REFERENCE
  const [from, count] = [queue.pairs(slot), queue.count(slot)]
  memory.set(queue.bytes.subarray(from, from + 64 * count), pairs)
  REFERENCE.hashPairs(pairs, digests, count)
  queue.bytes.set(memory.subarray(digests, digests + 32 * count), queue.digests(slot))
}

const spoil = (queue: HashQueue, slot: number): void => {
  queue.bytes.fill(0xee, queue.digests(slot), queue.digests(slot) + 32 * queue.count(slot))
}

/** Many bytes of some leaves, few of others. */
function changeSome(random: Random, leaves: Uint8Array): void {
  const start = random.below(leaves.length / 2)
  leaves.fill(random.below(256), start, start + random.below(leaves.length / 2))
  for (let i = 0; i < 2000; i++) leaves[random.below(leaves.length)]! ^= 1 + random.below(255)
}

/** Changes all leaves, then some, several times; each time the root is to be that of the leaves. */
function expectRoots(rounds: number, afterEachRound: () => void = () => undefined): void {
  console.log(`seed ${TEST_SEED}`)
  const random = createRandom(TEST_SEED)
  const leaves = random.bytes(32 * 2 ** DEPTH)
  const tree = new RegionTree(DEPTH)
  for (let round = 0; round < rounds; round++) {
    tree.setLeaves(0, leaves)
    const root = toHex(tree.root())
    expect(root).toBe(toHex(regionRoot(leaves, DEPTH)))
    changeSome(random, leaves)
    afterEachRound()
  }
}

describe('startHashThreads', () => {
  it('comes to the same roots whatever share another thread hashes', () => {
    const random = createRandom(TEST_SEED)
    let hashed = 0
    const act = (queue: HashQueue) => {
      for (let i = random.below(3); i > 0; i--) {
        const slot = queue.tryTake()
        if (slot === undefined) return
        hashSlot(queue, slot)
        queue.giveBack(slot)
        hashed++
      }
    }
    threads = startHashThreads(scripted(act), ALWAYS)
    expectRoots(4)
    expect(hashed).toBeGreaterThan(20)
  })

  it('hashes what another thread has taken and never gives back, until no slot is left', () => {
    const taken = new Set<number>()
    const act = (queue: HashQueue) => {
      const slot = queue.tryTake()
      if (slot === undefined) return
      expect(taken).not.toContain(slot)
      taken.add(slot)
      spoil(queue, slot)
    }
    threads = startHashThreads(scripted(act), ALWAYS)
    expectRoots(4)
    expect(taken.size).toBe(4)
  })

  it('reads nothing that came too late, and fills that slot again', () => {
    const slots: number[] = []
    let held: number | undefined
    let isLate = false
    const act = (queue: HashQueue) => {
      if (held === undefined) {
        held = queue.tryTake()
      } else if (isLate) {
        spoil(queue, held)
        queue.giveBack(held)
        held = undefined
        isLate = false
      }
    }
    threads = startHashThreads(scripted(act), ALWAYS)
    expectRoots(8, () => {
      isLate = true
      if (held !== undefined) slots.push(held)
    })
    expect(slots).toHaveLength(8)
    expect(new Set(slots).size).toBeLessThan(8)
  })

  it('starts no thread where threads cannot share a buffer, or where none is wanted', () => {
    const start = vi.fn<StartThread>()
    expect(startHashThreads(start, { threads: 0 }).threads).toBe(0)
    vi.stubGlobal('SharedArrayBuffer', undefined)
    threads = startHashThreads(start, ALWAYS)
    expect(threads.threads).toBe(0)
    expectRoots(1)
    expect(start).not.toHaveBeenCalled()
  })
})
