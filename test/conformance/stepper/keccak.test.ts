import { describe, expect, it } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { keccak256 } from '../../../interpreter/commit/hash.ts'
import { createRandom, TEST_SEED } from '../../helpers/random.ts'
import { Keccak } from './keccak.ts'

const DIGEST = 32

describe('Keccak', () => {
  it('hashes pairs and single blocks as the project does, after its memory has grown as well', () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    const keccak = new Keccak()
    const read = (at: number, length: number) => keccak.bytes.slice(at, at + length)
    for (let round = 0; round < 20; round++) {
      const [left, right, out] = [keccak.allocate(DIGEST), keccak.allocate(DIGEST), keccak.allocate(DIGEST)]
      keccak.bytes.set(random.bytes(DIGEST), left)
      keccak.bytes.set(random.bytes(DIGEST), right)
      keccak.pair(left, right, out)
      expect(toHex(read(out, DIGEST))).toBe(toHex(keccak256(read(left, 2 * DIGEST))))
      const length = random.below(135)
      const block = keccak.allocateBlock(length)
      keccak.bytes.set(random.bytes(length), block)
      keccak.block(block, out)
      expect(toHex(read(out, DIGEST))).toBe(toHex(keccak256(read(block, length))))
      keccak.allocate(20_000)
    }
  })

  it('writes bytes as digits', () => {
    const keccak = new Keccak()
    const [from, out] = [keccak.allocate(256), keccak.allocate(512)]
    for (let byte = 0; byte < 256; byte++) keccak.bytes[from + byte] = byte
    keccak.digits(from, from + 256, out)
    const digits = Buffer.from(keccak.bytes.subarray(out, out + 512)).toString('latin1')
    expect(`0x${digits}`).toBe(toHex(keccak.bytes.slice(from, from + 256)))
  })
})
