import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scryptProofOfWork, sha256 } from '../../wasm-tasks/index.ts'
import { readTask, runRaw } from '../helpers/raw-task.ts'

/** The first block of Litecoin, as block explorers show it: hashes big-endian. */
const GENESIS = {
  version: 1,
  previous: '00'.repeat(32),
  merkleRoot: '97ddfbbae6be97fd6cdf3e7ca13232a3afff2353e29badfab7f73011edd4ced9',
  time: 1_317_972_665,
  bits: 0x1e0ffff0,
  nonce: 2_084_524_493,
}
const BLOCK_HASH = '12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2'
const PROOF_OF_WORK_HASH = '0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00'

/** 80 bytes, every field little-endian. */
function serialize(header: typeof GENESIS): Uint8Array {
  const bytes = Buffer.alloc(80)
  bytes.writeUInt32LE(header.version, 0)
  Buffer.from(header.previous, 'hex').reverse().copy(bytes, 4)
  Buffer.from(header.merkleRoot, 'hex').reverse().copy(bytes, 36)
  bytes.writeUInt32LE(header.time, 68)
  bytes.writeUInt32LE(header.bits, 72)
  bytes.writeUInt32LE(header.nonce, 76)
  return new Uint8Array(bytes)
}

const bigEndian = (hash: Uint8Array) => Buffer.from(hash).reverse().toString('hex')

/** The number that a proof of work must not exceed, from its short form: exponent byte, three bytes of mantissa. */
const target = (bits: number) => BigInt(bits & 0xffffff) << BigInt(8 * ((bits >>> 24) - 3))

describe('examples/litecoin-genesis.bin', () => {
  const header = new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../examples/litecoin-genesis.bin')))

  it('is the header made of the published fields', () => {
    expect(header).toEqual(serialize(GENESIS))
  })

  it('has the published block hash, SHA-256 twice', () => {
    expect(bigEndian(sha256(sha256(header)))).toBe(BLOCK_HASH)
  })

  it('has the published proof-of-work hash, in the reference and in the task', () => {
    expect(bigEndian(scryptProofOfWork(header))).toBe(PROOF_OF_WORK_HASH)
    expect(bigEndian(runRaw(readTask('scrypt'), header).output)).toBe(PROOF_OF_WORK_HASH)
  })

  it('meets its own target', () => {
    expect(BigInt(`0x${PROOF_OF_WORK_HASH}`)).toBeLessThanOrEqual(target(GENESIS.bits))
  })
})
