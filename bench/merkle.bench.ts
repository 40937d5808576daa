// How fast is a region of memory hashed again after all of it changed, or one leaf; how fast against libraries in the
// same run, and what does a second thread gain?
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { createKeccak } from 'hash-wasm'
import type createAddon from 'keccak'
import { startNodeHashThreads } from '../daemon/hash-threads.ts'
import { zeroNode } from '../interpreter/commit/merkle.ts'
import { RegionTree } from '../interpreter/commit/region-tree.ts'
import { circumstances, median, processorSeconds, report, seconds } from './measure.ts'

const RUNS = 3
const DEPTH = 27
const REGION_BYTES = 2 ** 26
const PATHS = 1000
const SHARED_RUNS = 7
/** For a thread to be there. */
const START_MS = 500

/** How the ratios of a rebuild are reported. */
const KEYS = {
  'merkle.overNoble': '@noble/hashes',
  'merkle.overHashWasm': 'hash-wasm',
  'merkle.overKeccakAddon': 'keccak',
} as const

/** Writes the digest of 64 bytes. */
type HashPair = (pair: Uint8Array, digest: Uint8Array) => void

const hashWasm = await createKeccak(256)
/** Not by its main file, which takes the library's JavaScript where the addon does not load. */
const addon = createRequire(import.meta.url)('keccak/bindings.js') as typeof createAddon

const PEERS: readonly (readonly [name: string, hashPair: HashPair])[] = [
  ['@noble/hashes', (pair, digest) => digest.set(keccak_256(pair))],
  ['hash-wasm', (pair, digest) => digest.set(hashWasm.init().update(pair).digest('binary'))],
  [
    'keccak',
    (pair, digest) =>
      digest.set(
        addon('keccak256')
          .update(Buffer.from(pair.buffer, pair.byteOffset, 64))
          .digest(),
      ),
  ],
]

function versionOf(name: string): string {
  const file = join(import.meta.dirname, '..', 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

/** Level by level from the region's leaves, all of them, as far as there are pairs. */
function rootOf(leaves: Uint8Array, hashPair: HashPair): Uint8Array {
  let level = leaves
  while (level.length > 32) {
    const parents = new Uint8Array(level.length / 2)
    for (let at = 0; at < parents.length; at += 32) {
      hashPair(level.subarray(2 * at, 2 * at + 64), parents.subarray(at, at + 32))
    }
    level = parents
  }
  return level
}

/** Up an empty tree from its first leaf. */
function climb(leaf: Uint8Array, hashPair: HashPair): void {
  const pair = new Uint8Array(64)
  pair.set(leaf)
  for (let height = 0; height < DEPTH; height++) {
    pair.set(zeroNode(height), 32)
    hashPair(pair, pair)
  }
}

/** Every leaf of some others. */
function change(leaves: Uint8Array): void {
  for (let at = 0; at < leaves.length; at += 32) leaves[at]! += 1 + (at >>> 8)
}

class RootsDiffer extends Error {
  override readonly name = 'RootsDiffer'
  constructor(peer: string) {
    super(`${peer} comes to another root`)
  }
}

interface Figures {
  readonly rebuild: number
  readonly path: number
}

/** Every one in turn. */
function measure(tree: RegionTree, leaves: Uint8Array): ReadonlyMap<string, Figures> {
  change(leaves)
  const figures = new Map<string, Figures>()
  const rebuild = processorSeconds(() => {
    tree.setLeaves(0, leaves)
    tree.root()
  })
  const leaf = leaves.subarray(0, 32)
  const path = processorSeconds(() => {
    for (let i = 0; i < PATHS; i++) {
      tree.setLeaf(0, leaf)
      tree.root()
    }
  })
  figures.set('substep', { rebuild, path: path / PATHS })
  const root = Buffer.from(tree.node(Math.log2(REGION_BYTES / 32), 0))
  for (const [name, hashPair] of PEERS) {
    const time = processorSeconds(() => {
      if (!root.equals(rootOf(leaves, hashPair))) throw new RootsDiffer(name)
    })
    const climbing = processorSeconds(() => {
      for (let i = 0; i < PATHS; i++) climb(leaf, hashPair)
    })
    figures.set(name, { rebuild: time, path: climbing / PATHS })
  }
  return figures
}

function print(runs: readonly ReadonlyMap<string, Figures>[]): void {
  const row = (cells: readonly string[]) =>
    console.log(
      `${cells[0]!.padEnd(22)}${cells
        .slice(1)
        .map((cell) => cell.padStart(14))
        .join('')}`,
    )
  row(['', 'rebuild, ms', 'over it', 'one path, us', 'over it'])
  for (const name of runs[0]!.keys()) {
    const of = (read: (figures: Figures) => number) => median(runs.map((run) => read(run.get(name)!)))
    const title = name === 'substep' ? name : `${name} ${versionOf(name)}`
    row([
      title,
      (1e3 * of(({ rebuild }) => rebuild)).toFixed(0),
      `${over(runs, name, ({ rebuild }) => rebuild).toFixed(2)}x`,
      (1e6 * of(({ path }) => path)).toFixed(1),
      `${over(runs, name, ({ path }) => path).toFixed(2)}x`,
    ])
  }
}

/** How much longer a library takes, in the same run. */
const over = (
  runs: readonly ReadonlyMap<string, Figures>[],
  name: string,
  read: (figures: Figures) => number,
): number => median(runs.map((run) => read(run.get(name)!) / read(run.get('substep')!)))

/** Seconds of a rebuild by the clock, and of the processor on all threads. */
interface Shared {
  readonly wall: number
  readonly processor: number
}

function rebuildOnce(tree: RegionTree, leaves: Uint8Array): Shared {
  change(leaves)
  tree.setLeaves(0, leaves)
  const start = process.cpuUsage()
  const wall = seconds(() => tree.root())
  const { user, system } = process.cpuUsage(start)
  return { wall, processor: (user + system) / 1e6 }
}

/** A rebuild by this thread alone, and one with another. */
async function measureSecondThread(tree: RegionTree, leaves: Uint8Array): Promise<readonly [Shared, Shared]> {
  const alone = rebuildOnce(tree, leaves)
  const threads = startNodeHashThreads({ threads: 1 })
  await setTimeout(START_MS)
  rebuildOnce(tree, leaves)
  const together = rebuildOnce(tree, leaves)
  threads.end()
  return [alone, together]
}

function reportSecondThread(runs: readonly (readonly [Shared, Shared])[]): void {
  const gains = runs.map(([alone, together]) => alone.wall / together.wall)
  const gain = { median: median(gains), best: Math.max(...gains) }
  const processor = median(runs.map(([alone, together]) => together.processor / alone.processor))
  console.log(`\nthe rebuild with a second thread, ${runs.length} times in turn with one thread alone, by the clock:`)
  for (const [alone, together] of runs) {
    const ms = (time: number) => (1e3 * time).toFixed(0).padStart(5)
    console.log(`alone ${ms(alone.wall)} ms, with a second thread ${ms(together.wall)} ms`)
  }
  console.log(`${gain.median.toFixed(2)}x as fast, at best ${gain.best.toFixed(2)}x, as others may use the processor;`)
  console.log(`processor time of both threads ${processor.toFixed(2)}x that of one alone`)
  report('merkle.secondThread', { gain: gain.median, bestGain: gain.best, processorTime: processor })
}

console.log(circumstances())
console.log(`${REGION_BYTES / 2 ** 20} MiB of which every leaf changed, and one leaf of a region of ${DEPTH} levels;`)
console.log(`processor time of one thread, medians of ${RUNS} interleaved runs`)
const tree = new RegionTree(DEPTH)
const leaves = new Uint8Array(REGION_BYTES)
for (let warm = 0; warm < 2; warm++) rebuildOnce(tree, leaves)
const runs = Array.from({ length: RUNS }, () => measure(tree, leaves))
print(runs)
const shared: (readonly [Shared, Shared])[] = []
for (let run = 0; run < SHARED_RUNS; run++) shared.push(await measureSecondThread(tree, leaves))
reportSecondThread(shared)
for (const [key, name] of Object.entries(KEYS))
  report(
    key,
    over(runs, name, ({ rebuild }) => rebuild),
  )
report('merkle.rebuildSeconds', median(runs.map((run) => run.get('substep')!.rebuild)))
