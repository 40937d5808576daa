import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startNodeHashThreads } from '../../daemon/hash-threads.ts'
import { toHex } from '../../interpreter/commit/bits.ts'
import { regionRoot } from '../../interpreter/commit/byte-tree.ts'
import { type HashThreads, startHashThreads } from '../../interpreter/commit/hash-threads.ts'
import { KERNEL } from '../../interpreter/commit/kernel.ts'
import { RegionTree } from '../../interpreter/commit/region-tree.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const DEPTH = 14
const LEAVES = createRandom(TEST_SEED).bytes(32 * 2 ** DEPTH)
const EXPECTED = regionRoot(LEAVES, DEPTH)
const PAIRS = 2 ** DEPTH - 1
const PATIENCE_MS = 60_000

let threads: HashThreads | undefined
afterEach(() => {
  vi.restoreAllMocks()
  threads?.end()
  threads = undefined
})

const SLEEPING = new Int32Array(new SharedArrayBuffer(4))
const sleep = (ms: number): void => void Atomics.wait(SLEEPING, 0, 0, ms)

/** The calling thread is slow, so that there is time for others; returns how many pairs it hashed itself. */
function slowly(act: () => void, beforeHash: (call: number) => void = () => undefined): number {
  let [calls, pairs] = [0, 0]
  const { hashPairs } = KERNEL
  const spy = vi.spyOn(KERNEL, 'hashPairs').mockImplementation((from, to, count) => {
    beforeHash(calls++)
    sleep(1)
    pairs += count
    hashPairs(from, to, count)
  })
  act()
  spy.mockRestore()
  return pairs
}

function expectRoot(): void {
  const tree = new RegionTree(DEPTH)
  tree.setLeaves(0, LEAVES)
  expect(toHex(tree.root())).toBe(toHex(EXPECTED))
}

/** Rebuilds until another thread has hashed some of it. */
function untilShared(): void {
  const start = performance.now()
  while (slowly(expectRoot) === PAIRS) {
    if (performance.now() - start > PATIENCE_MS) throw new Error('no other thread takes part')
  }
}

describe('startNodeHashThreads', () => {
  it('has other threads hash a share, until they are ended', () => {
    threads = startNodeHashThreads({ threads: 2, fromPairs: 1 })
    expect(threads.threads).toBe(2)
    untilShared()
    threads.end()
    expect(slowly(expectRoot)).toBe(PAIRS)
  })

  it('comes to the root when a thread is ended in the middle', () => {
    for (const end of [1, 5, 12]) {
      const one = startNodeHashThreads({ threads: 1, fromPairs: 1 })
      threads = one
      untilShared()
      slowly(expectRoot, (call) => {
        if (call === end) one.end()
      })
    }
  })

  it('comes to the root when a thread dies with a share of it', async () => {
    const code = `
      const { queue, buffer } = require('node:worker_threads').workerData
      import(queue).then(({ HashQueue }) => { new HashQueue(buffer).take(); process.exit() })`
    const workerData = { queue: new URL('../../interpreter/commit/hash-queue.ts', import.meta.url).href }
    const exits: number[] = []
    threads = startHashThreads(
      (buffer) => {
        const worker = new Worker(code, { eval: true, workerData: { ...workerData, buffer } })
        worker.once('exit', (code) => exits.push(code))
        return () => void worker.terminate()
      },
      { threads: 2, fromPairs: 1 },
    )
    while (exits.length < 2) {
      slowly(expectRoot)
      await setImmediate()
    }
    expect(exits).toEqual([0, 0])
  })

  it('keeps no process alive', () => {
    const code = `
      import { startNodeHashThreads } from './daemon/hash-threads.ts'
      startNodeHashThreads({ threads: 2 })
      setTimeout(() => console.log('done'), 300)`
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    })
    expect([status, stdout]).toEqual([0, 'done\n'])
  })
})
