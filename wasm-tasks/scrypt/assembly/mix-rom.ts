// ROMix of RFC 7914 for N = 1024, r = 1: a block is two halves of 64 bytes, V holds 1024 blocks.

const N: u32 = 1024
const HALF: u32 = 64
/** Bytes of the block that is mixed. */
export const MIX_BLOCK: u32 = 2 * HALF
/** Bytes of the table of its former values. */
export const MIX_TABLE: u32 = N * MIX_BLOCK

/** Mixes the block at x in place, with MIX_TABLE bytes at v. */
export function mixRom(x: usize, v: usize): void {
  const end = v + MIX_TABLE
  for (let at = v; at < end; at += MIX_BLOCK) {
    for (let i: usize = 0; i < MIX_BLOCK; i += 32) copy32(at + i, x + i)
    mixBlock(x)
  }
  for (let round: u32 = 0; round < N; round++) {
    const at = v + (load<u32>(x, HALF) % N) * MIX_BLOCK
    for (let i: usize = 0; i < MIX_BLOCK; i += 32) xor32(x + i, at + i)
    mixBlock(x)
  }
}

@inline
function copy32(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from))
  store<u64>(to, load<u64>(from, 8), 8)
  store<u64>(to, load<u64>(from, 16), 16)
  store<u64>(to, load<u64>(from, 24), 24)
}

@inline
function xor32(to: usize, from: usize): void {
  store<u64>(to, load<u64>(to) ^ load<u64>(from))
  store<u64>(to, load<u64>(to, 8) ^ load<u64>(from, 8), 8)
  store<u64>(to, load<u64>(to, 16) ^ load<u64>(from, 16), 16)
  store<u64>(to, load<u64>(to, 24) ^ load<u64>(from, 24), 24)
}

// BlockMix with r = 1: Y0 = Salsa(B1 ^ B0), Y1 = Salsa(Y0 ^ B1), and the halves keep their order.
function mixBlock(x: usize): void {
  xorSalsa8(x, x + HALF)
  xorSalsa8(x + HALF, x)
}

/** Replaces the 64 bytes at b by Salsa20/8 of their exclusive or with those at a. */
function xorSalsa8(b: usize, a: usize): void {
  for (let i: usize = 0; i < HALF; i += 32) xor32(b + i, a + i)
  let x0 = load<u32>(b)
  let x1 = load<u32>(b, 4)
  let x2 = load<u32>(b, 8)
  let x3 = load<u32>(b, 12)
  let x4 = load<u32>(b, 16)
  let x5 = load<u32>(b, 20)
  let x6 = load<u32>(b, 24)
  let x7 = load<u32>(b, 28)
  let x8 = load<u32>(b, 32)
  let x9 = load<u32>(b, 36)
  let x10 = load<u32>(b, 40)
  let x11 = load<u32>(b, 44)
  let x12 = load<u32>(b, 48)
  let x13 = load<u32>(b, 52)
  let x14 = load<u32>(b, 56)
  let x15 = load<u32>(b, 60)
  for (let doubleRound = 0; doubleRound < 4; doubleRound++) {
    x4 ^= rotl(x0 + x12, 7)
    x8 ^= rotl(x4 + x0, 9)
    x12 ^= rotl(x8 + x4, 13)
    x0 ^= rotl(x12 + x8, 18)
    x9 ^= rotl(x5 + x1, 7)
    x13 ^= rotl(x9 + x5, 9)
    x1 ^= rotl(x13 + x9, 13)
    x5 ^= rotl(x1 + x13, 18)
    x14 ^= rotl(x10 + x6, 7)
    x2 ^= rotl(x14 + x10, 9)
    x6 ^= rotl(x2 + x14, 13)
    x10 ^= rotl(x6 + x2, 18)
    x3 ^= rotl(x15 + x11, 7)
    x7 ^= rotl(x3 + x15, 9)
    x11 ^= rotl(x7 + x3, 13)
    x15 ^= rotl(x11 + x7, 18)

    x1 ^= rotl(x0 + x3, 7)
    x2 ^= rotl(x1 + x0, 9)
    x3 ^= rotl(x2 + x1, 13)
    x0 ^= rotl(x3 + x2, 18)
    x6 ^= rotl(x5 + x4, 7)
    x7 ^= rotl(x6 + x5, 9)
    x4 ^= rotl(x7 + x6, 13)
    x5 ^= rotl(x4 + x7, 18)
    x11 ^= rotl(x10 + x9, 7)
    x8 ^= rotl(x11 + x10, 9)
    x9 ^= rotl(x8 + x11, 13)
    x10 ^= rotl(x9 + x8, 18)
    x12 ^= rotl(x15 + x14, 7)
    x13 ^= rotl(x12 + x15, 9)
    x14 ^= rotl(x13 + x12, 13)
    x15 ^= rotl(x14 + x13, 18)
  }
  store<u32>(b, load<u32>(b) + x0)
  store<u32>(b, load<u32>(b, 4) + x1, 4)
  store<u32>(b, load<u32>(b, 8) + x2, 8)
  store<u32>(b, load<u32>(b, 12) + x3, 12)
  store<u32>(b, load<u32>(b, 16) + x4, 16)
  store<u32>(b, load<u32>(b, 20) + x5, 20)
  store<u32>(b, load<u32>(b, 24) + x6, 24)
  store<u32>(b, load<u32>(b, 28) + x7, 28)
  store<u32>(b, load<u32>(b, 32) + x8, 32)
  store<u32>(b, load<u32>(b, 36) + x9, 36)
  store<u32>(b, load<u32>(b, 40) + x10, 40)
  store<u32>(b, load<u32>(b, 44) + x11, 44)
  store<u32>(b, load<u32>(b, 48) + x12, 48)
  store<u32>(b, load<u32>(b, 52) + x13, 52)
  store<u32>(b, load<u32>(b, 56) + x14, 56)
  store<u32>(b, load<u32>(b, 60) + x15, 60)
}
