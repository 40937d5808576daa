// How fast is a region of memory hashed again after all of it changed, or one leaf; and how fast against libraries in
// the same run?
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { createKeccak } from 'hash-wasm'
import type createAddon from 'keccak'
import { zeroNode } from '../interpreter/commit/merkle.ts'
import { RegionTree } from '../interpreter/commit/region-tree.ts'
import { circumstances, median, processorSeconds } from './measure.ts'

const RUNS = 3
const DEPTH = 27
const REGION_BYTES = 2 ** 26
const PATHS = 1000

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

function report(runs: readonly ReadonlyMap<string, Figures>[]): void {
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
    const over = (read: (figures: Figures) => number) =>
      median(runs.map((run) => read(run.get(name)!) / read(run.get('substep')!)))
    const title = name === 'substep' ? name : `${name} ${versionOf(name)}`
    row([
      title,
      (1e3 * of(({ rebuild }) => rebuild)).toFixed(0),
      `${over(({ rebuild }) => rebuild).toFixed(2)}x`,
      (1e6 * of(({ path }) => path)).toFixed(1),
      `${over(({ path }) => path).toFixed(2)}x`,
    ])
  }
}

console.log(circumstances())
console.log(`${REGION_BYTES / 2 ** 20} MiB of which every leaf changed, and one leaf of a region of ${DEPTH} levels;`)
console.log(`processor time of one thread, medians of ${RUNS} interleaved runs`)
const tree = new RegionTree(DEPTH)
const leaves = new Uint8Array(REGION_BYTES)
for (let warm = 0; warm < 2; warm++) {
  change(leaves)
  tree.setLeaves(0, leaves)
  tree.root()
}
report(Array.from({ length: RUNS }, () => measure(tree, leaves)))
