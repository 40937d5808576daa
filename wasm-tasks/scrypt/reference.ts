import { sha256 } from '../sha256/reference.ts'

export interface ScryptParameters {
  /** Cost: a power of 2, greater than 1. */
  readonly n: number
  /** Block size, in pairs of 64 bytes. */
  readonly r: number
  /** Independent lanes. */
  readonly p: number
  /** Bytes to derive. */
  readonly length: number
}

/** What Litecoin and Dogecoin hash block headers with. */
export const PROOF_OF_WORK: ScryptParameters = { n: 1024, r: 1, p: 1, length: 32 }

/** The task's result: scrypt with the input as password and as salt. */
export function scryptProofOfWork(input: Uint8Array): Uint8Array {
  return scrypt(input, input, PROOF_OF_WORK)
}

/** scrypt, section 6 of RFC 7914. */
export function scrypt(password: Uint8Array, salt: Uint8Array, parameters: ScryptParameters): Uint8Array {
  const { n, r, p, length } = parameters
  const blocks = pbkdf2(password, salt, p * 128 * r)
  for (let lane = 0; lane < p; lane++) romix(blocks.subarray(lane * 128 * r, (lane + 1) * 128 * r), n)
  return pbkdf2(password, blocks, length)
}

/** PBKDF2-HMAC-SHA256 with one iteration, section 5.2 of RFC 8018. */
function pbkdf2(password: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let number = 1; (number - 1) * 32 < length; number++) {
    const counter = new Uint8Array(4)
    new DataView(counter.buffer).setUint32(0, number)
    blocks.push(hmac(password, concat(salt, counter)))
  }
  return concat(...blocks).slice(0, length)
}

/** HMAC-SHA256, RFC 2104. */
function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(64)
  padded.set(key.length > 64 ? sha256(key) : key)
  const inner = padded.map((byte) => byte ^ 0x36)
  const outer = padded.map((byte) => byte ^ 0x5c)
  return sha256(concat(outer, sha256(concat(inner, message))))
}

/** scryptROMix, section 5. */
function romix(block: Uint8Array, n: number): void {
  const table: Uint8Array[] = []
  for (let i = 0; i < n; i++) {
    table.push(block.slice())
    blockMix(block)
  }
  for (let i = 0; i < n; i++) {
    xorInto(block, table[integerify(block) % n]!)
    blockMix(block)
  }
}

/** The low 32 bits of the last 64 bytes, enough for any n up to 2^32. */
function integerify(block: Uint8Array): number {
  return view(block).getUint32(block.length - 64, true)
}

/** scryptBlockMix, section 4: even results first, then odd ones. */
function blockMix(block: Uint8Array): void {
  const pieces = block.length / 64
  const mixed = new Uint8Array(block.length)
  const x = block.slice(-64)
  for (let i = 0; i < pieces; i++) {
    xorInto(x, block.subarray(64 * i, 64 * i + 64))
    salsa8(x)
    mixed.set(x, 64 * (i % 2 === 0 ? i / 2 : (pieces + i - 1) / 2))
  }
  block.set(mixed)
}

/** Salsa20/8 Core, section 3: a 4x4 matrix of words; four times the columns, then the rows, each from the diagonal on. */
function salsa8(bytes: Uint8Array): void {
  const words = view(bytes)
  const x = Uint32Array.from({ length: 16 }, (_, i) => words.getUint32(4 * i, true))
  for (let doubleRound = 0; doubleRound < 4; doubleRound++) {
    for (let i = 0; i < 4; i++) quarterRound(x, down(i, 0), down(i, 1), down(i, 2), down(i, 3))
    for (let i = 0; i < 4; i++) quarterRound(x, right(i, 0), right(i, 1), right(i, 2), right(i, 3))
  }
  for (const [i, word] of x.entries()) words.setUint32(4 * i, words.getUint32(4 * i, true) + word, true)
}

/** Index of the word `distance` places below the diagonal in column i, going round. */
const down = (i: number, distance: number) => 4 * ((i + distance) % 4) + i
/** Index of the word `distance` places to the right of the diagonal in row i, going round. */
const right = (i: number, distance: number) => 4 * i + ((i + distance) % 4)

function quarterRound(x: Uint32Array, a: number, b: number, c: number, d: number): void {
  x[b]! ^= rotateLeft(x[a]! + x[d]!, 7)
  x[c]! ^= rotateLeft(x[b]! + x[a]!, 9)
  x[d]! ^= rotateLeft(x[c]! + x[b]!, 13)
  x[a]! ^= rotateLeft(x[d]! + x[c]!, 18)
}

const rotateLeft = (x: number, n: number) => (x << n) | (x >>> (32 - n))

function xorInto(target: Uint8Array, other: Uint8Array): void {
  for (const [i, byte] of other.entries()) target[i]! ^= byte
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
