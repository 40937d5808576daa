// memory: [0,16) abort record | from 1024, placed by the compiler: the library's constants and the areas below

import { inputSize, readInput, writeOutput } from '../../lib/host'
import {
  SHA256_BLOCK,
  SHA256_CONTEXT,
  SHA256_DIGEST,
  sha256Absorb,
  sha256Begin,
  sha256Copy,
  sha256Finish,
} from '../../lib/sha256'
import { sha256AbsorbInput } from '../../lib/sha256-input'
import { MIX_BLOCK, MIX_TABLE, mixRom } from './mix-rom'

const CHUNK_BYTES: u32 = 4096
const INNER_PAD: u64 = 0x3636363636363636
const OUTER_PAD: u64 = 0x5c5c5c5c5c5c5c5c

/** HMAC's key, padded with zeros to a block. */
const KEY = memory.data(SHA256_BLOCK)
/** Hash contexts: after the padded key, after key and salt, and the one in use. */
const INNER = memory.data(SHA256_CONTEXT)
const OUTER = memory.data(SHA256_CONTEXT)
const SALTED = memory.data(SHA256_CONTEXT)
const WORK = memory.data(SHA256_CONTEXT)
/** Big-endian u32. */
const BLOCK_NUMBER = memory.data(4)
const DIGEST = memory.data(SHA256_DIGEST)
const CHUNK = memory.data(CHUNK_BYTES)
/** The block that is mixed, and the table of its former values. */
const X = memory.data(MIX_BLOCK)
const V = memory.data(MIX_TABLE)

/** Output: 32 bytes of scrypt(password = input, salt = input, N = 1024, r = 1, p = 1), as RFC 7914 defines it. */
export function main(): void {
  readKey()
  beginHmac(INNER, INNER_PAD)
  beginHmac(OUTER, OUTER_PAD)

  sha256Copy(SALTED, INNER)
  sha256AbsorbInput(SALTED, CHUNK, CHUNK_BYTES)
  for (let at: u32 = 0, block: u32 = 1; at < MIX_BLOCK; at += SHA256_DIGEST) deriveBlock(block++, X + at)

  mixRom(X, V)

  sha256Copy(SALTED, INNER)
  sha256Absorb(SALTED, X, MIX_BLOCK)
  deriveBlock(1, DIGEST)
  writeOutput(DIGEST, SHA256_DIGEST)
}

/** HMAC (RFC 2104) takes a key longer than a block by its digest. */
function readKey(): void {
  if (inputSize() <= SHA256_BLOCK) {
    readInput(0, KEY, SHA256_BLOCK)
  } else {
    sha256Begin(WORK)
    sha256AbsorbInput(WORK, CHUNK, CHUNK_BYTES)
    sha256Finish(WORK, KEY)
  }
}

function beginHmac(context: usize, pad: u64): void {
  sha256Begin(context)
  xorKey(pad)
  sha256Absorb(context, KEY, SHA256_BLOCK)
  xorKey(pad)
}

function xorKey(pad: u64): void {
  for (let at = KEY; at < KEY + SHA256_BLOCK; at += 8) store<u64>(at, load<u64>(at) ^ pad)
}

/** PBKDF2 (RFC 8018) with one iteration: HMAC of the salt and the block's number. */
function deriveBlock(number: u32, result: usize): void {
  sha256Copy(WORK, SALTED)
  store<u32>(BLOCK_NUMBER, bswap(number))
  sha256Absorb(WORK, BLOCK_NUMBER, 4)
  sha256Finish(WORK, DIGEST)

  sha256Copy(WORK, OUTER)
  sha256Absorb(WORK, DIGEST, SHA256_DIGEST)
  sha256Finish(WORK, result)
}
