import {
  bcvmAnswer,
  fibAnswer,
  icallAnswer,
  keccakAnswer,
  mandelAnswer,
  matmulAnswer,
  nbodyAnswer,
  qsortAnswer,
  sha256Answer,
  sieveAnswer,
} from './answers.ts'

export { buildKernel } from './build.ts'

/** A task module that imports only `output_write`, runs the same each time it is called, and can be made of any size. */
interface Kind {
  /** What the size counts. */
  readonly unit: string
  /** A few tenths of a second in the engine. */
  readonly full: number
  /** About as long in the interpreter. */
  readonly short: number
  /** The output, come by otherwise. */
  readonly answer: (size: number) => Uint8Array
}

export const KERNELS = {
  sha256: { unit: 'chunks of 64 KiB', full: 1024, short: 16, answer: sha256Answer },
  matmul: { unit: 'rows', full: 512, short: 160, answer: matmulAnswer },
  sieve: { unit: 'numbers', full: 20_000_000, short: 1_000_000, answer: sieveAnswer },
  qsort: { unit: 'items', full: 5_000_000, short: 100_000, answer: qsortAnswer },
  fib: { unit: 'th number', full: 38, short: 30, answer: fibAnswer },
  nbody: { unit: 'steps', full: 2_000_000, short: 50_000, answer: nbodyAnswer },
  bcvm: { unit: 'rounds of 11 instructions', full: 20_000_000, short: 200_000, answer: bcvmAnswer },
  keccak: { unit: 'permutations', full: 500_000, short: 4000, answer: keccakAnswer },
  icall: { unit: 'calls', full: 100_000_000, short: 4_000_000, answer: icallAnswer },
  mandel: { unit: 'points across', full: 1200, short: 180, answer: mandelAnswer },
} as const satisfies Readonly<Record<string, Kind>>

export type Kernel = keyof typeof KERNELS

export const KERNEL_NAMES = Object.keys(KERNELS) as readonly Kernel[]

/** Those that a benchmark's arguments name, or all. */
export function chosenKernels(args: readonly string[]): readonly Kernel[] {
  const named = KERNEL_NAMES.filter((name) => args.includes(name))
  return named.length === 0 ? KERNEL_NAMES : named
}
