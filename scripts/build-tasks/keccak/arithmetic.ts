/** How lanes are computed with: as numbers, or as vectors of two. */
export interface Arithmetic {
  /** Begins the names of its variables. */
  readonly prefix: string
  readonly constant: (value: bigint) => string
  readonly xor: (x: string, y: string) => string
  readonly and: (x: string, y: string) => string
  readonly or: (x: string, y: string) => string
  readonly not: (x: string) => string
  /** ~x & y */
  readonly without: (x: string, y: string) => string
  readonly rotate: (x: string, bits: number) => string
  /** Lanes that are kept as complements between the rounds: with them, most of chi needs no complement. */
  readonly complemented: readonly number[]
}

export const hex = (value: bigint) => `0x${value.toString(16)}`

export const NUMBERS: Arithmetic = {
  prefix: 's',
  constant: hex,
  xor: (x, y) => `${x} ^ ${y}`,
  and: (x, y) => `${x} & ${y}`,
  or: (x, y) => `${x} | ${y}`,
  not: (x) => `~${x}`,
  without: (x, y) => `~${x} & ${y}`,
  rotate: (x, bits) => `rotl<u64>(${x}, ${bits})`,
  complemented: [1, 2, 8, 12, 17, 20],
}

/** There is no rotation of vectors; one by whole bytes is a shuffle. */
function rotateVector(x: string, bits: number): string {
  if (bits % 8 !== 0) return `v128.or(v128.shl<u64>(${x}, ${bits}), v128.shr<u64>(${x}, ${64 - bits}))`
  const bytes = Array.from({ length: 16 }, (_, i) => (i & 8) | ((i - bits / 8) & 7))
  return `v128.shuffle<u8>(${x}, ${x}, ${bytes.join(', ')})`
}

export const VECTORS: Arithmetic = {
  prefix: 'v',
  constant: (value) => `v128.splat<u64>(${hex(value)})`,
  xor: (x, y) => `v128.xor(${x}, ${y})`,
  and: (x, y) => `v128.and(${x}, ${y})`,
  or: (x, y) => `v128.or(${x}, ${y})`,
  not: (x) => `v128.not(${x})`,
  without: (x, y) => `v128.andnot(${y}, ${x})`,
  rotate: rotateVector,
  complemented: [],
}
