// memory: [0,16) abort record | from 1024, placed by the compiler: the library's constants and the areas below

import { writeOutput } from '../../lib/host'
import { SHA256_CONTEXT, SHA256_DIGEST, sha256Begin, sha256Finish } from '../../lib/sha256'
import { sha256AbsorbInput } from '../../lib/sha256-input'

const CHUNK_BYTES: u32 = 4096

const CONTEXT = memory.data(SHA256_CONTEXT)
const DIGEST = memory.data(SHA256_DIGEST)
const CHUNK = memory.data(CHUNK_BYTES)

/** Output: the SHA-256 digest of the input. */
export function main(): void {
  sha256Begin(CONTEXT)
  sha256AbsorbInput(CONTEXT, CHUNK, CHUNK_BYTES)
  sha256Finish(CONTEXT, DIGEST)
  writeOutput(DIGEST, SHA256_DIGEST)
}
