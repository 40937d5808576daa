import { keccak_256 } from '@noble/hashes/sha3.js'
import { scalarKernelWasm } from './generated/scalar-kernel.ts'
import { vectorKernelWasm } from './generated/vector-kernel.ts'

/**
 * Hashes what lies in its own memory. Messages go to `pairs`, digests to `digests`; both are offsets of areas, of
 * CAPACITY messages of 64 bytes, and digests of 32. One call hashes CAPACITY messages at most.
 */
export interface Kernel {
  readonly memory: Uint8Array
  readonly pairs: number
  readonly digests: number
  /** Digests of `count` messages of 64 bytes; `to` may be `from`. */
  hashPairs(from: number, to: number, count: number): void
  /** Offset of a node, for hashBeside. */
  readonly sibling: number
  /** Replaces the first `count` digests by those of pairs of them and the sibling, which is on the left or on the right. */
  hashBeside(count: number, isLeft: boolean): void
  /** Digest of a message of at most SHORT_BYTES; what lies behind it, up to a block, is lost. */
  hashShort(from: number, length: number, to: number): void
}

/** Messages that a kernel has room for. */
export const CAPACITY = 1024

/** The longest message that fits into one block of keccak-256 together with its padding. */
export const SHORT_BYTES = 135

const PAIR_BYTES = 64
const DIGEST_BYTES = 32

/** The reference: a kernel without WebAssembly. The others are compared with it. */
export function referenceKernel(): Kernel {
  const digests = PAIR_BYTES * CAPACITY
  const sibling = digests + DIGEST_BYTES * CAPACITY
  const memory = new Uint8Array(sibling + DIGEST_BYTES)
  const hash = (from: number, length: number, to: number) =>
    memory.set(keccak_256(memory.subarray(from, from + length)), to)
  return {
    memory,
    pairs: 0,
    digests,
    sibling,
    hashPairs(from, to, count) {
      for (let i = 0; i < count; i++) hash(from + PAIR_BYTES * i, PAIR_BYTES, to + DIGEST_BYTES * i)
    },
    hashBeside(count, isLeft) {
      for (let at = digests; at < digests + DIGEST_BYTES * count; at += DIGEST_BYTES) {
        memory.copyWithin(isLeft ? DIGEST_BYTES : 0, at, at + DIGEST_BYTES)
        memory.copyWithin(isLeft ? 0 : DIGEST_BYTES, sibling, sibling + DIGEST_BYTES)
        hash(0, PAIR_BYTES, at)
      }
    },
    hashShort: hash,
  }
}

/** What the binaries export; see assembly/kernel.ts. */
interface KernelExports {
  readonly memory: WebAssembly.Memory
  readonly PAIRS: WebAssembly.Global<'i32'>
  readonly DIGESTS: WebAssembly.Global<'i32'>
  readonly SIBLING: WebAssembly.Global<'i32'>
  readonly hashPairs: Kernel['hashPairs']
  readonly hashBeside: (count: number, isLeft: number) => void
  readonly hashShort: Kernel['hashShort']
}

/** The kernel of a binary, or undefined where the engine refuses it: for its instructions, or by a page's policy. */
function wasmKernel(binary: Uint8Array<ArrayBuffer>): Kernel | undefined {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary))
    const { memory, PAIRS, DIGESTS, SIBLING, hashPairs, hashBeside, hashShort } = exports as unknown as KernelExports
    return {
      memory: new Uint8Array(memory.buffer),
      pairs: PAIRS.value,
      digests: DIGESTS.value,
      sibling: SIBLING.value,
      hashPairs,
      hashBeside: (count, isLeft) => hashBeside(count, Number(isLeft)),
      hashShort,
    }
  } catch {
    return undefined
  }
}

/** The kernel of the first binary that the engine runs, else the reference; all give the same digests. */
export function chooseKernel(binaries: readonly Uint8Array<ArrayBuffer>[]): Kernel {
  for (const binary of binaries) {
    const kernel = wasmKernel(binary)
    if (kernel !== undefined) return kernel
  }
  return referenceKernel()
}

export const KERNEL: Kernel = chooseKernel([vectorKernelWasm, scalarKernelWasm])
