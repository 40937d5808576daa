import { createHash } from 'node:crypto'
import { keccakP } from '@noble/hashes/sha3.js'
import { nbody } from '../../wasm-tasks/index.ts'

/** What the kernels must answer, each by other means than the kernel's own. */

const CHUNK_BYTES = 65_536
const STATE_BYTES = 200

export function sha256Answer(chunks: number): Uint8Array {
  const chunk = Uint8Array.from({ length: CHUNK_BYTES }, (_, i) => (i * 167) >> 3)
  const hash = createHash('sha256')
  for (let i = 0; i < chunks; i++) hash.update(chunk)
  return hash.digest()
}

/** The weighted sum of a product is the product of two weighted sums: w(AB)v = (wA)(Bv). */
export function matmulAnswer(size: number): Uint8Array {
  let sum = 0
  for (let k = 0; k < size; k++) {
    let [column, row] = [0, 0]
    for (let i = 0; i < size; i++) {
      column += ((i & 7) + 1) * ((7 * i + 3 * k) & 15)
      row += ((i & 3) + 1) * ((5 * k + 11 * i) & 15)
    }
    sum += column * row
  }
  return float(sum)
}

/** Primes below `size`, by counting what is left of 2 to n for all n = floor(most / i) after each prime (Legendre). */
export function sieveAnswer(size: number): Uint8Array {
  const most = size - 1
  const ends = []
  for (let i = 1; i <= most; i = Math.floor(most / Math.floor(most / i)) + 1) ends.push(Math.floor(most / i))
  const left = new Map(ends.map((end) => [end, end - 1]))
  for (let prime = 2; prime * prime <= most; prime++) {
    const smaller = left.get(prime - 1)!
    if (left.get(prime) === smaller) continue
    for (const end of ends) {
      if (end < prime * prime) break
      left.set(end, left.get(end)! - left.get(Math.floor(end / prime))! + smaller)
    }
  }
  return integer(left.get(most)!)
}

/** Sorted by the engine's own sort. */
export function qsortAnswer(size: number): Uint8Array {
  const items = new Uint32Array(size)
  let random = 1
  for (let i = 0; i < size; i++) items[i] = random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
  return integer(items.sort().reduce((hash, item) => Math.imul(hash ^ item, 0x01000193), 0x811c9dc5 | 0))
}

export function fibAnswer(n: number): Uint8Array {
  let [a, b] = [0, 1]
  for (let i = 0; i < n; i++) [a, b] = [b, a + b]
  return integer(a)
}

/** By the reference of the task `nbody`; what it takes too long for, it said once. */
const ENERGIES: Readonly<Record<number, number>> = { 2000000: -0.16902628585293672 }

export function nbodyAnswer(steps: number): Uint8Array {
  const known = ENERGIES[steps]
  return known === undefined ? nbody(new Uint8Array(Uint32Array.of(steps).buffer)).slice(0, 8) : float(known)
}

/** What the bytecode says, without a machine. */
export function bcvmAnswer(rounds: number): Uint8Array {
  let [state, sum] = [1, 0]
  for (let i = 0; i < rounds; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    sum = (sum + ((state >>> 8) & 0xffff)) | 0
  }
  return integer(sum)
}

export function keccakAnswer(permutations: number): Uint8Array {
  const state = new Uint32Array(STATE_BYTES / 4)
  for (let i = 0; i < permutations; i++) keccakP(state)
  return new Uint8Array(state.buffer)
}

export function icallAnswer(calls: number): Uint8Array {
  let x = 0
  for (let i = 0; i < calls; i += 4) {
    x = Math.imul((x + 1) ^ 77, 3)
    x = (x << 5) | (x >>> 27)
  }
  return integer(x)
}

export function mandelAnswer(width: number): Uint8Array {
  const step = 3 / width
  let sum = 0
  for (let row = 0; row < Math.floor((2 * width) / 3); row++) {
    for (let column = 0; column < width; column++) sum += iterations(column * step - 2, row * step - 1)
  }
  return integer(sum)
}

const MOST_ITERATIONS = 256

function iterations(real: number, imaginary: number): number {
  let [x, y, count] = [0, 0, 0]
  for (; count < MOST_ITERATIONS && x * x + y * y <= 4; count++) {
    const next = x * x - y * y + real
    y = 2 * x * y + imaginary
    x = next
  }
  return count
}

function float(value: number): Uint8Array {
  return new Uint8Array(Float64Array.of(value).buffer)
}

/** 32 bits, zero-extended. */
function integer(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value, 0).buffer)
}
