/** A seeded source of test values. */
export interface Random {
  readonly seed: number
  /** Any of the 2^32 unsigned numbers. */
  uint32(): number
  /** Uniform in [0, bound). */
  below(bound: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** Signed, with a bias to the boundaries of arithmetic. */
  int32(): number
  /** Signed, with a bias to the boundaries of arithmetic and of its low half. */
  int64(): bigint
  bytes(length: number): Uint8Array<ArrayBuffer>
}

/** Seed of a test run: SUBSTEP_SEED, or the same one every time. */
export const TEST_SEED = Number(process.env.SUBSTEP_SEED ?? 20_260_101) >>> 0

const WEYL = 0x9e3779b9

/** 32-bit counter through a multiply-xorshift finalizer ("splitmix"). */
const splitmix32 = (seed: number): (() => number) => {
  let counter = seed >>> 0
  return () => {
    counter = (counter + WEYL) >>> 0
    let mixed = counter
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
}

/** The same seed gives the same values in every run and on every machine. */
export const createRandom = (seed: number): Random => {
  const uint32 = splitmix32(seed)
  const below = (bound: number): number => Math.floor((uint32() / 2 ** 32) * bound)
  const chance = (probability: number): boolean => uint32() < probability * 2 ** 32
  const pick = <Item>(items: readonly Item[]): Item => {
    if (items.length === 0) throw new RangeError('pick from an empty list')
    return items[below(items.length)] as Item
  }
  const uint64 = (): bigint => (BigInt(uint32()) << 32n) | BigInt(uint32())
  /** 0, +-1, small, around a power of two, or uniform. */
  const biased = (bits: 32 | 64): bigint => {
    const wrap = (value: bigint): bigint => BigInt.asIntN(bits, value)
    const kind = below(8)
    if (kind < 2) return BigInt(below(3) - 1)
    if (kind === 2) return BigInt(below(64) - 16)
    if (kind < 5) return wrap((1n << BigInt(below(bits))) + BigInt(below(3) - 1))
    if (kind === 5) return wrap((1n << BigInt(bits - 1)) + BigInt(below(3) - 1))
    return wrap(uint64())
  }
  return {
    seed,
    uint32,
    below,
    chance,
    pick,
    int32: () => Number(biased(32)),
    int64: () => (chance(0.25) ? BigInt.asUintN(32, biased(32)) : biased(64)),
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  }
}
