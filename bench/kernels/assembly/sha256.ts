// One message of SIZE chunks of 64 KiB, all of them the same bytes, through the hash of the task library.

import { writeOutput } from '../../../wasm-tasks/lib/host'
import { SHA256_CONTEXT, SHA256_DIGEST, sha256Absorb, sha256Begin, sha256Finish } from '../../../wasm-tasks/lib/sha256'
import { reserve } from './memory'
import { SIZE } from './size'

const CHUNK_BYTES: u32 = 65536

const CONTEXT = memory.data(SHA256_CONTEXT)
const DIGEST = memory.data(SHA256_DIGEST)

export function main(): void {
  const chunk = reserve(CHUNK_BYTES)
  for (let i: u32 = 0; i < CHUNK_BYTES; i++) store<u8>(chunk + i, <u8>((i * 167) >> 3))
  sha256Begin(CONTEXT)
  for (let i: u32 = 0; i < SIZE; i++) sha256Absorb(CONTEXT, chunk, CHUNK_BYTES)
  sha256Finish(CONTEXT, DIGEST)
  writeOutput(DIGEST, SHA256_DIGEST)
}
