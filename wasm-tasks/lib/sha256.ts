// SHA-256 (FIPS 180-4) over a context that the caller places in memory.
// context: [0,32) chaining value | [32,96) block being filled | [96,104) bytes absorbed, u64

/** Bytes of a context. */
export const SHA256_CONTEXT: u32 = 104
/** Bytes of a digest. */
export const SHA256_DIGEST: u32 = 32
/** Bytes of a block. */
export const SHA256_BLOCK: u32 = 64

const FILLING: u32 = 32
const ABSORBED: u32 = 96
const LENGTH_FIELD: u32 = 56

const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])
/** The message schedule. */
const W = memory.data(256)
const ROUNDS_END: u32 = 256

/** Starts a message. */
export function sha256Begin(context: usize): void {
  store<u32>(context, 0x6a09e667)
  store<u32>(context, 0xbb67ae85, 4)
  store<u32>(context, 0x3c6ef372, 8)
  store<u32>(context, 0xa54ff53a, 12)
  store<u32>(context, 0x510e527f, 16)
  store<u32>(context, 0x9b05688c, 20)
  store<u32>(context, 0x1f83d9ab, 24)
  store<u32>(context, 0x5be0cd19, 28)
  store<u64>(context, 0, ABSORBED)
}

/** Appends length bytes to the message. */
export function sha256Absorb(context: usize, pointer: usize, length: u32): void {
  const end = pointer + length
  let filled = <u32>load<u64>(context, ABSORBED) % SHA256_BLOCK
  store<u64>(context, load<u64>(context, ABSORBED) + length, ABSORBED)
  while (pointer != end) {
    if (filled == 0 && end - pointer >= SHA256_BLOCK) {
      compress(context, pointer)
      pointer += SHA256_BLOCK
    } else {
      store<u8>(context + filled, load<u8>(pointer++), FILLING)
      if (++filled == SHA256_BLOCK) {
        compress(context, context + FILLING)
        filled = 0
      }
    }
  }
}

/** Goes on from the same message in another context. */
export function sha256Copy(to: usize, from: usize): void {
  for (let i: u32 = 0; i < SHA256_CONTEXT; i += 8) store<u64>(to + i, load<u64>(from + i))
}

/** Ends the message and writes its digest. The context is spent. */
export function sha256Finish(context: usize, digest: usize): void {
  const bits = load<u64>(context, ABSORBED) << 3
  let filled = <u32>load<u64>(context, ABSORBED) % SHA256_BLOCK
  store<u8>(context + filled++, 0x80, FILLING)
  if (filled > LENGTH_FIELD) {
    clearFrom(context, filled)
    compress(context, context + FILLING)
    filled = 0
  }
  clearFrom(context, filled)
  store<u64>(context, bswap(bits), FILLING + LENGTH_FIELD)
  compress(context, context + FILLING)
  for (let i: u32 = 0; i < SHA256_DIGEST; i += 4) store<u32>(digest + i, bswap(load<u32>(context + i)))
}

function clearFrom(context: usize, filled: u32): void {
  while (filled < SHA256_BLOCK) store<u8>(context + filled++, 0, FILLING)
}

function expand(block: usize): void {
  for (let i: usize = 0; i < SHA256_BLOCK; i += 4) store<u32>(i, bswap(load<u32>(block + i)), W)
  for (let i: usize = 0; i < ROUNDS_END - SHA256_BLOCK; i += 4) {
    const w1 = load<u32>(i, W + 4)
    const w14 = load<u32>(i, W + 56)
    const s0 = rotr(w1, 7) ^ rotr(w1, 18) ^ (w1 >> 3)
    const s1 = rotr(w14, 17) ^ rotr(w14, 19) ^ (w14 >> 10)
    store<u32>(i, load<u32>(i, W) + s0 + load<u32>(i, W + 36) + s1, W + 64)
  }
}

/** Sigma1(e) + Ch(e, f, g), in the standard's names. */
@inline
function choose(e: u32, f: u32, g: u32): u32 {
  return (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g)))
}

/** Sigma0(a) + Maj(a, b, c). */
@inline
function majority(a: u32, b: u32, c: u32): u32 {
  return (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) | (c & (a | b)))
}

// Eight rounds a turn: after eight rotations of the names a..h each is back in its place, so nothing is moved.
function compress(context: usize, block: usize): void {
  expand(block)
  let a = load<u32>(context)
  let b = load<u32>(context, 4)
  let c = load<u32>(context, 8)
  let d = load<u32>(context, 12)
  let e = load<u32>(context, 16)
  let f = load<u32>(context, 20)
  let g = load<u32>(context, 24)
  let h = load<u32>(context, 28)
  for (let i: usize = 0; i < ROUNDS_END; i += 32) {
    h += load<u32>(i, K) + load<u32>(i, W) + choose(e, f, g); d += h; h += majority(a, b, c)
    g += load<u32>(i, K + 4) + load<u32>(i, W + 4) + choose(d, e, f); c += g; g += majority(h, a, b)
    f += load<u32>(i, K + 8) + load<u32>(i, W + 8) + choose(c, d, e); b += f; f += majority(g, h, a)
    e += load<u32>(i, K + 12) + load<u32>(i, W + 12) + choose(b, c, d); a += e; e += majority(f, g, h)
    d += load<u32>(i, K + 16) + load<u32>(i, W + 16) + choose(a, b, c); h += d; d += majority(e, f, g)
    c += load<u32>(i, K + 20) + load<u32>(i, W + 20) + choose(h, a, b); g += c; c += majority(d, e, f)
    b += load<u32>(i, K + 24) + load<u32>(i, W + 24) + choose(g, h, a); f += b; b += majority(c, d, e)
    a += load<u32>(i, K + 28) + load<u32>(i, W + 28) + choose(f, g, h); e += a; a += majority(b, c, d)
  }
  store<u32>(context, load<u32>(context) + a)
  store<u32>(context, load<u32>(context, 4) + b, 4)
  store<u32>(context, load<u32>(context, 8) + c, 8)
  store<u32>(context, load<u32>(context, 12) + d, 12)
  store<u32>(context, load<u32>(context, 16) + e, 16)
  store<u32>(context, load<u32>(context, 20) + f, 20)
  store<u32>(context, load<u32>(context, 24) + g, 24)
  store<u32>(context, load<u32>(context, 28) + h, 28)
}
